package files

import (
	"testing"
	"time"
)

// A file settles after a minute, by whatever clock: one that jumps ahead makes
// it settle early at most, one that is turned back does not make it wait for
// the day to come again.
func TestSettlingWhileTheClockJumps(t *testing.T) {
	for name, jump := range map[string]time.Duration{"a day ahead": 24 * time.Hour, "a day back": -24 * time.Hour, "nothing": 0} {
		f := watched(t)
		const unfinished = "id,text,time\n1,uno,2026-03-01\n2,dos,2026-03-01"
		f.write("a.csv", unfinished)
		f.expect(name+": whole rows", f.look(0), "uno")
		f.look(30 * time.Second)
		got := f.look(jump)
		got = append(got, f.look(59*time.Second)...)
		got = append(got, f.look(time.Second)...)
		f.expect(name+": within a minute of the jump", got, "dos")
		f.expect(name+": once", append(f.look(time.Hour), f.look(-jump)...))
	}
}
