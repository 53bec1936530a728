package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// aliases are lists of aliases of lists of aliases: 2 to the power of depth.
func aliases(depth int) string {
	var b strings.Builder
	b.WriteString("brands:\n- {name: b0, names: &a0 [x, x]}\n")
	for i := 1; i <= depth; i++ {
		fmt.Fprintf(&b, "- {name: b%d, names: &a%d [*a%d, *a%d]}\n", i, i, i-1, i-1)
	}
	return b.String()
}

// Each of these took a parser whose work grows with the square of the file,
// or the cube, from minutes to hours at this size; a linear one is done in
// milliseconds. No clock decides: a test run ends at its own timeout.
func TestNoFileHangs(t *testing.T) {
	const size = 128 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	files := map[string]string{
		"found by fuzzing: merge keys":  fill("<<"),
		"literal with empty lines":      "data: |\n a" + fill("\n"),
		"literal with lines":            "data: |\n" + fill(" a\n"),
		"folded":                        "data: >\n" + fill(" a\n"),
		"tabs in quotes":                "data: \"" + fill("\t") + "a\"",
		"open lists":                    "data: " + fill("["),
		"lists in lists":                "data: " + strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
		"open keys":                     "data: " + fill("{a: "),
		"lists by dashes":               fill("- ") + "a",
		"complex keys":                  fill("? ") + "a",
		"a key after each other":        fill("a: "),
		"long flow list":                "brands: [" + fill("a,") + "]",
		"long list":                     "brands:\n" + fill("- a\n"),
		"comments":                      fill("#a\n") + "data: a",
		"anchors":                       "data: " + fill("&a "),
		"aliases":                       "data: &a x\nbrands: [" + fill("*a,") + "]",
		"tags":                          "data: " + fill("!a "),
		"documents":                     fill("---\na\n"),
		"ends of documents":             fill("a\n...\n"),
		"directives":                    fill("%a\n"),
		"aliases of aliases of aliases": aliases(200),
		"a list that holds itself":      "brands: &a [*a, *a, *a]",
		"a brand that holds itself":     "brands:\n- &a {name: A, names: [*a]}",
	}
	for name, file := range files {
		if _, err := Parse("c.yml", []byte(file)); err == nil && !strings.HasPrefix(name, "literal") && name != "folded" && name != "tabs in quotes" && name != "comments" {
			t.Errorf("%s: no mistake", name)
		} else if err != nil && (!strings.HasPrefix(err.Error(), "config: c.yml") || len(err.Error()) > 4<<10) {
			t.Errorf("%s: %d bytes of error: %.200s", name, len(err.Error()), err)
		}
	}
}

// Aliases may share a list between brands; what they multiply is bounded.
func TestAliases(t *testing.T) {
	c, err := Parse("c.yml", []byte("brands:\n- {name: A, exclude: &no [test, demo]}\n- {name: B, exclude: *no}\n"))
	if err != nil || strings.Join(c.Brands[1].Exclude, " ") != "test demo" {
		t.Errorf("got %+v, %v", c, err)
	}
	many := "brands:\n- {name: A, names: &a [" + strings.Repeat("x,", 2000) + "]}\n"
	for i := range 1000 { // 1000 × 2000 values, in 25 KB
		many += fmt.Sprintf("- {name: B%d, names: *a}\n", i)
	}
	if _, err := Parse("c.yml", []byte(many)); err == nil || !strings.Contains(err.Error(), "more than 1048576 values, with what the aliases stand for") {
		t.Errorf("got %v", err)
	}
}

func TestSizeIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yml")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<40); err != nil { // a hole: no disk, and no memory if we are right
		t.Skip("no sparse files here: ", err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path+": longer than 16 MB") {
		t.Errorf("got %v", err)
	}
}

// What is no configuration at all is told in ten lines, not in a million.
func TestMistakesAreToldTogether(t *testing.T) {
	_, err := Parse("c.yml", []byte("scroer: a\nweb: {lisen: x}\nretention: {x: 5days, y: }\n"))
	want := `config: c.yml:1:1: unknown field "scroer"
config: c.yml:2:7: unknown field "lisen"
config: c.yml:3:16: x: time: unknown unit "days" in duration "5days"
config: c.yml:3:26: y: one value is needed, not nothing`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if _, err = Parse("c.yml", []byte("brands: ["+strings.Repeat("a, ", 1000)+"]")); err == nil || strings.Count(err.Error(), "\n") != mostShown-1 {
		t.Errorf("got %v", err)
	}
}

// A key without a value is the default: the line was emptied, not set to "".
func TestKeysWithoutAValue(t *testing.T) {
	c, err := Parse("c.yml", []byte("data:\nweb: {listen: }\nbrands:\nretention:\n"))
	if err != nil || c.Data != "./data" || c.Web.Listen != "127.0.0.1:8321" || c.Kept("x") != 90*24*time.Hour {
		t.Errorf("got %+v, %v", c, err)
	}
}

// Every kind that a key may have, in a section.
func TestKinds(t *testing.T) {
	type kinds struct {
		Text  string            `yaml:"text"`
		On    bool              `yaml:"on"`
		Count int               `yaml:"count"`
		Share float64           `yaml:"share"`
		Every time.Duration     `yaml:"every"`
		List  []string          `yaml:"list"`
		Map   map[string]string `yaml:"map"`
	}
	section := func(s string) *Section {
		c, err := Parse("c.yml", []byte("sources:\n  a: {"+s+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return c.Sources["a"]
	}
	got := kinds{}
	if err := section("text: 007, on: true, count: -3, share: 0.5, every: 5m, list: [1, b], map: {k: v}").Decode(&got); err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%+v", got); s != "{Text:007 On:true Count:-3 Share:0.5 Every:5m0s List:[1 b] Map:map[k:v]}" {
		t.Errorf("got %s", s)
	}
	for s, want := range map[string]string{
		"text: [a]":     "2:13: sources: a: text: one value is needed, not a list",
		"text: {a: b}":  "text: one value is needed, not a list of keys",
		"on: yes":       "on: true or false is needed",
		"count: 1.5":    "count: a whole number is needed",
		"share: .nan":   "share: a number is needed",
		"text: !!str 7": "text: there are no tags here",
		"list: a":       "list: a list is needed, not one value",
		"list: [a, ~]":  "2:17: sources: a: list: one value is needed, not nothing",
		"map: [a]":      "map: a list of keys is needed, not a list",
		"[a]: b":        "a key is one value",
	} {
		c, err := Parse("c.yml", []byte("sources:\n  a: {"+s+"}\n"))
		if err == nil {
			err = c.Sources["a"].Decode(&got)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", s, err, want)
		}
	}
}
