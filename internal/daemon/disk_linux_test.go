package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"confianza/internal/config"
)

// A disk that fills under the daemon is seen on the page and in the metrics,
// and once there is room all that was said meanwhile is there, once.
func TestFullDiskIsShownAndWaitedOut(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "confianza.yml")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	j, address := newJetstream(t)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  bluesky: {urls: ['%s']}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n",
		filepath.Join(dir, "data"), address)
	const ingested, blocked = "confianza_ingested_mentions_total{", `confianza_store_blocked{reason="full"}`
	r := start(t, file)
	j.say(0, "Delta lost my data, terrible")
	r.eventually("the first mention", func() bool { return r.metric(ingested) == 1 })
	if r.metric("confianza_store_blocked{") != 0 {
		t.Error("something is blocked while all is well")
	}
	filler := fillDisk(t, dir)
	said := 1
	r.eventually("the word of the full disk", func() bool {
		for range 20 {
			j.say(said, fmt.Sprintf("Delta again, number %d: %s", said, strings.Repeat("so long a story ", 50)))
			said++
		}
		return r.metric(blocked) == 1
	})
	before := r.metric(ingested)
	for address, want := range map[string]string{"?lang=en": "Disk full.", "?lang=es": "Disco lleno."} {
		if page := r.get(address); !strings.Contains(page, want) || !strings.Contains(page, filepath.Join(dir, "data", "confianza.db")) {
			t.Errorf("%s does not say %q with the file's name", address, want)
		}
	}
	if got := r.metric(ingested); got != before {
		t.Errorf("%v counted, then %v, with nothing stored", before, got)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	r.eventually("all of them", func() bool { return r.metric(ingested) == float64(said) })
	r.eventually("the word that it goes on", func() bool { return r.metric("confianza_store_blocked{") == 0 })
	if strings.Contains(r.get("?lang=en"), "Disk full.") {
		t.Error("the page still says that the disk is full")
	}
	r.end()
}

// fillDisk takes all the room there is.
func fillDisk(t *testing.T, dir string) (filler string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; { // what is left in ever smaller pieces
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return f.Name()
}

// What cannot be written at start is named.
func TestReadOnlyFolderAtStart(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "confianza.yml")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_RDONLY, "size=1m"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources: {feeds: {enabled: false}, bluesky: {enabled: false}, hackernews: {enabled: false}}\n", filepath.Join(dir, "data"))
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	err = Run(t.Context(), Options{Config: c})
	if want := filepath.Join(dir, "data") + " may not be written, make its folder and disk writable for this user"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
