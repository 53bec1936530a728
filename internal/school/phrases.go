package school

import (
	_ "embed"
	"strings"

	"confianza/analysis/language"
)

//go:embed phrases.txt
var phrasesFile string

// brands stand before and behind the phrases, the same in every language, so
// that a brand's name speaks for none.
var brands = []string{"Delta", "Target", "Acme", "Zafiro", "Equifax", "Amazon", "Iberia", "Banco Azul", "Orange", "Santander"}

// phrases are ours in the six languages, each by itself and beside every brand.
func phrases() (all []language.Example) {
	for line := range strings.Lines(phrasesFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), "|")
		for _, phrase := range cells[1:] {
			all = append(all, language.Example{Text: phrase, Language: cells[0]})
			for _, brand := range brands {
				all = append(all, language.Example{Text: brand + " " + phrase, Language: cells[0]},
					language.Example{Text: phrase + " " + brand, Language: cells[0]})
			}
		}
	}
	return all
}
