// Package config reads the one configuration file.
//
// It is strict: an unknown key, a wrong type or a value that cannot work is an
// error naming file, line and column. Without a file, [Default] runs. What a
// source's section means is left to the source: a [Section] is decoded by
// whoever knows it.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"confianza/analysis/match"
)

// Config is the whole file.
type Config struct {
	Brands   []Brand             `yaml:"brands"`
	Sources  map[string]*Section `yaml:"sources"`   // by label; absent ones run with their defaults, or not
	Scorer   string              `yaml:"scorer"`    // name of a scorer of package sentiment
	Weights  string              `yaml:"weights"`   // path of a file of weights for the scorer model; "" for those in the binary
	Data     string              `yaml:"data"`      // folder of the store
	TimeZone string              `yaml:"time_zone"` // IANA name of the calendar on the page
	Contact  string              `yaml:"contact"`   // address or e-mail told to the servers we ask; "" for none
	Web      Web                 `yaml:"web"`

	// Retention is how long texts, ids, addresses and authors are kept, by
	// source; "default" is for all that are not named, 0 for ever.
	Retention map[string]time.Duration `yaml:"retention"`

	// RemoteWrite lists who is sent mentions per minute.
	RemoteWrite []RemoteWrite `yaml:"remote_write"`

	// Alerting is what is evaluated here, and who is told.
	Alerting Alerting `yaml:"alerting"`

	Reports Reports `yaml:"reports"`

	file string
	root *yaml.Node
}

// Brand is what a brand is called, see [match.Brand], and what happened to it.
type Brand struct {
	Name     string   `yaml:"name"`
	Names    []string `yaml:"names"`
	Handles  []string `yaml:"handles"`
	Hashtags []string `yaml:"hashtags"`
	Domains  []string `yaml:"domains"`
	Context  []string `yaml:"context"`
	Exclude  []string `yaml:"exclude"`
	Incident Incident `yaml:"incident"`
}

// Default is what runs without a file.
func Default() *Config {
	return &Config{Sources: map[string]*Section{}, Scorer: "model", Data: "./data", TimeZone: "UTC", Web: Web{Listen: "127.0.0.1:8321"}, Alerting: Alerting{Evaluate: true, Rules: []string{}, Alertmanagers: []Endpoint{}, Mail: []Mail{}, Webhooks: []Webhook{}},
		Retention: map[string]time.Duration{"default": 90 * 24 * time.Hour}, Reports: defaultReports()}
}

// Load reads a file.
func Load(path string) (*Config, error) {
	b, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return Parse(path, b)
}

// Parse reads a file's bytes; file names it in errors. All mistakes that can
// be told apart are in the error, one a line.
func Parse(file string, b []byte) (*Config, error) {
	c := Default()
	c.file = file
	root, err := parse(bytes.TrimPrefix(b, []byte("\ufeff"))) // some editors' byte order mark
	if err != nil {
		return nil, wrong(file, "", err)
	}
	if root == nil {
		return c, nil // empty, or comments alone
	}
	c.root = root
	if err := decode(root, c); err != nil {
		return nil, wrong(file, "", err)
	}
	if _, ok := c.Retention["default"]; !ok {
		c.Retention["default"] = Default().Retention["default"]
	}
	for name, s := range c.Sources {
		if s == nil {
			s = &Section{Enabled: true}
			c.Sources[name] = s
		}
		s.name, s.file = name, file
	}
	return c, c.Check()
}

// Check finds values that cannot work.
func (c *Config) Check() error {
	errs := slices.Concat(c.checkBrands(), c.checkRemoteWrite(), c.checkAlerting(), c.checkMessages())
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		errs = append(errs, c.At(fmt.Errorf("there is no %q; zones are called like America/Mexico_City", c.TimeZone), "time_zone"))
	}
	for name, d := range c.Retention {
		if d < 0 {
			errs = append(errs, c.at(fmt.Errorf("retention: %s: %v is negative", name, d), "retention", name))
		}
	}
	if c.Weights != "" && c.Scorer != Default().Scorer {
		errs = append(errs, c.At(fmt.Errorf("only the scorer %s has weights, %s has none", Default().Scorer, c.Scorer), "weights"))
	}
	if c.Data == "" {
		errs = append(errs, c.At(errors.New("no folder"), "data"))
	}
	if err := c.Reports.Check(); err != nil {
		errs = append(errs, c.at(fmt.Errorf("reports: %w", err), append([]any{"reports"}, keys(err)...)...))
	}
	if err := c.Web.Check(); err != nil {
		key, _, _ := strings.Cut(err.Error(), ":")
		errs = append(errs, c.at(fmt.Errorf("web: %w", err), "web", key))
	}
	return errors.Join(errs...)
}

func (c *Config) checkBrands() (errs []error) {
	for i, b := range c.Brands {
		if _, err := match.New([]match.Brand{b.matched()}); err != nil {
			errs = append(errs, c.at(err, "brands", i))
		}
		if err := b.Incident.Check(); err != nil {
			errs = append(errs, c.at(fmt.Errorf("incident: %w", err), "brands", i, "incident", "date"))
		}
	}
	if len(errs) == 0 {
		if _, err := match.New(c.Matched()); err != nil {
			errs = append(errs, c.at(err, "brands"))
		}
	}
	return errs
}

// Kept is how long a source's texts are kept; 0 means for ever.
func (c *Config) Kept(source string) time.Duration {
	if d, ok := c.Retention[source]; ok {
		return d
	}
	return c.Retention["default"]
}

// Matched are the brands as the door takes them.
func (c *Config) Matched() []match.Brand {
	var all []match.Brand
	for _, b := range c.Brands {
		all = append(all, b.matched())
	}
	return all
}

// AddBrand adds a brand by its bare name, as the command line gives it. One
// that is configured already stays as it is.
func (c *Config) AddBrand(name string) {
	if !slices.ContainsFunc(c.Brands, func(b Brand) bool { return b.Name == name }) {
		c.Brands = append(c.Brands, Brand{Name: name})
	}
}

// BrandNames are the names of the brands, as configured.
func (c *Config) BrandNames() (names []string) {
	for _, b := range c.Brands {
		names = append(names, b.Name)
	}
	return names
}

// Zone is TimeZone, which [Config.Check] has seen to exist.
func (c *Config) Zone() *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}
