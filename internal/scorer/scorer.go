// Package scorer makes the scorer that a configuration or a command names,
// with weights from a file where it says so.
//
// It exists because [sentiment] opens no files.
package scorer

import (
	"errors"
	"fmt"
	"io"
	"os"

	"confianza/analysis/sentiment"
)

// largest is more than any weights take, in bytes: a device or a log named by
// mistake is not read to its end.
const largest = 64 << 20

// Open makes a scorer by name, "" meaning [sentiment.Default]. weights is the
// path of a file that the train command wrote, "" for those in the binary; its
// errors name the file. The file is read once: one that changes later changes
// nothing until it is opened again.
func Open(name, weights string) (sentiment.Scorer, error) {
	if name == "" {
		name = sentiment.Default
	}
	if weights == "" {
		return sentiment.New(name)
	}
	if name != sentiment.Default {
		return nil, fmt.Errorf("only the scorer %s has weights, %s has none", sentiment.Default, name)
	}
	file, err := read(weights)
	if err != nil {
		return nil, err
	}
	own, err := sentiment.NewOwn(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", weights, err)
	}
	return own, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch at, err := f.Stat(); {
	case err != nil:
		return nil, err
	case !at.Mode().IsRegular():
		return nil, fmt.Errorf("%s: is no file", path)
	case at.Size() > largest:
		return nil, fmt.Errorf("%s: %w", path, errTooLarge)
	}
	file, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(file) > largest {
		err = errTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

var errTooLarge = errors.New("larger than any weights are")
