package sentiment

import (
	"os"
	"slices"
	"strings"
	"testing"

	cdipaolo "github.com/cdipaolo/sentiment"
	"github.com/jonreiter/govader"

	"confianza/analysis/language"
	"confianza/test/cputime"
)

// posts are texts to be fast with: labelled posts, each once a round, so that
// what a scorer remembers is what it would remember of a stream. Where they are
// not, a few of our own must do, which flatters whoever remembers.
func posts(b *testing.B, only string) (texts []string) {
	file, err := os.ReadFile("../../../shared/data/sentiment/umsab.tsv")
	if err != nil {
		b.Logf("the posts are not here, these are few: %v", err)
		return []string{
			"@bank I can't believe it… they LOST my data and said nothing for weeks!!! 😡 #hacked",
			"Delta perdió mis datos y nadie contesta el teléfono desde el martes http://t.co/x",
			"At least they answered quickly, thank you. But what about my passport number?",
		}
	}
	for line := range strings.Lines(string(file)) {
		if cells := strings.Split(line, "\t"); only == "" || cells[0] == only {
			texts = append(texts, cells[2])
		}
	}
	return texts
}

// One text at a time, by each as its own documentation shows it: ours finds the
// language, cuts, reads all features and scores.
func BenchmarkText(b *testing.B) {
	own, err := NewOwn(learnt)
	if err != nil {
		b.Fatal(err)
	}
	bayes, err := cdipaolo.Restore()
	if err != nil {
		b.Fatal(err)
	}
	vader := govader.NewSentimentIntensityAnalyzer()
	batch := make([]Text, 1)
	for _, texts := range []string{"all", "en", "long"} {
		all := posts(b, map[string]string{"en": "en", "long": "en"}[texts])
		if texts == "long" { // as long as an article: ten posts in one
			var long []string
			for ten := range slices.Chunk(all, 10) {
				long = append(long, strings.Join(ten, " "))
			}
			all = long
		}
		for _, impl := range []struct {
			name  string
			score func(string)
		}{
			{"cdipaolo", func(s string) { bayes.SentimentAnalysis(s, cdipaolo.English) }},
			{"govader", func(s string) { vader.PolarityScores(s) }},
			{"ours", func(s string) {
				batch[0] = Text{s, language.Identify(s, "").Code}
				own.Score(b.Context(), batch)
			}},
			{"ours-language", func(s string) { language.Identify(s, "") }},
			{"ours-score", func(s string) {
				batch[0] = Text{s, "en"}
				own.Score(b.Context(), batch)
			}},
		} {
			b.Run("texts="+texts+"/impl="+impl.name, func(b *testing.B) {
				b.ReportAllocs()
				since := cputime.Used()
				for i := 0; b.Loop(); i++ {
					impl.score(all[i%len(all)])
				}
				cputime.Report(b, cputime.Used()-since, b.N, "op")
			})
		}
	}
}
