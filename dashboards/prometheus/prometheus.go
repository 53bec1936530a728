// Package prometheus is the rules that watch over confianza and over what is
// said of brands, for a Prometheus and for confianza itself: the same files, so
// that both say the same.
package prometheus

import _ "embed" // for the rules

// Rules are the rule files of this folder, by name.
func Rules() map[string][]byte {
	return map[string][]byte{"operators.yml": Operators, "marketing.yml": Marketing}
}

// Alertmanager is an example of its configuration. Where confianza tells people
// itself, its inhibitions hold too.
//
//go:embed alertmanager.yml
var Alertmanager []byte

// Operators are the recording and alerting rules for whoever keeps confianza
// running, in the format of Prometheus' rule files.
//
//go:embed operators.yml
var Operators []byte

// Marketing are the alerting rules for those who answer for the brand.
//
//go:embed marketing.yml
var Marketing []byte
