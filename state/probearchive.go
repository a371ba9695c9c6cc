package state

import (
	"bytes"
	"context"
	"errors"
	"strings"
)

// ArchiveProbe is the object by which ProbeArchive tries an archive. It stays there, since
// nothing in an archive may be removed.
const ArchiveProbe = "probe"

// ProbeArchive tries an archive out with one small object, the same each time. The error is
// that of the call that failed; a second object of the same name that is taken is no error,
// see ProbeResult. Such an archive is asked once: what it takes stays there, as a version each.
func ProbeArchive(ctx context.Context, a Archive) (result ProbeResult, err error) {
	const first, second = "licensewatch tries its archive\n", "licensewatch tries to write over it\n"
	write := func(content string) error {
		return a.CreateFrom(ctx, ArchiveProbe, strings.NewReader(content), int64(len(content)))
	}
	there, err := readProbe(ctx, a)
	if errors.Is(err, ErrNotFound) {
		if err := write(first); err != nil && !errors.Is(err, ErrExists) { // there is another's by now
			return result, err
		}
		result.Writable = true
		there, err = readProbe(ctx, a)
	}
	switch {
	case err != nil:
		return result, err
	case there != first && there != second:
		return result, errProbe
	}
	result.Readable = true
	if there == second { // it was written over in an earlier try
		return result, nil
	}
	err = write(second)
	if errors.Is(err, ErrExists) {
		result.CreateOnly, err = true, nil
	}
	result.Writable = err == nil
	return result, err
}

func readProbe(ctx context.Context, a Archive) (string, error) {
	var content bytes.Buffer
	err := a.CopyTo(ctx, ArchiveProbe, &content)
	return content.String(), err
}
