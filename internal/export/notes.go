package export

import (
	"strconv"

	"confianza/analysis/report"
)

// notes is the sheet that says how the numbers were made and what they do not
// know.
func (w words) notes(r report.Weekly) table {
	t := table{name: w["sheet_notes"], notes: true, columns: []column{{w["column_note"], text, 26}, {w["column_says"], text, 95}}}
	note := func(id string, values ...any) {
		t.rows = append(t.rows, []any{w["note_"+id], w.say("says_"+id, values...)})
	}
	scorer := r.Scorer
	if scorer == "" {
		scorer = "–"
	}
	note("made", r.Made.Format("2006-01-02 15:04"), r.TimeZone)
	note("weeks", r.TimeZone)
	note("scorer", scorer)
	note("shares")
	note("intervals")
	note("net")
	note("voices")
	note("changes")
	for _, b := range r.Brands {
		switch {
		case b.Baseline != nil:
			t.rows = append(t.rows, []any{w.say("note_baseline", b.Brand), w.say("says_baseline", b.Baseline.Incident, b.Baseline.From, b.Baseline.To,
				b.Baseline.Mentions, points1(b.Baseline.Net))})
		default:
			t.rows = append(t.rows, []any{w.say("note_baseline", b.Brand), w["says_"+string(b.NoBaseline)]})
		}
	}
	note("coverage")
	note("kinds")
	note("revised")
	note("persons")
	return t
}

func points1(i *report.Interval) string {
	if i == nil {
		return "–"
	}
	one := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	return one(i.Value) + " (" + one(i.Low) + " … " + one(i.High) + ")"
}
