package school

import (
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// columns are what a header may call what is read from CSV, as exports do in
// both languages; the first that is there counts.
var columns = map[string][]string{
	"text":     {"text", "texto"},
	"label":    {"label", "etiqueta", "sentiment", "airline_sentiment"},
	"language": {"language", "lang", "idioma"},
	"source":   {"source", "fuente"},
	"split":    {"split"},
}

// ReadCSV reads rows from CSV with a header that names a text and a label.
// Without a language nobody said it; without a source the file is the source.
// file names it in errors.
func ReadCSV(r io.Reader, file string) ([]Row, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	header, err := in.Read()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	at := map[string]int{}
	for what, names := range columns {
		at[what] = -1
		for _, name := range names {
			if i := slices.Index(header, name); i >= 0 && at[what] < 0 {
				at[what] = i
			}
		}
	}
	if at["text"] < 0 || at["label"] < 0 {
		return nil, fmt.Errorf("%s: its first line names no %s and %s", file, strings.Join(columns["text"], ", "), strings.Join(columns["label"], ", "))
	}
	var rows []Row
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, _ := in.FieldPos(0)
		cell := func(what string) string {
			if i := at[what]; i >= 0 && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		class, err := label(cell("label"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, line, err)
		}
		row := Row{Language: code(cell("language")), Label: class, Text: cell("text"), Source: cell("source"), Split: cell("split")}
		if at["source"] < 0 {
			row.Source = strings.TrimSuffix(filepath.Base(file), ".csv")
		}
		rows = append(rows, row)
	}
}
