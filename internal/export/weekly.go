package export

import "confianza/analysis/report"

// entry is a row of a weekly table: a week of a brand, or a part of it.
type entry struct {
	brand string
	line  *report.Line
	by    string // all, source, language or kind
	part  string // "" for all
	heard *float64
	f     *report.Figures
}

// field is a column of a weekly table, with how its cells come from an entry.
type field struct {
	id    string
	kind  kind
	width float64
	of    func(words, entry) any
}

var (
	placeFields = []field{
		{"brand", text, 18, func(_ words, e entry) any { return e.brand }},
		{"week", text, 10, func(_ words, e entry) any { return e.line.Week }},
		{"from", date, 11, func(_ words, e entry) any { return e.line.From }},
		{"to", date, 11, func(_ words, e entry) any { return e.line.To }},
	}
	weekFields = []field{
		{"hours", whole, 7, func(_ words, e entry) any { return int64(e.line.Hours) }},
		{"state", text, 22, func(w words, e entry) any { return w.of("state", string(e.line.State)) }},
	}
	byField    = field{"by", text, 10, func(w words, e entry) any { return w.of("by", e.by) }}
	partField  = field{"part", text, 16, func(w words, e entry) any { return w.of(e.by, e.part) }}
	heardField = field{"heard", share, 11, func(_ words, e entry) any { return optional(e.heard) }}

	voiceFields = []field{
		{"voices", whole, 10, wholly(func(l *report.Line) any { return l.Voices })},
		{"authored", share, 13, wholly(func(l *report.Line) any {
			if l.Mentions == 0 {
				return nil
			}
			return l.Authored
		})},
	}
	figureFields = join([]field{
		{"mentions", whole, 10, func(_ words, e entry) any { return e.f.Mentions }},
		{"negative", whole, 10, func(_ words, e entry) any { return e.f.Negative }},
		{"neutral", whole, 10, func(_ words, e entry) any { return e.f.Neutral }},
		{"positive", whole, 10, func(_ words, e entry) any { return e.f.Positive }},
		{"unknown", whole, 12, func(_ words, e entry) any { return e.f.Unknown }},
	},
		interval("share_negative", share, shareOf(func(s *report.Shares) *report.Interval { return &s.Negative })),
		interval("share_neutral", share, shareOf(func(s *report.Shares) *report.Interval { return &s.Neutral })),
		interval("share_positive", share, shareOf(func(s *report.Shares) *report.Interval { return &s.Positive })),
		interval("net", points, func(e entry) *report.Interval { return e.f.Net }),
	)
	changeFields = join(
		change("before", func(l *report.Line) *report.Change { return &l.OnWeekBefore }),
		change("baseline", func(l *report.Line) *report.Change { return l.OnBaseline }),
		[]field{{"revised", whole, 14, wholly(func(l *report.Line) any {
			if l.Revised == nil {
				return nil
			}
			return l.Revised.Mentions
		})}},
	)
)

// wholly is for what a week has and its parts have not.
func wholly(of func(*report.Line) any) func(words, entry) any {
	return func(_ words, e entry) any {
		if e.by != "all" {
			return nil
		}
		return of(e.line)
	}
}

func shareOf(of func(*report.Shares) *report.Interval) func(entry) *report.Interval {
	return func(e entry) *report.Interval {
		if e.f.Shares == nil {
			return nil
		}
		return of(e.f.Shares)
	}
}

// interval makes three fields: a value and its ends.
func interval(id string, k kind, of func(entry) *report.Interval) []field {
	end := func(end func(*report.Interval) float64) func(words, entry) any {
		return func(_ words, e entry) any {
			if i := of(e); i != nil {
				return end(i)
			}
			return nil
		}
	}
	return []field{
		{id, k, 11, end(func(i *report.Interval) float64 { return i.Value })},
		{id + "_low", k, 12, end(func(i *report.Interval) float64 { return i.Low })},
		{id + "_high", k, 12, end(func(i *report.Interval) float64 { return i.High })},
	}
}

// change makes the fields of a week against another time.
func change(id string, of func(*report.Line) *report.Change) []field {
	at := func(e entry) *report.Change {
		if e.by != "all" {
			return nil
		}
		return of(e.line)
	}
	fields := []field{{id + "_mentions", share, 12, func(_ words, e entry) any {
		if c := at(e); c != nil {
			return optional(c.Mentions)
		}
		return nil
	}}}
	fields = append(fields, interval(id+"_net", points, func(e entry) *report.Interval {
		if c := at(e); c != nil {
			return c.Net
		}
		return nil
	})...)
	return append(fields, field{id + "_unsaid", text, 24, func(w words, e entry) any {
		if c := at(e); c != nil {
			return w.of("reason", string(c.Unsaid))
		}
		return nil
	}})
}

func optional(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

func join(parts ...[]field) (all []field) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// flat is the whole trend as one table, for CSV: the rows of a week are the
// week itself and then its parts.
func (w words) flat(r report.Weekly) table {
	fields := join(placeFields, weekFields, []field{byField, partField, heardField}, voiceFields, figureFields, changeFields)
	return w.table("", fields, entries(r, "all", "source", "language", "kind"))
}

// book is the trend as sheets, for XLSX.
func (w words) book(r report.Weekly) []table {
	parts := join(placeFields, []field{partField}, figureFields)
	sources := join(placeFields, []field{partField, heardField}, figureFields)
	return []table{
		w.table(w["sheet_weeks"], join(placeFields, weekFields, []field{heardField}, voiceFields, figureFields, changeFields), entries(r, "all")),
		w.table(w["sheet_sources"], sources, entries(r, "source")),
		w.table(w["sheet_languages"], parts, entries(r, "language")),
		w.table(w["sheet_kinds"], parts, entries(r, "kind")),
		w.notes(r),
	}
}

// table words fields and fills in entries.
func (w words) table(name string, fields []field, es []entry) table {
	t := table{name: name, fixed: 2} // brand and week
	for _, f := range fields {
		t.columns = append(t.columns, column{w["column_"+f.id], f.kind, f.width})
	}
	for _, e := range es {
		row := make([]any, len(fields))
		for i, f := range fields {
			row[i] = f.of(w, e)
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// entries are all rows of a trend that are split in one of the ways.
func entries(r report.Weekly, ways ...string) (all []entry) {
	for b := range r.Brands {
		t := &r.Brands[b]
		for i := range t.Weeks {
			for _, by := range ways {
				all = append(all, of(t.Brand, &t.Weeks[i], by)...)
			}
		}
	}
	return all
}

func of(brand string, l *report.Line, by string) (all []entry) {
	parts := map[string][]report.Part{"source": l.Sources, "language": l.Languages, "kind": l.Kinds}[by]
	if by == "all" {
		return []entry{{brand, l, by, "", l.Heard, &l.Figures}}
	}
	for i := range parts {
		all = append(all, entry{brand, l, by, parts[i].Name, parts[i].Heard, &parts[i].Figures})
	}
	return all
}
