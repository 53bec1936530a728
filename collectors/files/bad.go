package files

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// count adds the rows that could not be used to those before. Rows without text
// are usual, and not named.
func (e *entry) count(before entry, path string, r *archive.Report) {
	e.Bad, e.First = before.Bad-r.Dropped[collectors.NoText], before.First
	for _, n := range r.Dropped {
		e.Bad += n
	}
	bad := slices.IndexFunc(r.Bad, func(b archive.Bad) bool { return b.Reason != collectors.NoText })
	if e.First == "" && bad >= 0 {
		e.First = strings.TrimPrefix(r.Bad[bad].String(), path)
	}
}

// bad is what is told of a file with rows that could not be used, as long as it
// is in the folder.
func (w *watch) bad(e entry) collectors.Trouble {
	return collectors.Trouble{
		Cause: collectors.CauseRows,
		Why:   fmt.Sprintf("files: %s%s (rows passed over: %d)", filepath.Join(w.c.c.Folder, e.Name), e.First, e.Bad),
	}
}
