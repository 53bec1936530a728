package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func write(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tarred(t *testing.T, members ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	w.WriteHeader(&tar.Header{Name: "folder/", Typeflag: tar.TypeDir, Mode: 0o700})
	for n, b := range members {
		w.WriteHeader(&tar.Header{Name: string('a' + rune(n)), Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(b))})
		w.Write(b)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// all reads every line of every text.
func all(t *testing.T, path string) (lines []string, packed bool) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		text, err := f.Next()
		if err == io.EOF {
			return lines, f.Packed()
		}
		if err != nil {
			t.Fatal(err)
		}
		for {
			line, _, err := text.Line()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
	}
}

func TestEveryPackingHoldsTheSame(t *testing.T) {
	// printf 'uno\ndos\n' | bzip2
	bzip, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWb114SUAAAPBgAAQBAGKACAAIhhoMAlYBcLuSKcKEheuvCSg")
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte("uno\ndos\n")
	for name, b := range map[string][]byte{
		"plain": plain, "gzip": zipped(t, plain), "bzip2": bzip, "tar": tarred(t, []byte("uno\n"), []byte("dos")),
		"tar of gzip": tarred(t, zipped(t, []byte("uno\n")), []byte("dos")), "gzip of tar": zipped(t, tarred(t, plain)),
		"two gzips in a row": append(zipped(t, []byte("uno\n")), zipped(t, []byte("dos\n"))...),
	} {
		got, packed := all(t, write(t, "a", b))
		if !slices.Equal(got, []string{"uno", "dos"}) || packed == (name == "plain") {
			t.Errorf("%s: got %q, packed %v", name, got, packed)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]string{
		write(t, "a.xlsx", []byte("PK\x03\x04abc")):      "a zip or a workbook: unpack it, or export it as CSV",
		write(t, "a.zst", []byte("\x28\xb5\x2f\xfdabc")): "in a compression other than gzip and bzip2",
		pipe:                               "not a regular file",
		filepath.Join(t.TempDir(), "none"): "no such file or directory",
		write(t, "half.gz", zipped(t, []byte("some text"))[:5]): "unexpected EOF",
	} {
		if _, err := Open(path); err == nil || !strings.HasSuffix(err.Error(), ": "+want) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestLines(t *testing.T) {
	long, fits := strings.Repeat("x", MaxRecord+1), strings.Repeat("y", MaxRecord)
	text := NewText("a", strings.NewReader("uno\n"+long+"\n"+fits+"\n\ntres"))
	steps := []struct {
		line  string
		whole bool
		err   error
		mark  Mark
	}{
		{"uno", true, nil, Mark{4, 1}},
		{"", true, ErrTooLong, Mark{4 + MaxRecord + 2, 2}},
		{fits, true, nil, Mark{4 + 2*MaxRecord + 3, 3}},
		{"", true, nil, Mark{4 + 2*MaxRecord + 4, 4}},
		{"tres", false, nil, Mark{4 + 2*MaxRecord + 8, 5}},
		{"", false, io.EOF, Mark{4 + 2*MaxRecord + 8, 5}},
	}
	for n, s := range steps {
		line, whole, err := text.Line()
		if string(line) != s.line || whole != s.whole || err != s.err || text.Mark() != s.mark {
			t.Errorf("line %d: got %.20q, %v, %v at %v; want %.20q, %v, %v at %v", n, line, whole, err, text.Mark(), s.line, s.whole, s.err, s.mark)
		}
	}
}

// Skipping leads to the same line, whether the file can be sought in or not.
func TestSkip(t *testing.T) {
	plain := []byte("uno\ndós\ntres\n")
	utf16 := []byte{0xff, 0xfe}
	for _, r := range string(plain) {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, b := range map[string][]byte{
		"plain": plain, "with a mark": append([]byte("\xef\xbb\xbf"), plain...), "gzip": zipped(t, plain), "UTF-16": utf16,
	} {
		f, err := Open(write(t, "a", b))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		text, err := f.Next()
		if err != nil {
			t.Fatal(err)
		}
		text.Line()
		if err := text.Skip(Mark{9, 2}); err != nil { // ó takes two bytes
			t.Fatal(err)
		}
		if line, _, err := text.Line(); string(line) != "tres" || err != nil || text.Mark() != (Mark{14, 3}) {
			t.Errorf("%s: got %q, %v at %v", name, line, err, text.Mark())
		}
		if err := text.Skip(Mark{1000, 70}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := text.Line(); err != io.EOF {
			t.Errorf("%s: beyond the end: %v", name, err)
		}
	}
}

func TestObjectsOfAnArray(t *testing.T) {
	const text = "[ {\"a\":\"} ]\\\"\"},\n{\"b\":{\"c\":[1,{}]}} , 7, {\"d\":\n1}\n"
	for _, growing := range []bool{true, false} {
		o := NewObjects(NewText("a", strings.NewReader(text+`{"cut`)), growing)
		var got []string
		var last error
		for {
			b, _, err := o.Next()
			if err == ErrMalformed {
				got = append(got, "malformed")
				continue
			}
			if err != nil {
				last = err
				break
			}
			got = append(got, string(b))
		}
		want := []string{`{"a":"} ]\""}`, `{"b":{"c":[1,{}]}}`, "malformed", "{\"d\":\n1}"}
		if !slices.Equal(got, want) || growing != (last == io.EOF) {
			t.Errorf("growing %v: got %q and %v", growing, got, last)
		}
		if at, want := o.t.Mark(), (Mark{int64(len(text)) - 1, 2}); growing && at != want {
			t.Errorf("left off at %v, want %v", at, want)
		}
	}
}

func TestHeadTellsGrowthFromReplacement(t *testing.T) {
	path := write(t, "a", []byte("uno\n"))
	h, err := HeadOf(path)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"uno\n": true, "uno\ndos\n": true, "dos\nuno\n": false, "un": false} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := h.Begins(path); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// Opening a pipe would wait for its writer, and no Ctrl-C would end that.
func TestPipesAreNotOpened(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	ended := make(chan error, 2)
	go func() {
		_, err := head(pipe, 10)
		ended <- err
		_, err = Open(pipe)
		ended <- err
	}()
	for range 2 {
		select {
		case err := <-ended:
			if err == nil || !strings.Contains(err.Error(), "not a regular file") {
				t.Errorf("got %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("waits for a writer")
		}
	}
}
