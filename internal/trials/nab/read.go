package nab

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Read reads the series of some categories, all that are there when none is
// named, in order of name. dir holds labels/combined_windows.json, and the
// categories as folders, there or under data.
func Read(dir string, categories ...string) ([]Series, error) {
	path := filepath.Join(dir, "labels", "combined_windows.json")
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("nab: %w", err)
	}
	var labels map[string][][2]string
	if err := json.Unmarshal(b, &labels); err != nil {
		return nil, fmt.Errorf("nab: %s: %w", path, err)
	}
	var all []Series
	for name, windows := range labels {
		if category, _, _ := strings.Cut(name, "/"); len(categories) > 0 && !slices.Contains(categories, category) {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(file); err != nil {
			file = filepath.Join(dir, "data", filepath.FromSlash(name))
		}
		if _, err := os.Stat(file); err != nil {
			continue // the labels name all of the benchmark; a folder may hold a part
		}
		s, err := readSeries(file, name, windows)
		if err != nil {
			return nil, fmt.Errorf("nab: %w", err)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("nab: %s: none of the series that %s names", dir, path)
	}
	slices.SortFunc(all, func(a, b Series) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func readSeries(file, name string, windows [][2]string) (Series, error) {
	f, err := os.Open(file)
	if err != nil {
		return Series{}, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return Series{}, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 || len(rows[0]) < 2 || rows[0][0] != "timestamp" || rows[0][1] != "value" {
		return Series{}, fmt.Errorf("%s: does not begin with a row of timestamp,value", file)
	}
	s := Series{Name: name}
	for i, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return Series{}, fmt.Errorf("%s:%d: %w", file, i+2, err)
		}
		s.Times, s.Values = append(s.Times, row[0]), append(s.Values, v)
	}
	for _, w := range windows {
		window := Window{s.row(w[0]), s.row(w[1])}
		if window.First < 0 || window.Last < window.First {
			return Series{}, fmt.Errorf("%s: has no rows from %s to %s, as its label says", file, w[0], w[1])
		}
		s.Windows = append(s.Windows, window)
	}
	slices.SortFunc(s.Windows, func(a, b Window) int { return a.First - b.First })
	return s, nil
}

// row is the row of a time as labels write it, with a fraction; -1 for none.
func (s Series) row(label string) int {
	whole, _, _ := strings.Cut(label, ".")
	return slices.IndexFunc(s.Times, func(at string) bool { return strings.HasPrefix(at, whole) })
}
