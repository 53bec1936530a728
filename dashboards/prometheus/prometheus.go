// Package prometheus is the rules that watch over confianza, for a Prometheus
// and for confianza itself: one file, so that both say the same.
package prometheus

import _ "embed" // for the rules

// File is the name of the file of [Operators] in this folder.
const File = "operators.yml"

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
