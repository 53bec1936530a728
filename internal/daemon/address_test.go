package daemon

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"confianza/internal/config"
)

func TestPageAddress(t *testing.T) {
	dir := t.TempDir()
	secure, plain := filepath.Join(dir, "tls.yml"), filepath.Join(dir, "plain.yml")
	write(t, secure, "tls_server_config: {cert_file: c.pem, key_file: k.pem}\n")
	write(t, plain, "basic_auth_users: {}\n")
	tests := []struct {
		name, listening string
		web             config.Web
		want            string
	}{
		{"as it listens", "127.0.0.1:8321", config.Web{}, "http://127.0.0.1:8321/"},
		{"everywhere is nowhere to go", "[::]:8321", config.Web{ConfigFile: secure}, "https://localhost:8321/"},
		{"a file without TLS", "127.0.0.1:8321", config.Web{ConfigFile: plain}, "http://127.0.0.1:8321/"},
		{"behind a proxy", "127.0.0.1:8321", config.Web{PublicURL: "https://trust.example"}, "https://trust.example/"},
	}
	for _, tt := range tests {
		if got := pageAddress(tt.web, tt.listening); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What the exporter-toolkit would say once we listen is said by check, and
// before anything is opened.
func TestPageConfigurationIsChecked(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "web.yml")
	tests := []struct{ name, content, want string }{
		{"absent certificate", "tls_server_config: {cert_file: nope.pem, key_file: nope.key}\n", "nope.pem"},
		{"unknown key", "bogus: 1\n", "bogus"},
		{"a password in clear", "basic_auth_users: {ana: geheim}\n", "bcrypt"},
	}
	for _, tt := range tests {
		write(t, file, "%s", tt.content)
		c := config.Default()
		c.AddBrand("Delta")
		c.Data, c.Web.ConfigFile = filepath.Join(dir, "data"), file
		for _, err := range []error{Check(c, io.Discard), Run(t.Context(), Options{Config: c})} {
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "config: web: config_file: "+file) || strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s: got %v", tt.name, err)
			}
		}
	}
}
