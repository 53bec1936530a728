package export

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"plain":                     "plain",
		"1 - 1 = 0":                 "1 - 1 = 0",
		"=1+1":                      "'=1+1",
		"+34 600":                   "'+34 600",
		"-1":                        "'-1",
		"@SUM(A1)":                  "'@SUM(A1)",
		"＝1":                        "'＝1",
		"\t=1":                      "'\t'=1",
		"\r=1":                      "'\r'=1",
		"  =1":                      "  '=1",
		`"=1`:                       `"'=1`,
		"so; =cmd|'/C calc'!A0; ok": "so; '=cmd|'/C calc'!A0; ok",
		"one\n-two":                 "one\n'-two",
		"a;b":                       "a;b",
		"'=1":                       "'=1",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// However a spreadsheet cuts a text, no piece of it begins a formula, and
// without the apostrophes it is the text.
func FuzzHarmless(f *testing.F) {
	f.Add("so; =1\t\"@x\r\n-1")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		got := harmless(s)
		for _, piece := range strings.FieldsFunc(got, splits) {
			if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(piece, " \"\u00a0")); formula(r) {
				t.Errorf("%q: %q holds a formula, %q", s, got, piece)
			}
		}
		if r, _ := utf8.DecodeRuneInString(got); formula(r) {
			t.Errorf("%q: %q begins a formula", s, got)
		}
		if strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(s, "'", "") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
