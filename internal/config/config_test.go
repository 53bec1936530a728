package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestMistakesNameTheirPlace(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"unknown key", "scorer: vader\nscroer: x\n", `config: c.yml:2:1: unknown field "scroer"`},
		{"weights of a scorer that has none", "scorer: vader\nweights: own.bin\n", "config: c.yml:2:10: weights: only the scorer model has weights, vader has none"},
		{"unknown key of a brand", "brands:\n  - name: A\n    nmaes: [a]\n", `config: c.yml:3:5: unknown field "nmaes"`},
		{"wrong type", "brands: 7\n", "config: c.yml:1:9: brands: a list is needed, not one value"},
		{"not YAML", "brands: [\n", "config: c.yml:2:1: did not find expected node content"},
		{"same key twice", "scorer: a\nscorer: b\n", `config: c.yml:2:1: mapping key "scorer" already defined`},
		{"brand without a name", "brands:\n  - names: [a]\n", "config: c.yml:2:"},
		{"brand twice", "brands:\n  - name: Á\n  - name: a\n", `match: brand "a" is there twice`},
		{"phrase of nothing", "brands:\n  - name: A\n    names: ['!']\n", `match: brand "A": name "!" has nothing to match`},
		{"time zone", "time_zone: Mars/Olympus\n", "config: c.yml:1:12: time_zone: there is no \"Mars/Olympus\"; zones are called like America/Mexico_City"},
		{"open to all", "web:\n  listen: 0.0.0.0:80\n", "web: listen: 0.0.0.0:80 is not a loopback address, so web.config_file with TLS and a password is needed"},
		{"no port", "web: {listen: localhost}\n", "web: listen: address localhost: missing port in address"},
		{"port of a wrong kind", "web: {listen: 'localhost:99999'}\n", "web: listen: localhost:99999: a port is a number up to 65535"},
		{"path in public_url", "web: {public_url: 'https://a.example/x'}\n", "web: public_url: it is not http(s)://host[:port]"},
		{"password in public_url", "web:\n  listen: 127.0.0.1:1\n  public_url: https://ana:geheim@a.example\n", "config: c.yml:3:15: web: public_url: it is not"},
		{"section of a wrong kind", "sources:\n  bluesky: 7\n", "config: c.yml:2:12: a source's section is a list of keys"},
		{"enabled of a wrong kind", "sources:\n  bluesky:\n    enabled: maybe\n", "config: c.yml:3:14: enabled: true or false is needed"},
		{"negative retention", "retention:\n  x: -1h\n", "config: c.yml:2:6: retention: x: -1h0m0s is negative"},
		{"receiver without an address", "remote_write:\n  - name: a\n", "config: c.yml:2:5: remote_write: url: there is none"},
		{"receiver of another kind", "remote_write:\n  - url: ftp://a.example/x\n", "config: c.yml:2:10: remote_write: url: it is not http(s)://host[:port]/path"},
		{"password in a receiver's address", "remote_write:\n  - url: https://ana:geheim@a.example/\n", "config: c.yml:2:10: remote_write: url: a name and a password go into username and password"},
		{"secret in the open", "remote_write:\n  - url: https://a.example/\n    token: geheim\n", "a secret is written as {env: NAME} or {file: PATH}"},
		{"name without a password", "remote_write:\n  - {url: 'https://a.example/', username: ana}\n", "remote_write: username: without a password"},
		{"secret among headers", "remote_write:\n  - {url: 'https://a.example/', headers: {authorization: geheim}}\n", "remote_write: headers: authorization is a secret"},
		{"window too long", "remote_write:\n  - {url: 'https://a.example/', window: 9999h}\n", "remote_write: window: 9999h0m0s is not from 1h to 744h"},
		{"label that is there", "remote_write:\n  - {url: 'https://a.example/', labels: {brand: x}}\n", `remote_write: labels: "brand" is no name for a label, or one that series have already`},
		{"mail to nobody", "alerting:\n  mail:\n    - {server: 'a.example:25', from: a@a.example}\n", "config: c.yml:3:7: alerting: mail: to: nobody"},
		{"mail without a port", "alerting:\n  mail:\n    - {server: a.example, from: a@a.example, to: [b@a.example]}\n", `c.yml:3:16: alerting: mail: server: "a.example" is not host:port`},
		{"mail to no address", "alerting:\n  mail:\n    - {server: 'a.example:25', from: a@a.example, to: [ana]}\n", `alerting: mail: to: "ana" is no address`},
		{"password without TLS", "alerting:\n  mail:\n    - {server: 'a.example:25', security: none, username: a, password: {env: P}, from: a@a.example, to: [b@a.example]}\n", "alerting: mail: security: a password is not sent without TLS"},
		{"webhook without an address", "alerting:\n  webhooks:\n    - {name: x}\n", "alerting: webhooks: url: there is none"},
		{"webhook of another format", "alerting:\n  webhooks:\n    - {url: 'http://a.example/', format: teams}\n", `c.yml:3:42: alerting: webhooks: format: there is no "teams"; there are json and slack`},
		{"channel in a language nobody wrote", "alerting:\n  webhooks:\n    - {url: 'http://a.example/', language: fr}\n", `alerting: webhooks: language: there is no "fr"; there are es and en`},
		{"channel twice", "alerting:\n  mail:\n    - {server: 'a.example:25', from: a@a.example, to: [b@a.example]}\n    - {server: 'a.example:25', from: a@a.example, to: [b@a.example]}\n", "alerting: mail: name: two channels are called mail"},
		{"nothing to tell", "alerting:\n  evaluate: false\n  webhooks:\n    - {url: 'http://a.example/'}\n", "with evaluate: false there is nothing to tell"},
		{"receiver twice", "remote_write:\n  - {url: 'https://a.example/'}\n  - {url: 'http://a.example/b'}\n", "config: c.yml:3:"},
		{"date of an incident", "brands:\n  - name: A\n    incident: {date: 1/10/2026}\n", `config: c.yml:3:22: incident: date: "1/10/2026" is no day such as 2026-10-01`},
		{"day of the report", "reports:\n  weekly: {day: lunes}\n", "config: c.yml:2:17: reports: weekly: day: it is monday, tuesday,"},
		{"time of the report", "reports:\n  weekly: {at: 7am}\n", `config: c.yml:2:16: reports: weekly: at: "7am" is no time such as 07:00`},
		{"format of the report", "reports: {formats: [pdf]}\n", `config: c.yml:1:20: reports: formats: there is no "pdf"; there are xlsx, csv, json`},
		{"no language", "reports: {languages: []}\n", "reports: languages: none; there are es, en"},
		{"two documents", "scorer: a\n---\nscorer: b\n", "config: c.yml: more than one document"},
	}
	for _, tt := range tests {
		_, err := Parse("c.yml", []byte(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestEmptyFilesAreTheDefault(t *testing.T) {
	for _, file := range []string{"", "# nothing\n", "\n---\n", "\ufeffscorer: model\n"} {
		c, err := Parse("c.yml", []byte(file))
		if err != nil || c.Scorer != "model" || c.Web.Listen != "127.0.0.1:8321" {
			t.Errorf("%q: %+v, %v", file, c, err)
		}
	}
}

func TestRetentionFallsBack(t *testing.T) {
	c, err := Parse("c.yml", []byte("retention: {x: 168h, files: 0s}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]time.Duration{"x": 168 * time.Hour, "files": 0, "bluesky": 2160 * time.Hour} {
		if got := c.Kept(source); got != want {
			t.Errorf("%s: %v, want %v", source, got, want)
		}
	}
}

func TestSections(t *testing.T) {
	c, err := Parse("c.yml", []byte("sources:\n  a:\n  b: {enabled: false}\n  c:\n    every: 5m\n    key: 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !c.Sources["a"].Enabled || c.Sources["b"].Enabled || !c.Sources["c"].Enabled {
		t.Errorf("enabled: %+v", c.Sources)
	}
	into := struct {
		Every time.Duration `yaml:"every"`
		Other string        `yaml:"other"`
	}{time.Hour, "kept"}
	if err := c.Sources["c"].Decode(&into); err == nil || err.Error() != `config: c.yml:6:5: sources: c: unknown field "key"` {
		t.Errorf("got %v", err)
	}
	wide := struct {
		Every time.Duration `yaml:"every"`
		Key   int           `yaml:"key"`
		Other string        `yaml:"other"`
	}{time.Hour, 0, "kept"}
	if err := c.Sources["c"].Decode(&wide); err != nil || wide.Every != 5*time.Minute || wide.Key != 7 || wide.Other != "kept" {
		t.Errorf("got %+v, %v", wide, err)
	}
	if err := c.Sources["a"].Decode(&wide); err != nil || wide.Key != 7 {
		t.Errorf("an empty section changed %+v, %v", wide, err)
	}
}

func TestDecodeFindsTheKey(t *testing.T) {
	c, err := Parse("c.yml", []byte("sources:\n  c:\n    key: 7\n    every: 5days\n"))
	if err != nil {
		t.Fatal(err)
	}
	var into struct {
		Key   int           `yaml:"key"`
		Every time.Duration `yaml:"every"`
	}
	want := `config: c.yml:4:12: sources: c: every: time: unknown unit "days" in duration "5days"`
	if err := c.Sources["c"].Decode(&into); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAtFindsTheKey(t *testing.T) {
	c, err := Parse("c.yml", []byte("sources:\n  c:\n    every: 5s\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Sources["c"].At(errorText("every: 5s is shorter than 1m"))
	if want := "config: c.yml:3:12: sources: c: every: 5s is shorter than 1m"; got.Error() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }

func TestWiderThanLoopbackIsGuarded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.yml")
	for content, want := range map[string]string{
		"basic_auth_users: {ana: x}":                                                           "has no tls_server_config",
		"tls_server_config: {cert_file: c.pem, key_file: k.pem}":                               "has no basic_auth_users",
		"tls_server_config: {cert_file: c.pem, key_file: k.pem}\nbasic_auth_users: {ana: x}\n": "",
		"[": "is not YAML",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		err := Web{Listen: "0.0.0.0:80", ConfigFile: file}.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", content, err, want)
		}
	}
}

func TestScheme(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.yml")
	for content, want := range map[string]string{
		"basic_auth_users: {ana: x}":                             "http",
		"tls_server_config: {cert_file: c.pem, key_file: k.pem}": "https",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := (Web{ConfigFile: file}).Scheme(); got != want {
			t.Errorf("%q: got %s, want %s", content, got, want)
		}
	}
	if got := (Web{}).Scheme(); got != "http" {
		t.Errorf("without a file: %s", got)
	}
}

// The example's own keys are the defaults; its brands are made up.
func TestExampleIsTheDefault(t *testing.T) {
	c, err := Parse("example", Example([]Sample{{Source: "on", Text: "# why\nkey: 1", On: true}, {Source: "off", Text: "key: 2"}}))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sources) != 1 || !c.Sources["on"].Enabled {
		t.Errorf("sources %v", c.Sources)
	}
	c.Brands, c.Sources, c.file, c.root = nil, map[string]*Section{}, "", nil
	if want := Default(); !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

// A configuration is read or refused, at its place; what is read stays right,
// and its sections too are read or refused.
func FuzzParse(f *testing.F) {
	f.Add("brands:\n  - name: A\nsources:\n  x: {enabled: true, y: 1}\n")
	f.Add("brands:\n- {name: A, exclude: &no [test]}\n- {name: B, exclude: *no}\n")
	f.Add("web: {listen: '[::1]:1'}\nretention: {default: 1h}\n")
	f.Fuzz(func(t *testing.T, file string) {
		c, err := Parse("c.yml", []byte(file))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "config: ") {
				t.Errorf("error without its place: %v", err)
			}
			return
		}
		if err := c.Check(); err != nil {
			t.Errorf("parsed, but %v", err)
		}
		for name, s := range c.Sources {
			into := struct {
				Y    int      `yaml:"y"`
				List []string `yaml:"list"`
			}{}
			if err := s.Decode(&into); err != nil && !strings.HasPrefix(err.Error(), "config: c.yml:") {
				t.Errorf("section %q: error without its place: %v", name, err)
			}
		}
	})
}
