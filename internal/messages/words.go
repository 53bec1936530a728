package messages

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed locales/*.json
var locales embed.FS

// Languages are those that messages are in.
func Languages() []string { return []string{"en", "es"} }

// Writer puts messages into words of one language.
type Writer struct {
	lang    string
	zone    *time.Location
	words   map[string]string
	numbers *message.Printer
}

// NewWriter makes one; times are given in zone.
func NewWriter(lang string, zone *time.Location) (*Writer, error) {
	if !slices.Contains(Languages(), lang) {
		return nil, fmt.Errorf("messages: there is no language %q; there are %v", lang, Languages())
	}
	b, err := locales.ReadFile("locales/" + lang + ".json")
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	w := &Writer{lang: lang, zone: zone, numbers: message.NewPrinter(language.Make(lang))}
	if err := json.Unmarshal(b, &w.words); err != nil {
		return nil, fmt.Errorf("messages: %s: %w", lang, err)
	}
	return w, nil
}

// section is a part of a message: a title, or none, and its lines.
type section struct {
	Title string
	Lines []textLine
}

// textLine is a line of text, which may lead somewhere.
type textLine struct{ Text, URL string }

// subject is a message in one line.
func (w *Writer) subject(m Message) string {
	first := m.Changes[0]
	s := w.words[string(first.Phase)] + w.summary(first)
	if more := len(m.Changes) - 1; more > 0 {
		s += fmt.Sprintf(w.words["more"], more)
	}
	return s
}

// sections are the whole message.
func (w *Writer) sections(m Message) (all []section) {
	for _, c := range m.Changes {
		all = append(all, w.change(c))
		if c.Facts != nil && c.Phase != Over && c.Phase != Missed {
			all = append(all, w.facts(c.Facts)...)
		}
	}
	return append(all, section{Lines: []textLine{{w.words["page"], m.Page}}})
}

func (w *Writer) change(c Change) section {
	s := section{Title: w.words[string(c.Phase)] + w.summary(c)}
	say := func(text string) { s.Lines = append(s.Lines, textLine{Text: text}) }
	if c.Phase == Over || c.Phase == Missed {
		say(fmt.Sprintf(w.words["span"], w.time(c.Since), w.time(c.Until)))
		return s
	}
	if d := w.annotation(c, "description"); d != "" {
		say(d)
	}
	since := fmt.Sprintf(w.words["since"], w.time(c.Since))
	if severity := c.Labels["severity"]; severity != "" { // a rule of an operator's own may have another, or none
		since = fmt.Sprintf(w.words["severity"], cmp.Or(w.words["severity_"+severity], severity)) + " " + since
	}
	say(since)
	if r := c.Annotations["runbook"]; r != "" {
		say(fmt.Sprintf(w.words["runbook"], r))
	}
	return s
}

// summary is the rule's own, in one line, or its name where it has none.
func (w *Writer) summary(c Change) string {
	if s := strings.Join(strings.Fields(w.annotation(c, "summary")), " "); s != "" {
		return s
	}
	return c.Labels["alertname"]
}

// annotation is one in the writer's language, or as the rule has it.
func (w *Writer) annotation(c Change, name string) string {
	if s := c.Annotations[name+"_"+w.lang]; s != "" {
		return s
	}
	return c.Annotations[name]
}

func (w *Writer) facts(f *Facts) (all []section) {
	add := func(title string, lines []textLine) {
		if len(lines) > 0 {
			all = append(all, section{w.words[title], lines})
		}
	}
	add("measures", w.each(len(f.Measures), func(i int) textLine { return textLine{Text: w.measure(f.Measures[i])} }))
	for _, p := range []struct {
		title string
		parts []Part
	}{{"drivers", f.Drivers}, {"sources", f.Sources}, {"languages", f.Languages}} {
		if len(p.parts) > 0 {
			add(p.title, []textLine{{Text: w.parts(p.title, p.parts)}})
		}
	}
	add("examples", w.each(len(f.Examples), func(i int) textLine { return textLine{"«" + f.Examples[i].Text + "»", f.Examples[i].URL} }))
	state := w.words["all_heard"]
	if len(f.Deaf) > 0 {
		state = fmt.Sprintf(w.words["deaf"], strings.Join(f.Deaf, ", "))
	}
	return append(all, section{Lines: []textLine{{Text: state}}})
}

func (w *Writer) each(n int, f func(int) textLine) (lines []textLine) {
	for i := range n {
		lines = append(lines, f(i))
	}
	return lines
}

func (w *Writer) measure(m Measure) string {
	name, within, n := w.words["measure_"+m.Name], w.span(m.Window), w.number(float64(m.N))
	if m.Low == 0 && m.High == 0 {
		return fmt.Sprintf(w.words["measure"], name, w.number(m.From), w.number(m.To), within, n)
	}
	return fmt.Sprintf(w.words["measure_interval"], name, w.number(m.From), w.number(m.To), w.number(m.Low), w.number(m.High), within, n)
}

// parts lists what has a name of its own, or one in the writer's words.
func (w *Writer) parts(of string, parts []Part) string {
	var all []string
	for _, p := range parts {
		name := p.Name
		if said := w.words["language_"+name]; of == "languages" && said != "" {
			name = said
		}
		all = append(all, name+" ("+w.number(float64(p.N))+")")
	}
	return strings.Join(all, ", ")
}

// number has one decimal at most.
func (w *Writer) number(x float64) string {
	if math.Abs(x) < 0.05 {
		x = 0 // never -0
	}
	return w.numbers.Sprint(number.Decimal(x, number.MaxFractionDigits(1)))
}

// time is a moment in the writer's zone: 24 nov 2026, 23:10 CET.
func (w *Writer) time(t time.Time) string {
	t = t.In(w.zone)
	return t.Format("2 ") + strings.Fields(w.words["months"])[t.Month()-1] + t.Format(" 2006, 15:04 MST")
}

// span is a length of time in days or hours where those are whole, else in
// hours and minutes.
func (w *Writer) span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d d", d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

// plain is the message as plain text.
func (w *Writer) plain(m Message) string {
	var b strings.Builder
	for _, s := range w.sections(m) {
		if s.Title != "" {
			b.WriteString(s.Title + "\n")
		}
		for _, l := range s.Lines {
			b.WriteString(strings.TrimSpace(l.Text+" "+l.URL) + "\n")
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String()) + "\n"
}
