package files

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// maxFiles is how many files of a folder are watched, the newest: each has its
// place in the cursor.
const maxFiles = 2000

// found is a file in the folder.
type found struct {
	name       string
	size, time int64
}

// list gives the files to watch, oldest first.
func (w *watch) list() ([]found, error) {
	all, err := os.ReadDir(w.c.c.Folder)
	if err != nil {
		return nil, err
	}
	w.passed = w.passed[:0]
	var files []found
	for _, d := range all {
		name := d.Name()
		at, err := os.Stat(filepath.Join(w.c.c.Folder, name)) // follows a link, which d does not
		if err != nil || !at.Mode().IsRegular() || unfinished(name) {
			continue
		}
		if !readable(name) || !utf8.ValidString(name) {
			w.pass("%s: passed over: neither CSV, TSV nor JSON Lines by its name", strings.ToValidUTF8(name, "\uFFFD"))
			continue
		}
		files = append(files, found{name, at.Size(), at.ModTime().UnixMilli()})
	}
	slices.SortFunc(files, func(a, b found) int { return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.name, b.name)) })
	if more := len(files) - maxFiles; more > 0 {
		w.pass("%s holds %d files: the oldest %d are passed over", w.c.c.Folder, len(files), more)
		files = files[more:]
	}
	return files, nil
}

// unfinished tells names that programs give to what they still write, and
// hidden ones.
func unfinished(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".partial", ".crdownload", ".download", ".swp":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~")
}

func readable(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".bz2")
	switch filepath.Ext(name) {
	case ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".tar", ".tgz":
		return true
	}
	return false
}

// forget lets go of files that are no longer there.
func (w *watch) forget(files []found) {
	there := map[string]bool{}
	for _, f := range files {
		there[f.name] = true
	}
	for name := range w.known {
		if !there[name] {
			delete(w.known, name)
			w.modified = true
		}
	}
	for name := range w.looks {
		if !there[name] {
			delete(w.looks, name)
		}
	}
	for name := range w.failed {
		if !there[name] {
			delete(w.failed, name)
		}
	}
}

// maxTroubles bounds what is said of a folder at once.
const maxTroubles = 20

// pass notes what is not looked into.
func (w *watch) pass(format string, args ...any) {
	w.passed = append(w.passed, archive.Unread(fmt.Errorf("files: "+format, args...)))
}

func (w *watch) troubles() []collectors.Trouble {
	troubles := slices.Clone(w.passed)
	for _, e := range w.known {
		if e.Bad > 0 {
			troubles = append(troubles, w.bad(e))
		}
	}
	for _, f := range w.failed {
		troubles = append(troubles, f.trouble)
	}
	slices.SortFunc(troubles, func(a, b collectors.Trouble) int { return cmp.Compare(a.Why, b.Why) })
	if more := len(troubles) - maxTroubles; more > 0 {
		troubles = append(troubles[:maxTroubles], collectors.Trouble{Cause: collectors.CauseFile, Why: fmt.Sprintf("files: and %d more", more)})
	}
	return troubles
}
