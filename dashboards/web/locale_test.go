package web

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func reader(t *testing.T, wanted ...string) *locale {
	t.Helper()
	ls, err := newLocales(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	var tags []language.Tag
	for _, w := range wanted {
		tags = append(tags, language.MustParse(w))
	}
	l := ls.make(spoken(strings.SplitN(wanted[0], "-", 2)[0], languages[0]), tags)
	l.now = now
	return l
}

func TestNumbersAreWrittenAsReadersDo(t *testing.T) {
	spain, mexico, english := reader(t, "es-ES"), reader(t, "es-MX"), reader(t, "en")
	for got, want := range map[string]string{
		spain.Int(1234567): "1.234.567", mexico.Int(1234567): "1,234,567", english.Int(1234567): "1,234,567",
		spain.Percent(0.654): "65\u00a0%", english.Percent(0.654): "65%",
		spain.Percent(0.001): "<\u202f1\u00a0%", english.Percent(0.999): ">\u202f99%", english.Percent(1): "100%", english.Percent(0): "0%",
		spain.Signed(-33.4): "−33", spain.Signed(0.4): "0", english.Signed(12): "+12",
		spain.SignedPercent(112.4): "+112\u00a0%", english.SignedPercent(-0.2): "0%", english.SignedPercent(-7.6): "−8%",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMomentsAreWrittenAsReadersDo(t *testing.T) {
	l := reader(t, "es")
	for got, want := range map[string]string{
		l.Time(now.Add(-time.Hour)):       "24\u00a0nov, 11:00",
		l.Time(now.AddDate(-1, -2, 0)):    "24\u00a0sept\u00a02025, 12:00",
		l.Soon(now.Add(5 * time.Minute)):  "12:05",
		l.Soon(now.Add(12 * time.Hour)):   "25\u00a0nov, 00:00",
		l.Language("pt"):                  "portugués",
		l.Language("other"):               "otro idioma",
		l.OneOf("source", "nothing-else"): "nothing-else",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Spanish has a third plural, for millions.
func TestPluralsOfEverySize(t *testing.T) {
	for _, lang := range []string{"es", "en"} {
		l := reader(t, lang)
		for _, n := range []int64{0, 1, 2, 1e6, 25e5} {
			for _, id := range []string{"figure_of", "unknown_note", "pending", "troubles"} {
				if text, err := l.Plural(id, n); err != nil || !strings.Contains(text, l.Int(n)) {
					t.Errorf("%s: %s of %d: %q, %v", lang, id, n, text, err)
				}
			}
		}
	}
}

func messages(t *testing.T, lang string) map[string]any {
	t.Helper()
	b, err := os.ReadFile("locales/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Every message is there in both languages, in the same form and with the
// same values in it.
func TestMessagesMatch(t *testing.T) {
	en, es := messages(t, "en"), messages(t, "es")
	value := regexp.MustCompile(`{{\.(\w+)}}`)
	for id, text := range en {
		other, ok := es[id]
		if !ok {
			t.Errorf("%s is not in Spanish", id)
			continue
		}
		values := func(text any) string {
			all := value.FindAllString(fmt.Sprint(text), -1)
			slices.Sort(all)
			return fmt.Sprintf("%T %v", text, slices.Compact(all))
		}
		if values(text) != values(other) {
			t.Errorf("%s: %v and %v differ in form", id, text, other)
		}
	}
	if len(en) != len(es) || len(en) < 50 {
		t.Errorf("%d English and %d Spanish messages", len(en), len(es))
	}
}

// Every message that the templates ask for exists, and every message there is
// is asked for.
func TestMessagesAreUsed(t *testing.T) {
	var source strings.Builder
	for _, name := range []string{"page.html", "trend.html", "episodes.html", "message.html", "home.go", "locale.go", "scorer.go", "why.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	known := messages(t, "en")
	asked := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:\.T|\.Plural|(?:l|ls\.make\(tag, nil\))\.T)(?: |\()"(\w+)"`).FindAllStringSubmatch(source.String(), -1) {
		asked[m[1]] = true
		if _, ok := known[m[1]]; !ok {
			t.Errorf("%s is asked for, but no message", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\.OneOf(?: |\()"(\w+)"`).FindAllStringSubmatch(source.String(), -1) {
		for id := range known {
			asked[id] = asked[id] || strings.HasPrefix(id, m[1]+"_")
		}
	}
	for id := range known {
		if !asked[id] {
			t.Errorf("%s is a message nobody asks for", id)
		}
	}
}
