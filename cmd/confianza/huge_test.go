package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const hugeRows = 1000 // at the beginning, in the middle and at the end each

// huge makes a file of so many bytes that takes next to none of the disk: rows
// at its beginning, a little behind its middle and at its end, and nothing
// between, which reads as zeros.
func huge(t *testing.T, path string, size int64) (middle int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := func(first int) string {
		var b strings.Builder
		for n := range hugeRows {
			forms["rows.csv"](&b, first+n)
		}
		return b.String()
	}
	last := "\n" + rows(2*hugeRows)
	middle = size * 11 / 20
	for _, part := range []struct {
		at   int64
		text string
	}{{0, "id,author,text,created_at,lang\n" + rows(0)}, {middle, "\n" + rows(hugeRows)}, {size - int64(len(last)), last}} {
		if _, err := f.WriteAt([]byte(part.text), part.at); err != nil {
			t.Fatal(err)
		}
	}
	info, err := f.Stat()
	if err != nil || info.Size() != size {
		t.Fatalf("made %d bytes, want %d; error %v", info.Size(), size, err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Blocks*512 > 64<<20 {
		t.Skip("this disk keeps no holes in files")
	}
	return middle
}

// hugeSize is 3 GB unless GB says otherwise: the kernel takes a second for
// each, and make import-large has time for ten.
func hugeSize(t *testing.T) int64 {
	t.Helper()
	gb := int64(3)
	if v := os.Getenv("GB"); v != "" {
		var err error
		if gb, err = strconv.ParseInt(v, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	if testing.Short() {
		t.Skip("reads gigabytes")
	}
	return gb * 1e9
}

// A file of many gigabytes is read as fast as its disk gives it, in little memory. What
// is no row is passed over as one, however long; an import that is killed
// behind the middle goes on there.
func TestImportOfAHugeFile(t *testing.T) {
	size := hugeSize(t)
	path, data := filepath.Join(t.TempDir(), "huge.csv"), filepath.Join(t.TempDir(), "data")
	middle := huge(t, path, size)
	args := []string{"import", "--brand", "Zafiro", "--data", data, path}
	began := time.Now()
	first := begin(t, args...)
	first.until(func() bool { return stored(t, data) == 2*hugeRows })
	spent := time.Since(began)
	first.kill()
	again := begin(t, args...)
	report := again.wait()
	t.Logf("%.1f GB to its middle in %s; peak %d MiB; the second read %.1f GB", float64(middle)/1e9, spent.Round(time.Millisecond),
		max(first.peak, again.peak)>>20, float64(again.readFrom)/1e9)
	first.light()
	again.light()
	want := fmt.Sprintf(`%s: %d rows, %d posts, 1 too large
  %s:%d: longer than 1 MiB
%d new mentions, 0 known already`, path, hugeRows+1, hugeRows, path, 2*hugeRows+3, hugeRows) // after the header, and the hole before the middle
	if !strings.Contains(report, want) {
		t.Errorf("it says\n%swant\n%s", report, want)
	}
	if n := counted(t, data); n != 3*hugeRows {
		t.Errorf("%d mentions are counted, want %d", n, 3*hugeRows)
	}
	if again.readFrom > size-middle+100<<20 {
		t.Errorf("what goes on behind %d bytes read %d of %d again", middle, again.readFrom, size)
	}
}

// The same file in a watched folder.
func TestWatchingAHugeFile(t *testing.T) {
	size := hugeSize(t)
	folder, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	huge(t, filepath.Join(folder, "huge.csv"), size)
	listed := begin(t, "sources").wait()
	config := fmt.Sprintf("brands: [{name: Zafiro}]\nsources:\n  files: {folder: %q, every: 1s, settle: 1s}\n", folder)
	for line := range strings.Lines(listed) {
		if cells := strings.Fields(line); len(cells) > 1 && cells[1] == "on" && cells[0] != "files" {
			config += fmt.Sprintf("  %s: {enabled: false}\n", cells[0])
		}
	}
	file := filepath.Join(t.TempDir(), "confianza.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c := begin(t, "run", "--config", file, "--data", data, "--listen", "127.0.0.1:0")
	c.until(func() bool { return stored(t, data) == 3*hugeRows })
	c.cmd.Process.Signal(os.Interrupt)
	said := c.wait()
	c.light()
	t.Logf("peak %d MiB, %.1f GB read", c.peak>>20, float64(c.readFrom)/1e9)
	if n := stored(t, data); n != 3*hugeRows {
		t.Errorf("%d posts are stored, want %d:\n%s", n, 3*hugeRows, said)
	}
}

// A Ctrl-C within a record that is as long as the disk is not waited for.
func TestHugeRecordIsInterrupted(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells how far it has come")
	}
	path, data := filepath.Join(t.TempDir(), "hole.csv"), filepath.Join(t.TempDir(), "data")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.WriteString(f, "id,text,created_at\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(1 << 40); err != nil { // minutes of zeros
		t.Skipf("this disk has no files of a terabyte: %v", err)
	}
	c := begin(t, "import", "--brand", "Zafiro", "--data", data, path)
	c.until(func() bool { return c.readFrom > 100<<20 })
	c.cmd.Process.Signal(os.Interrupt)
	<-c.ended
	if code := c.cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("ended with %d, want 130:\n%s", code, &c.out)
	}
}
