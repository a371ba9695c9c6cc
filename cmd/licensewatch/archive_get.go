package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/spf13/cobra"

	"licensewatch/internal/suggest"
)

// archiveGet is what the command line asks.
type archiveGet struct {
	place archivePlace
	to    string
}

func newArchiveGet(c console) *cobra.Command {
	g := &archiveGet{}
	command := &cobra.Command{
		Use:   "get RECORD [FILE]",
		Short: "Write a record's files to a directory",
		Long: `get writes the files of a record, or one of them, to a directory, compared with the
manifest on the way: what is not as it was sealed is not left there. Nothing that exists
is replaced, and nothing is written outside the directory.`,
		Example: `  licensewatch archive get 2026/11/28/010700Z-4f13b5 --to evidence
  licensewatch archive get 4f13b5 export/license-detail.xlsx`,
		Args: recordAndMore("get", 2),
		RunE: func(cmd *cobra.Command, args []string) error { return g.run(cmd.Context(), c, args) },
	}
	g.place.addTo(command)
	command.Flags().StringVar(&g.to, "to", ".", "the `DIRECTORY` to write to; made where there is none")
	_ = command.MarkFlagDirname("to") // fails only for a flag that is not there
	return command
}

// recordAndMore wants a record, and allows so many arguments in all.
func recordAndMore(name string, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return fmt.Errorf("which record? Write its name as list shows it, %s 2026/11/28/010700Z-4f13b5", name)
		case len(args) > most:
			return fmt.Errorf("leave %q out: %s takes no more than %s", args[most], name, countOf(most, "argument"))
		}
		return nil
	}
}

func (g *archiveGet) run(ctx context.Context, c console, args []string) error {
	opened, err := g.place.open(ctx, c)
	if err != nil {
		return err
	}
	record, err := g.place.findRecord(ctx, opened.store, args[0])
	if err != nil {
		return err
	}
	names := []string{manifestFile}
	for _, f := range record.manifest.Files {
		names = append(names, f.Name)
	}
	target := func(name string) string { return name }
	if len(args) > 1 {
		if !slices.Contains(names, args[1]) {
			return &exitError{text: fmt.Sprintf("%s has no file %q: it has %s", record.name, args[1],
				suggest.List(names, "and"))}
		}
		names, target = []string{args[1]}, path.Base
	}
	if err := os.MkdirAll(g.to, 0o750); err != nil {
		return &exitError{text: unreadableFile(g.to, err).Error()}
	}
	root, err := os.OpenRoot(g.to)
	if err != nil {
		return &exitError{text: unreadableFile(g.to, err).Error()}
	}
	defer func() { _ = root.Close() }() // what was written is closed already
	for _, name := range names {
		if err := record.writeFile(ctx, root, name, target(name)); err != nil {
			if err := interruptedError(ctx); err != nil {
				return err
			}
			return &exitError{text: err.Error()}
		}
		c.print("%s\n", path.Join(g.to, target(name)))
	}
	return nil
}

// manifestFile is the manifest's name in its record.
const manifestFile = "manifest.json"

// writeFile writes a file of the record to a new file below root. When that fails, none is left.
func (r *sealedRecord) writeFile(ctx context.Context, root *os.Root, name, target string) error {
	if folder := path.Dir(target); folder != "." {
		if err := root.Mkdir(folder, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
			return unwritableFile(root, target, err)
		}
	}
	file, err := root.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritableFile(root, target, err)
	}
	err = r.copyTo(ctx, name, file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		return nil
	}
	if gone := root.Remove(target); gone != nil {
		return fmt.Errorf("%s is not what was sealed, and cannot be removed: %w", target, gone)
	}
	return fmt.Errorf("%s of %s: %w", name, r.name, err)
}

// copyTo writes a file of the record, or its manifest.
func (r *sealedRecord) copyTo(ctx context.Context, name string, w io.Writer) error {
	if name != manifestFile {
		return r.manifest.CopyFile(ctx, r.store, name, w)
	}
	data, err := r.manifest.Encode() // the bytes that were read: another form is refused
	if err != nil {
		return err
	}
	_, err = io.Copy(w, bytes.NewReader(data))
	return err
}

// unwritableFile says why a file was not made below root.
func unwritableFile(root *os.Root, name string, err error) error {
	name = path.Join(root.Name(), name)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already, and is not replaced", name)
	}
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	return fmt.Errorf("%s cannot be written: %w", name, err)
}
