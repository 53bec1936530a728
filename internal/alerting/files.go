package alerting

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"

	"confianza/internal/series"
)

// loader gives rules.Manager the files that were read and checked before.
type loader map[string]*rulefmt.RuleGroups

// Load gives a file's groups.
func (l loader) Load(file string, _ bool, _ model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	return l[file], nil
}

// Parse parses an expression.
func (loader) Parse(query string) (parser.Expr, error) { return series.Parser().ParseExpr(query) }

// Check reads and checks the operator's rule files. Its error names the file and
// where in it the mistake is.
func Check(paths []string) error {
	if _, _, err := files(nil, paths, slog.New(slog.DiscardHandler)); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	return nil
}

// files reads and checks the operator's rule files beside those built in.
func files(builtin map[string][]byte, paths []string, log *slog.Logger) (l loader, keep map[string]time.Duration, err error) {
	l, keep = loader{}, map[string]time.Duration{}
	contents := map[string][]byte{}
	for name, b := range builtin {
		contents[name] = b
	}
	for _, p := range paths {
		if contents[p], err = os.ReadFile(p); err != nil {
			return nil, nil, err
		}
	}
	for name, b := range contents {
		groups, errs := rulefmt.Parse(b, false, model.UTF8Validation, series.Parser(), quiet(log))
		if len(errs) > 0 {
			return nil, nil, fmt.Errorf("%s: %w", name, errs[0])
		}
		for _, g := range groups.Groups {
			for _, r := range g.Rules {
				expr, err := series.Parser().ParseExpr(r.Expr)
				if err != nil {
					return nil, nil, fmt.Errorf("%s: %w", name, err)
				}
				if far := needs(expr, keep); far != nil {
					log.Warn("a rule looks back farther than what confianza remembers of itself", "file", name, "rule", r.Alert+r.Record,
						"series", far, "remembered", farthest)
				}
			}
		}
		l[name] = groups
	}
	return l, keep, nil
}
