package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"confianza/internal/mention"
)

// mentionWriter writes one mention after another. finish completes the file;
// drop lets go of what an unfinished one holds.
type mentionWriter struct {
	how    Style
	keep   map[string]bool
	put    func(*mention.Mention) error
	finish func() error
	drop   func()
}

func newMentionWriter(out io.Writer, how Style) (*mentionWriter, error) {
	w := &mentionWriter{how: how, keep: keep(how.Keep), drop: func() {}}
	l, err := wordsOf(how.Language)
	if err != nil {
		return nil, err
	}
	switch how.Format {
	case JSONL:
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		w.put, w.finish = func(m *mention.Mention) error { return e.Encode(object(m, how.Zone)) }, func() error { return nil }
		return w, nil
	case CSV:
		c, err := newCSV(out, w.columns(l), how.BOM)
		if err != nil {
			return nil, err
		}
		w.put, w.finish = func(m *mention.Mention) error { return c.row(w.cells(l, m)) }, c.close
		return w, nil
	case XLSX:
		return w, w.sheets(out, l)
	}
	return nil, fmt.Errorf("export: mentions do not come as %q; there are %v", how.Format, MentionFormats())
}

// write masks a mention unless it is not to be, and puts it down.
func (w *mentionWriter) write(m *mention.Mention) error {
	if !w.how.Unmasked {
		m.Text, m.URL, m.Native = mask(m.Text, w.keep), "", ""
	}
	return w.put(m)
}

// sheets fills one sheet after another: each holds only so many rows.
func (w *mentionWriter) sheets(out io.Writer, l words) error {
	b, err := newWorkbook(w.how.Made)
	if err != nil {
		return err
	}
	w.drop = func() { b.f.Close() } // its temporary files
	next := func() (*sheet, error) {
		name := l["sheet_mentions"]
		if n := len(b.names); n > 0 {
			name = fmt.Sprintf("%s %d", name, n+1)
		}
		return b.sheet(table{name: name, columns: w.columns(l)})
	}
	s, err := next()
	if err != nil {
		return err
	}
	w.put = func(m *mention.Mention) error {
		if s.n == sheetRows {
			if err := s.w.Flush(); err != nil {
				return err
			}
			if s, err = next(); err != nil {
				return err
			}
		}
		return s.row(w.cells(l, m))
	}
	w.finish = func() error {
		if err := s.w.Flush(); err != nil {
			return err
		}
		return b.finish(out)
	}
	return nil
}

func (w *mentionWriter) columns(l words) []column {
	all := []column{
		{l.say("column_time", w.how.Zone), moment, 20}, {l["column_brands"], text, 18}, {l["column_source"], text, 11},
		{l["column_form"], text, 8}, {l["column_language"], text, 9}, {l["column_polarity"], text, 14},
		{l["column_p_negative"], share, 11}, {l["column_p_neutral"], share, 11}, {l["column_p_positive"], share, 11},
		{l["column_scorer"], text, 14}, {l["column_text"], text, 90},
	}
	if w.how.Unmasked {
		all = append(all, column{l["column_url"], text, 40}, column{l["column_native"], text, 30})
	}
	return all
}

func (w *mentionWriter) cells(l words, m *mention.Mention) []any {
	row := []any{m.At.In(w.how.Zone).Truncate(time.Second), strings.Join(m.Brands, ", "), m.Source, m.Form,
		l.of("language", m.Score.Language), l.of("polarity", string(m.Score.Polarity)), nil, nil, nil, m.Score.Scorer, m.Text}
	if m.Score.Polarity != "" && m.Score.Polarity != mention.Unknown {
		row[6], row[7], row[8] = short(m.Score.Negative), short(m.Score.Neutral), short(m.Score.Positive)
	}
	if w.how.Unmasked {
		row = append(row, m.URL, m.Native)
	}
	return row
}

// line is a mention as JSON Lines have it.
type line struct {
	Time     string   `json:"time"` // RFC 3339
	Brands   []string `json:"brands"`
	Source   string   `json:"source"`
	Form     string   `json:"form"`
	Language string   `json:"language,omitempty"` // the rest of the score is absent until there is one
	Polarity string   `json:"polarity,omitempty"`
	Negative *float64 `json:"negative,omitempty"` // probabilities, absent when the polarity is unknown
	Neutral  *float64 `json:"neutral,omitempty"`
	Positive *float64 `json:"positive,omitempty"`
	Scorer   string   `json:"scorer,omitempty"`
	Text     string   `json:"text"`
	URL      string   `json:"url,omitempty"` // these two are absent when masked
	Native   string   `json:"id,omitempty"`
}

func object(m *mention.Mention, zone *time.Location) line {
	o := line{m.At.In(zone).Format(time.RFC3339), m.Brands, m.Source, m.Form, m.Score.Language, string(m.Score.Polarity), nil, nil, nil,
		m.Score.Scorer, m.Text, m.URL, m.Native}
	if m.Score.Polarity != "" && m.Score.Polarity != mention.Unknown {
		p := []float64{short(m.Score.Negative), short(m.Score.Neutral), short(m.Score.Positive)}
		o.Negative, o.Neutral, o.Positive = &p[0], &p[1], &p[2]
	}
	return o
}

// short is a probability as nobody needs it longer.
func short(p float64) float64 { return float64(int64(p*10000+0.5)) / 10000 }
