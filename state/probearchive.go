package state

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// ArchiveProbe is the object by which ProbeArchive tries an archive. It stays there, since
// nothing in an archive may be removed.
const ArchiveProbe = "probe"

// ProbeArchive tries an archive out with one small object, the same each time. The error is
// that of the call that failed; a second object of the same name that is taken is no error,
// see ProbeResult.
func ProbeArchive(ctx context.Context, a Archive) (result ProbeResult, err error) {
	const first, second = "licensewatch tries its archive\n", "licensewatch tries to write over it\n"
	write := func(content string) error {
		return a.CreateFrom(ctx, ArchiveProbe, strings.NewReader(content), int64(len(content)))
	}
	if err := write(first); err != nil && !errors.Is(err, ErrExists) {
		return result, err
	}
	result.Writable = true
	var there bytes.Buffer
	if err := a.CopyTo(ctx, ArchiveProbe, io.Writer(&there)); err != nil {
		return result, err
	}
	if there.String() != first && there.String() != second {
		return result, errProbe
	}
	result.Readable = true
	err = write(second)
	if errors.Is(err, ErrExists) {
		result.CreateOnly, err = true, nil
	}
	return result, err
}
