package daemon

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "confianza/"

// plan says which of our rooms a room may import. Keys and values are
// prefixes; the longest key that fits a package counts. It is the list in
// docs/tour.md.
var floorPlan = map[string][]string{
	"cmd/":                     {"internal/config", "internal/daemon", "internal/export", "internal/school", "internal/trials", "internal/trials/nab"},
	"internal/daemon":          {""},
	"internal/pipeline":        {"collectors", "analysis/", "internal/mention", "internal/metrics", "internal/series", "internal/store"},
	"internal/series":          {"analysis/", "internal/mention", "internal/store"},
	"internal/alerting":        {"internal/config", "internal/series", "internal/series/api"},
	"internal/messages":        {},
	"internal/explain":         {"analysis/", "internal/export", "internal/mention", "internal/messages", "internal/store"},
	"internal/series/api":      {"internal/series"},
	"internal/school":          {"analysis/", "internal/scorer"},
	"internal/scorer":          {"analysis/sentiment"},
	"internal/people":          {"analysis/", "internal/mention", "internal/store"},
	"internal/watch":           {"analysis/", "internal/mention", "internal/metrics", "internal/store"},
	"internal/trials":          {"analysis/", "internal/scorer", "internal/synth", "internal/trials/nab"},
	"internal/trials/nab":      {},
	"internal/store":           {"internal/mention"},
	"internal/store/storetest": {"internal/mention", "internal/store"},
	"internal/config":          {"analysis/match", "collectors"},
	"internal/export":          {"analysis/report", "internal/mention", "internal/store"},
	"internal/synth":           {"analysis", "collectors"},
	"internal/mention":         {},
	"internal/metrics":         {},
	"collectors/":              {"collectors", "collectors/fetch", "collectors/archive", "collectors/search"},
	"collectors":               {},
	"analysis/":                {"analysis"},
	"analysis/sentiment":       {"analysis", "analysis/features", "analysis/together", "analysis/weights"},
	"analysis/learning":        {"analysis", "analysis/features", "analysis/together", "analysis/weights"},
	"analysis/together":        {"analysis", "analysis/features"},
	"analysis/weights":         {"analysis", "analysis/together"},
	"analysis":                 {},
	"analysis/report":          {"analysis", "analysis/shares"}, // where findings are put together
	"dashboards/grafana":       {},
	"dashboards/web":           {"analysis", "analysis/report", "analysis/sentiment", "analysis/shares", "internal/series", "internal/store", "internal/config", "internal/mention"},
	"dashboards/prometheus":    {},
	"test/":                    {""},
}

// allowed are the rooms a package may import; "x" allows package x, "x/" all
// below it, "" all there is.
func allowed(pkg string) ([]string, bool) {
	best, found := "", false
	for key := range floorPlan {
		if (pkg == strings.TrimSuffix(key, "/") && !strings.HasSuffix(key, "/") || strings.HasPrefix(pkg, strings.TrimSuffix(key, "/")+"/")) && len(key) >= len(best) {
			best, found = key, true
		}
	}
	return floorPlan[best], found
}

func TestFloorPlan(t *testing.T) {
	packages := 0
	eachFile(t, func(path string, f *ast.File) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		packages++
		pkg := filepath.ToSlash(filepath.Dir(path))
		rooms, known := allowed(pkg)
		if !known {
			t.Errorf("%s is in no room of the floor plan", path)
			return
		}
		for _, imp := range f.Imports {
			to, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), module)
			if ours && !permitted(rooms, to) {
				t.Errorf("%s: %s may not import %s", path, pkg, to)
			}
		}
	})
	if packages < 20 {
		t.Errorf("only %d files were looked at", packages)
	}
}

func permitted(rooms []string, to string) bool {
	for _, r := range rooms {
		if r == "" || to == r || strings.HasSuffix(r, "/") && strings.HasPrefix(to, r) {
			return true
		}
	}
	return false
}

func TestFloorPlanSeesTrespassers(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"collectors/bluesky", "internal/store", false},
		{"collectors/bluesky", "collectors/fetch", true},
		{"collectors/bluesky", "collectors/feeds", false},
		{"analysis/match", "analysis/sentiment", false},
		{"internal/store", "internal/pipeline", false},
		{"internal/pipeline", "analysis/match", true},
		{"internal/daemon", "collectors/bluesky", true},
		{"cmd/confianza", "internal/store", false},
	} {
		rooms, _ := allowed(tt.from)
		if got := permitted(rooms, tt.to); got != tt.want {
			t.Errorf("%s to %s: %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
}

// Comments name identifiers as [links], which must exist.
func TestDocLinks(t *testing.T) {
	names := map[string]bool{} // "Name" in some package of ours, "Type.Member", "pkg.Name"
	type use struct{ file, link string }
	var uses []use
	link := regexp.MustCompile(`\[\*?([A-Za-z]\w*(?:\.\w+){0,2})\]`)
	eachFile(t, func(path string, f *ast.File) {
		for _, d := range f.Decls {
			declared(f.Name.Name, d, names)
		}
		for _, group := range f.Comments {
			text := group.Text()
			for _, m := range link.FindAllStringSubmatch(text, -1) {
				uses = append(uses, use{path, m[1]})
			}
		}
	})
	ours := map[string]bool{}
	for n := range names {
		if pkg, _, ok := strings.Cut(n, "."); ok {
			ours[pkg] = true
		}
	}
	checked := 0
	for _, u := range uses {
		first, _, dotted := strings.Cut(u.link, ".")
		if dotted && !ours[first] && !names[first] || !dotted && !ast.IsExported(u.link) {
			continue // another module's, or prose in brackets
		}
		checked++
		if !names[u.link] {
			t.Errorf("%s: [%s] names nothing", u.file, u.link)
		}
	}
	if checked < 10 {
		t.Errorf("only %d links were checked", checked)
	}
}

func declared(pkg string, d ast.Decl, names map[string]bool) {
	add := func(n string) { names[n], names[pkg+"."+n] = true, true }
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name.Name)
			return
		}
		of := d.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		if id, ok := of.(*ast.Ident); ok {
			add(id.Name + "." + d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Name.Name)
				members(s, add)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					add(n.Name)
				}
			}
		}
	}
}

func members(s *ast.TypeSpec, add func(string)) {
	var fields *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return
	}
	for _, f := range fields.List {
		for _, n := range f.Names {
			add(s.Name.Name + "." + n.Name)
		}
	}
}

// eachFile parses every Go file of the module; paths are relative to its root.
func eachFile(t *testing.T, f func(path string, file *ast.File)) {
	t.Helper()
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (path == "build" || path == "data" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		src, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ParseComments)
		if err != nil {
			return err
		}
		f(path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
