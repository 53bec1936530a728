package export

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed locales/*.json
var locales embed.FS

var languages = []string{"en", "es"}

// words are the titles and notes of one language, by name.
type words map[string]string

func wordsOf(language string) (words, error) {
	if !slices.Contains(languages, language) {
		return nil, fmt.Errorf("export: there is no language %q; there are %v", language, languages)
	}
	b, err := locales.ReadFile("locales/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	var w words
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, fmt.Errorf("export: %s: %w", language, err)
	}
	return w, nil
}

// of words a member of a closed set such as the states, or gives the member
// itself where there is nothing to word: labels of sources and languages.
func (w words) of(set, member string) string {
	if text, ok := w[set+"_"+member]; ok && member != "" {
		return text
	}
	return member
}

// say words a note with its values.
func (w words) say(name string, values ...any) string {
	if len(values) == 0 {
		return w[name] // its percent signs are percent signs
	}
	return fmt.Sprintf(w[name], values...)
}
