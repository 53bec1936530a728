package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"time"
)

// asset is one embedded file, known to browsers by the hash of its bytes. A
// browser may keep it, but asks each time whether it is still the same: a new
// version of the page must not meet an old script.
type asset struct {
	name, tag string
	bytes     []byte
}

// newAssets finds the assets by the path each is served at. Nothing else
// below /assets/ is there, the folder itself included.
func newAssets(from fs.FS) (map[string]asset, error) {
	names, err := fs.Glob(from, "assets/*")
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		hash := sha256.Sum256(b)
		all["/"+name] = asset{path.Base(name), `"` + hex.EncodeToString(hash[:8]) + `"`, b}
	}
	return all, nil
}

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", a.tag)
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.bytes))
}
