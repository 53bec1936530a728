package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Web is where and how the page is served.
type Web struct {
	Listen     string `yaml:"listen"`      // host:port
	PublicURL  string `yaml:"public_url"`  // address readers use when it is another, as behind a proxy; "" for none
	ConfigFile string `yaml:"config_file"` // TLS and passwords, in the format of Prometheus' exporter-toolkit
}

// Check finds values that cannot work; its error begins with their key. It lets nothing but loopback listen without TLS and a password: what is
// shown points at people.
func (w Web) Check() error {
	host, port, err := net.SplitHostPort(w.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("listen: %s: a port is a number up to 65535", w.Listen)
	}
	if w.PublicURL != "" {
		u, err := url.Parse(w.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" || u.User != nil {
			return errors.New("public_url: it is not http(s)://host[:port]") // not shown: it may hold a password
		}
	}
	if loopback(host) {
		return nil
	}
	if w.ConfigFile == "" {
		return fmt.Errorf("listen: %s is not a loopback address, so web.config_file with TLS and a password is needed; or listen on 127.0.0.1 behind a proxy that has them", w.Listen)
	}
	return w.guarded()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Scheme is https when ConfigFile has a certificate, otherwise http.
func (w Web) Scheme() string {
	if t, err := w.toolkit(); err == nil && t.encrypted() {
		return "https"
	}
	return "http"
}

// guarded tells whether ConfigFile asks for TLS and a password or client
// certificate. Whether it is right in all else is the toolkit's to say.
func (w Web) guarded() error {
	t, err := w.toolkit()
	switch {
	case err != nil:
		return err
	case !t.encrypted():
		return fmt.Errorf("config_file: %s has no tls_server_config with a certificate", w.ConfigFile)
	case len(t.Users) == 0 && t.TLS.ClientAuthType != "RequireAndVerifyClientCert":
		return fmt.Errorf("config_file: %s has no basic_auth_users", w.ConfigFile)
	}
	return nil
}

// toolkit is what concerns us of a file of the exporter-toolkit.
type toolkit struct {
	TLS struct {
		CertFile       string `yaml:"cert_file"`
		Cert           string `yaml:"cert"`
		ClientAuthType string `yaml:"client_auth_type"`
	} `yaml:"tls_server_config"`
	Users map[string]string `yaml:"basic_auth_users"`
}

func (t toolkit) encrypted() bool { return t.TLS.CertFile != "" || t.TLS.Cert != "" }

// toolkit reads ConfigFile; "" is a file that asks for nothing.
func (w Web) toolkit() (t toolkit, err error) {
	if w.ConfigFile == "" {
		return t, nil
	}
	b, err := read(w.ConfigFile)
	if err != nil {
		return t, fmt.Errorf("config_file: %w", err)
	}
	if yaml.Load(b, &t) != nil { // its error would show what stands there
		return t, fmt.Errorf("config_file: %s is not YAML of the exporter-toolkit", w.ConfigFile)
	}
	return t, nil
}
