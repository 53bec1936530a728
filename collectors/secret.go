package collectors

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Secret is a credential. The configuration names where it is, never what it
// is: `{env: NAME}` or `{file: PATH}`. Printing, logging or marshalling one
// shows only its place.
type Secret struct{ env, file string }

// SecretFile is a secret kept in a file; surrounding white space is cut.
func SecretFile(path string) Secret { return Secret{file: path} }

// UnmarshalYAML reads `{env: NAME}` or `{file: PATH}`.
func (s *Secret) UnmarshalYAML(unmarshal func(any) error) error {
	var place struct {
		Env  string `yaml:"env"`
		File string `yaml:"file"`
	}
	if err := unmarshal(&place); err != nil {
		return errors.New("a secret is written as {env: NAME} or {file: PATH}, never in the configuration itself")
	}
	if (place.Env == "") == (place.File == "") {
		return errors.New("a secret needs exactly one of env and file")
	}
	s.env, s.file = place.Env, place.File
	return nil
}

// Set tells whether the configuration names a place for the secret.
func (s Secret) Set() bool { return s.env != "" || s.file != "" }

// Reveal reads the secret from its place, anew at each call, so that a
// rotated credential needs no restart. An absent or empty one wraps
// [ErrRejected]: only the operator can supply it.
func (s Secret) Reveal() (string, error) {
	switch {
	case s.env != "":
		if v := strings.TrimSpace(os.Getenv(s.env)); v != "" {
			return v, nil
		}
		return "", missing(fmt.Errorf("secret: environment variable %s is empty: %w", s.env, ErrRejected))
	case s.file != "":
		b, err := os.ReadFile(s.file)
		if err != nil {
			return "", missing(fmt.Errorf("secret: %w: %w", err, ErrRejected))
		}
		if v := strings.TrimSpace(string(b)); v != "" {
			return v, nil
		}
		return "", missing(fmt.Errorf("secret: file %s is empty: %w", s.file, ErrRejected))
	}
	return "", missing(fmt.Errorf("secret: not configured: %w", ErrRejected))
}

func missing(err error) error { return Because(CauseSecret, err) }

// String names the secret's place.
func (s Secret) String() string {
	switch {
	case s.env != "":
		return "[secret in $" + s.env + "]"
	case s.file != "":
		return "[secret in " + s.file + "]"
	}
	return "[no secret]"
}

// LogValue keeps the secret out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
