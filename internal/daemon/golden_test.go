package daemon

import (
	"bytes"
	"io/fs"
	"os"
	pathpkg "path"
	"regexp"
	"strings"
	"testing"

	"confianza/collectors/fetch"
	"confianza/internal/config"
	"confianza/internal/metrics"
	"confianza/internal/series"
)

func TestGoldenExample(t *testing.T) {
	const path = "../../confianza.example.yml"
	want := Example()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what it should be (%v): make golden", path, err)
	}
	c, err := config.Parse(path, got)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := configured(c, fetch.New(fetch.Options{})); err != nil {
		t.Error(err)
	}
}

func TestGoldenMetricsTable(t *testing.T) {
	const path = "../../docs/metrics.md"
	want := append(metrics.Table(), series.Table()...)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the declarations say (%v): make golden", path, err)
	}
}

// Each source has its documents, and a name on the page in both languages.
func TestEverySourceIsDocumented(t *testing.T) {
	for _, lang := range []string{"es", "en"} {
		b, err := os.ReadFile("../../dashboards/web/locales/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range catalog() {
			if !bytes.Contains(b, []byte(`"source_`+e.name+`":`)) {
				t.Errorf("%s has no name on the page in %s", e.name, lang)
			}
		}
	}
	for _, e := range catalog() {
		if e.what == "" || e.sample == "" {
			t.Errorf("%s: what %q, sample of %d bytes", e.name, e.what, len(e.sample))
		}
		if _, err := os.Stat("../../collectors/" + e.name + "/README.md"); err != nil {
			t.Error(err)
		}
	}
}

// Links between our documents lead somewhere.
func TestDocuments(t *testing.T) {
	root := os.DirFS("../..")
	link := regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	checked := 0
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (path == "build" || path == "data" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".md") {
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			checked++
			if _, err := fs.Stat(root, pathpkg.Join(pathpkg.Dir(path), string(m[1]))); err != nil {
				t.Errorf("%s: %s leads nowhere", path, m[1])
			}
		}
		return nil
	})
	if err != nil || checked < 20 {
		t.Errorf("%d links checked, %v", checked, err)
	}
}

// A test that a document names is there to notice.
func TestDocumentsNameTests(t *testing.T) {
	root, tests := os.DirFS("../.."), map[string]bool{}
	named := map[string]string{} // by test, a document
	declared, mentioned := regexp.MustCompile(`(?m)^func (Test\w+)\(`), regexp.MustCompile("`(Test\\w+)`")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if path == "build" || path == "data" || d != nil && d.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		}
		into := func(name string) { tests[name] = true }
		search := declared
		switch {
		case strings.HasSuffix(path, ".md"):
			into, search = func(name string) { named[name] = path }, mentioned
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := fs.ReadFile(root, path)
		for _, found := range search.FindAllSubmatch(b, -1) {
			into(string(found[1]))
		}
		return err
	})
	if err != nil || len(named) < 5 {
		t.Fatalf("%d tests named, %v", len(named), err)
	}
	for name, document := range named {
		if !tests[name] {
			t.Errorf("%s: there is no %s", document, name)
		}
	}
}

func TestSectionsNameTheirPlace(t *testing.T) {
	for file, want := range map[string]string{
		"sources:\n  files: {enabled: false}\n":            "",
		"sources:\n  files: {enabled: false, fodler: x}\n": `config: c.yml:2:27: sources: files: unknown field "fodler"`,
		"sources:\n  files: {every: 5s}\n":                 "config: c.yml:2:10: sources: files: folder: no folder to watch is named",
		"sources:\n  bluesky: {idle: 1ms}\n":               "config: c.yml:2:19: sources: bluesky: idle: 1ms is shorter than 1s",
		"sources:\n  blusky: {idle: 1ms}\n":                `config: c.yml:2:11: sources: there is no source "blusky"; there are `,
	} {
		c, err := config.Parse("c.yml", []byte(file))
		if err == nil {
			_, err = configured(c, fetch.New(fetch.Options{}))
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%q: got %v, want %s", file, err, want)
		}
	}
}
