package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteWhole(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "a.bin"), filepath.Join(folder, "link.bin")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := writeWhole(link, []byte("after")); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	at, err := os.Lstat(link)
	if err != nil || string(got) != "after" || at.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%s is %q, the link is %v, %v", path, got, at, err)
	}
	if at, err := os.Stat(path); err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("its mode has become %v, %v", at.Mode(), err)
	}
	if err := writeWhole(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if at, err := os.Stat(os.DevNull); err != nil || at.Mode().IsRegular() {
		t.Fatalf("%s is a file now: %v, %v", os.DevNull, at, err)
	}
}

// What is wrong is said before anything is learnt, and what had the name stays.
func TestTrainRefusesEarly(t *testing.T) {
	folder := t.TempDir()
	texts, out := filepath.Join(folder, "a.tsv"), filepath.Join(folder, "out.bin")
	for path, text := range map[string]string{texts: "es\tneg\tun horror\tmine\nes\tpos\tuna delicia\tmine\n", out: "before"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ sources, out, want string }{
		{"mine,typo", out, `no row of source "typo"; there are mine`},
		{"mine", filepath.Join(folder, "absent", "out.bin"), "no such file or directory"},
		{"mine", folder, "is a directory"},
	} {
		c := begin(t, "train", "--data", texts, "--sources", tt.sources, "--out", tt.out)
		<-c.ended
		if c.err == nil || !strings.Contains(c.out.String(), tt.want) || strings.Contains(c.out.String(), "held out") {
			t.Errorf("%s to %s: %v, %s; want %s at once", tt.sources, tt.out, c.err, &c.out, tt.want)
		}
	}
	left, err := os.ReadDir(folder)
	if got, _ := os.ReadFile(out); string(got) != "before" || err != nil || len(left) != 2 {
		t.Errorf("left %v, %v; %s is %q", left, err, out, got)
	}
}
