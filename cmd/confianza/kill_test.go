package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/store"
)

// killed is how often each command is killed.
func killed() int {
	if testing.Short() {
		return 2
	}
	return 12
}

// moments gives random ones within a while, from a seed that is told.
func moments(t *testing.T) func(within time.Duration) time.Duration {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	return func(within time.Duration) time.Duration { return time.Duration(r.Int64N(int64(within))) }
}

// Killed at any moment, the commands leave what a person can go on with: an
// import goes on, a backup is there whole or not at all, and a restore that did
// not finish says so.
func TestKilledCommands(t *testing.T) {
	const rows = 3000
	moment := moments(t)
	path, data := filepath.Join(t.TempDir(), "rows.csv"), filepath.Join(t.TempDir(), "data")
	rowsFile(t, path, "rows.csv", rows)
	args := []string{"import", "--brand", "Zafiro", "--data", data, path}
	done := 0
	for range killed() {
		had := stored(t, data)
		if begin(t, args...).killAfter(moment(500 * time.Millisecond)) {
			done++
		}
		if n := stored(t, data); n < had {
			t.Fatalf("%d posts are stored, there were %d", n, had)
		}
	}
	report := begin(t, args...).wait()
	if n := counted(t, data); n != rows || stored(t, data) != rows {
		t.Errorf("%d posts stored and %d mentions counted, want %d:\n%s", stored(t, data), n, rows, report)
	}
	t.Logf("import: %d of %d ended before they were killed", done, killed())
	t.Run("backup", func(t *testing.T) { killedBackups(t, data, rows, moment) })
	t.Run("restore", func(t *testing.T) { killedRestores(t, data, rows, moment) })
	t.Run("rescore", func(t *testing.T) { killedRescores(t, data, rows, moment) })
}

// A rescore that is killed goes on where it was, and what the scorer before gave
// is shown until it is through.
func killedRescores(t *testing.T, data string, rows int64, moment func(time.Duration) time.Duration) {
	config := filepath.Join(t.TempDir(), "confianza.yml")
	if err := os.WriteFile(config, []byte("scorer: vader\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bookmark := func() store.Bookmark {
		r, err := store.OpenReader(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		b, err := r.Bookmark(t.Context(), "score")
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := bookmark()
	args := []string{"rescore", "--config", config, "--data", data}
	had, saw := int64(0), map[string]int{}
	for range killed() {
		begin(t, args...).killAfter(moment(400 * time.Millisecond))
		switch b := bookmark(); {
		case b == first:
			saw["not begun"]++
		case !strings.HasPrefix(b.Version, "vader@1+") || b.Through < had || b.Again() && b.Shown != first.Version:
			t.Errorf("after %d it is at %+v, the first was %+v", had, b, first)
		default:
			had = b.Through
			saw["begun"]++
		}
	}
	t.Log(saw)
	report := begin(t, args...).wait()
	if b := bookmark(); b.Again() || !strings.HasPrefix(b.Shown, "vader@1+") || counted(t, data) != rows {
		t.Errorf("it ended at %+v with %d mentions counted, want vader@1 shown and %d:\n%s", b, counted(t, data), rows, report)
	}
	if report := begin(t, args...).wait(); !strings.Contains(report, "Everything is scored with vader@1+") {
		t.Errorf("asked once more, it says %s", report)
	}
}

func killedBackups(t *testing.T, data string, rows int64, moment func(time.Duration) time.Duration) {
	folder := t.TempDir()
	to := filepath.Join(folder, "backup")
	whole := timed(func() { begin(t, "backup", "--data", data, filepath.Join(folder, "first")).wait() })
	done := 0
	for range killed() {
		if begin(t, "backup", "--data", data, to).killAfter(moment(whole)) {
			done++
		}
		for _, name := range names(t, folder) {
			if name != "first" && name != "backup" && name != "backup.part" {
				t.Errorf("%s was left", name)
			}
		}
		if _, err := os.Stat(to); err == nil { // it has its name only when it is whole
			if n := counted(t, to); n != rows {
				t.Errorf("a backup holds %d mentions, want %d", n, rows)
			}
			if err := os.RemoveAll(to); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d of %d ended before they were killed", done, killed())
	begin(t, "backup", "--data", data, to).wait()
	if got := fmt.Sprint(names(t, folder)); got != "[backup first]" {
		t.Errorf("after one that ended there are %s", got)
	}
	if n := counted(t, to); n != rows {
		t.Errorf("the backup holds %d mentions, want %d", n, rows)
	}
}

func killedRestores(t *testing.T, data string, rows int64, moment func(time.Duration) time.Duration) {
	folder := t.TempDir()
	backup := filepath.Join(folder, "backup")
	begin(t, "backup", "--data", data, backup).wait()
	whole := timed(func() { begin(t, "restore", "--from", backup, filepath.Join(folder, "first")).wait() })
	saw := map[string]int{}
	for i := range killed() {
		to := filepath.Join(folder, fmt.Sprint("to", i))
		begin(t, "restore", "--from", backup, to).killAfter(moment(whole))
		opened := begin(t, "backup", "--data", to, filepath.Join(folder, fmt.Sprint("copy", i)))
		<-opened.ended
		switch said := opened.out.String(); {
		case opened.err == nil:
			saw["whole"]++
			if n := counted(t, to); n != rows {
				t.Errorf("a restored store holds %d mentions, want %d", n, rows)
			}
		case len(names(t, to)) == 0 && strings.Contains(said, "nothing is kept there"):
			saw["nothing"]++
			begin(t, "restore", "--from", backup, to).wait()
		case len(names(t, to)) > 0 && strings.Contains(said, "a restore into "+to+" did not finish"):
			saw["unfinished"]++
			again := begin(t, "restore", "--from", backup, to)
			if <-again.ended; again.err == nil {
				t.Errorf("it restored into what another had begun: %v", names(t, to))
			}
		default:
			t.Errorf("a restore was killed and left %v: %s", names(t, to), said)
		}
	}
	t.Log(saw)
}

func timed(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// names lists a folder that need not be there.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
