package export

import "strings"

// formula tells whether a spreadsheet may take a cell that begins so for
// something to compute: the signs of OWASP's "CSV injection", and their wide
// forms, which Excel takes too.
func formula(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠\t\r\n", r) }

// splits tells where programs cut a line of CSV, or a field that was pasted:
// Excel in regions with a decimal comma cuts at semicolons, quoted or not.
func splits(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }

// harmless puts an apostrophe before whatever a spreadsheet could take for a
// formula, at the beginning of a text and where it may be cut. An apostrophe is
// what spreadsheets themselves mark a text with.
func harmless(s string) string {
	var b strings.Builder
	begins := true // a cell may begin here
	for _, r := range s {
		if begins && formula(r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		begins = splits(r) || begins && (r == ' ' || r == '"' || r == '\u00a0')
	}
	return b.String()
}
