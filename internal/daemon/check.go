package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"confianza/analysis/match"
	"confianza/collectors/fetch"
	"confianza/internal/alerting"
	"confianza/internal/config"
)

// Check finds every mistake of a configuration without opening its store,
// and says what it would do.
func Check(c *config.Config, out io.Writer) error {
	if err := c.Check(); err != nil {
		return err
	}
	if err := checkPage(c.Web); err != nil {
		return err
	}
	if c.Alerting.Evaluate {
		if err := alerting.Check(c.Alerting.Rules); err != nil {
			return c.At(err, "alerting")
		}
	}
	client := fetch.New(fetch.Options{Contact: c.Contact})
	defer client.Close()
	made, err := configured(c, client)
	if err != nil {
		return err
	}
	sc, err := scorerOf(c)
	if err != nil {
		return err
	}
	var sources []string
	for _, m := range made {
		sources = append(sources, m.name)
	}
	brands := c.BrandNames()
	if len(brands) == 0 {
		brands = []string{"none yet: run needs one"}
	}
	from := ""
	if c.Weights != "" {
		from = " from " + c.Weights
	}
	_, err = fmt.Fprintf(out, "The configuration is right.\nBrands:  %s\nSources: %s\nScorer:  %s%s\n",
		strings.Join(brands, ", "), strings.Join(sources, ", "), sc.Version(), from)
	return err
}

// ErrNothing means that a text names no brand.
var ErrNothing = errors.New("the text names no brand")

// CheckText says which phrases of which brands occur in a text, and why it is
// taken or not. It returns [ErrNothing] when no brand takes it.
func CheckText(ctx context.Context, c *config.Config, text string, out io.Writer) error {
	if err := c.Check(); err != nil {
		return err
	}
	if len(c.Brands) == 0 {
		return errors.New("check: no brand to look for: say --brand NAME, or list brands in the file that --config names")
	}
	m, err := match.New(c.Matched())
	if err != nil {
		return err
	}
	var said strings.Builder
	found := m.Explain(text, nil)
	taken := false
	for _, f := range found {
		verdict := "not taken: " + f.Why
		if f.Accepted {
			verdict, taken = "taken", true
		}
		fmt.Fprintf(&said, "%s: %s\n", f.Brand, verdict)
		for _, h := range f.Hits {
			line := fmt.Sprintf("  %s %q at byte %d", h.Kind, h.Phrase, h.At)
			if h.Rejected != "" {
				line += ": does not count, " + h.Rejected
			}
			fmt.Fprintln(&said, line)
		}
	}
	if _, err := io.WriteString(out, said.String()); err != nil {
		return err
	}
	if !taken {
		return ErrNothing
	}
	return ctx.Err()
}
