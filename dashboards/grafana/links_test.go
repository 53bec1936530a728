package grafana

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// What a chart of mentions is split by, its points lead to: a click on a source
// shows that source's mentions, and not everybody's.
func TestPointsLeadToWhatTheyStandFor(t *testing.T) {
	split := regexp.MustCompile(`^sum by \((\w+)\) \(sum_over_time\(confianza_mentions`)
	for _, lang := range Languages() {
		files, err := Files(lang)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for name, b := range files {
			var board struct {
				Panels []struct {
					Title       string
					Targets     []struct{ Expr string }
					FieldConfig struct {
						Defaults struct{ Links []struct{ URL string } }
					}
				}
			}
			if err := json.Unmarshal(b, &board); err != nil {
				t.Fatal(err)
			}
			for _, p := range board.Panels {
				for _, target := range p.Targets {
					by := split.FindStringSubmatch(target.Expr)
					if by == nil {
						continue
					}
					seen++
					links := p.FieldConfig.Defaults.Links
					if len(links) != 1 || !strings.Contains(links[0].URL, "&"+by[1]+"=${__field.labels."+by[1]) {
						t.Errorf("%s/%s: %s: split by %s, and leads to %v", lang, name, p.Title, by[1], links)
					}
				}
			}
		}
		if seen != 6 { // tone, source, language and brand of listening; tone of trust recovery and of alerts
			t.Errorf("%s: %d charts of mentions, want 6", lang, seen)
		}
	}
}
