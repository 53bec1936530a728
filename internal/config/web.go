package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"

	"github.com/goccy/go-yaml"
)

// Web is where and how the page is served.
type Web struct {
	Listen     string `yaml:"listen"`      // host:port
	PublicURL  string `yaml:"public_url"`  // address readers use when it is another, as behind a proxy; "" for none
	ConfigFile string `yaml:"config_file"` // TLS and passwords, in the format of Prometheus' exporter-toolkit
}

// Check lets nothing but loopback listen without TLS and a password: what is
// shown points at people.
func (w Web) Check() error {
	host, _, err := net.SplitHostPort(w.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if w.PublicURL != "" {
		u, err := url.Parse(w.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
			return fmt.Errorf("public_url: %q is not http(s)://host[:port]", w.PublicURL)
		}
	}
	if loopback(host) {
		return nil
	}
	if w.ConfigFile == "" {
		return fmt.Errorf("listen: %s is not a loopback address, so web.config_file with TLS and a password is needed; or listen on 127.0.0.1 behind a proxy that has them", w.Listen)
	}
	return guarded(w.ConfigFile)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// guarded tells whether a file of the exporter-toolkit asks for TLS and a
// password or client certificate. Whether it is right in all else is the
// toolkit's to say.
func guarded(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("config_file: %w", err)
	}
	var f struct {
		TLS struct {
			CertFile       string `yaml:"cert_file"`
			Cert           string `yaml:"cert"`
			ClientAuthType string `yaml:"client_auth_type"`
		} `yaml:"tls_server_config"`
		Users map[string]string `yaml:"basic_auth_users"`
	}
	if yaml.Unmarshal(b, &f) != nil {
		return fmt.Errorf("config_file: %s is not YAML of the exporter-toolkit", path)
	}
	switch {
	case f.TLS.CertFile == "" && f.TLS.Cert == "":
		return fmt.Errorf("config_file: %s has no tls_server_config with a certificate", path)
	case len(f.Users) == 0 && f.TLS.ClientAuthType != "RequireAndVerifyClientCert":
		return errors.New("config_file: " + path + " has no basic_auth_users")
	}
	return nil
}
