package main

import (
	"io"

	"licensewatch/internal/smallfile"
)

// resultWriter is standard output. It keeps the first error of writing: a command
// whose answer is lost on a full disk has not worked.
type resultWriter struct {
	io.Writer
	failure error
}

func (r *resultWriter) Write(data []byte) (int, error) {
	n, err := r.Writer.Write(data)
	if err != nil && r.failure == nil {
		r.failure = err
	}
	return n, err
}

// describeFailure says in one line that the answer could not be written; empty when it was.
func (r *resultWriter) describeFailure() string {
	if r.failure == nil {
		return ""
	}
	return "standard output cannot be written: " + smallfile.Reason(r.failure).Error()
}
