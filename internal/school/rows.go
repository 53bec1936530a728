// Package school teaches a scorer from labelled texts and examines scorers on
// others.
//
// It keeps the two apart: a text that is nearly the same as one that was
// learnt from is not asked in the exam. The texts are read where they lie and
// stored nowhere.
package school

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Row is one labelled text.
type Row struct {
	Language string // two-letter code
	Label    int    // 0 negative, 1 neutral, 2 positive
	Text     string
	Source   string // the collection it is from
	Split    string // the part of the collection; may be ""
}

// labels are how files call the classes, in order.
var labels = [...]string{"neg", "neu", "pos"}

// longest is how long a line may be, in bytes.
const longest = 1 << 20

// Read reads rows from TSV without a header: language, label (neg, neu or
// pos), text, source and, perhaps, split. file names it in errors.
func Read(r io.Reader, file string) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longest)
	n := 1
	for ; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 4 && len(cells) != 5 {
			return nil, fmt.Errorf("%s:%d: %d columns; want language, label, text, source and perhaps split", file, n, len(cells))
		}
		label := slices.Index(labels[:], cells[1])
		if label < 0 {
			return nil, fmt.Errorf("%s:%d: label %q; there are neg, neu, pos", file, n, cells[1])
		}
		row := Row{Language: cells[0], Label: label, Text: cells[2], Source: cells[3]}
		if len(cells) == 5 {
			row.Split = cells[4]
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, n, err)
	}
	return rows, nil
}

// ReadAll reads a TSV file, or all of a folder in the order of their names.
func ReadAll(path string) ([]Row, error) {
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
	return Read(f, file)
}
