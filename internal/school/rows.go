// Package school teaches a scorer from labelled texts and examines scorers on
// others.
//
// It keeps the two apart: a text that is nearly the same as one that was
// learnt from is not asked in the exam. The texts are read where they lie and
// stored nowhere.
package school

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Row is one labelled text.
type Row struct {
	Language string // two-letter code; "" when nobody said
	Label    int    // 0 negative, 1 neutral, 2 positive
	Text     string
	Source   string // the collection it is from
	Split    string // the part of the collection; may be ""
}

// labels are how files call the classes, in order, and the same in full.
var labels = [...]string{"neg", "neu", "pos", "negative", "neutral", "positive"}

// label is the class that a file's word stands for.
func label(word string) (class int, err error) {
	at := slices.Index(labels[:], word)
	if at < 0 {
		return 0, fmt.Errorf("label %q; there are neg, neu, pos", word)
	}
	return at % 3, nil
}

// code is a language as files write it (en, EN, en-GB) by its first two
// letters.
func code(language string) string {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	language, _, _ = strings.Cut(language, "_")
	return language
}

// longest is how long a line may be, in bytes.
const longest = 1 << 20

// Read reads rows from TSV without a header: language, label (neg, neu or
// pos), text, source and, perhaps, split. Empty lines are passed over. file
// names it in errors.
func Read(r io.Reader, file string) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longest)
	n := 1
	for ; lines.Scan(); n++ {
		if lines.Text() == "" {
			continue
		}
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 4 && len(cells) != 5 {
			return nil, fmt.Errorf("%s:%d: %d columns; want language, label, text, source and perhaps split", file, n, len(cells))
		}
		class, err := label(cells[1])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		row := Row{Language: code(cells[0]), Label: class, Text: cells[2], Source: cells[3]}
		if len(cells) == 5 {
			row.Split = cells[4]
		}
		rows = append(rows, row)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: longer than %d bytes", file, n, longest)
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", file, n, err)
	}
	return rows, nil
}

// ReadAll reads a file, or all .tsv files of a folder in the order of their
// names; "-" is standard input. A file is TSV as for [Read], or CSV as for
// [ReadCSV] where its name says so, and may be packed by gzip.
func ReadAll(path string) ([]Row, error) {
	if path == "-" {
		return unpack(os.Stdin, "standard input")
	}
	files := []string{path}
	if at, err := os.Stat(path); err != nil {
		return nil, err
	} else if at.IsDir() {
		if files, err = filepath.Glob(filepath.Join(path, "*.tsv")); err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: no .tsv file", path)
		}
	}
	var all []Row
	for _, file := range files {
		rows, err := readFile(file)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func readFile(file string) ([]Row, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return unpack(f, file)
}

// unpack reads what may be packed by gzip, and passes over a byte order mark.
func unpack(r io.Reader, file string) ([]Row, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" {
		packed, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		in = bufio.NewReader(packed)
	}
	if head, _ := in.Peek(3); string(head) == "\xef\xbb\xbf" {
		in.Discard(len(head))
	}
	if strings.HasSuffix(strings.TrimSuffix(file, ".gz"), ".csv") {
		return ReadCSV(in, file)
	}
	return Read(in, file)
}
