package config

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"confianza/collectors"
)

// Endpoint is a server of the operator's that we send to, and how it knows us.
type Endpoint struct {
	URL      string            `yaml:"url"`
	Username string            `yaml:"username"` // basic authentication, with Password
	Password collectors.Secret `yaml:"password"`
	Token    collectors.Secret `yaml:"token"`   // a bearer token instead
	Headers  map[string]string `yaml:"headers"` // such as X-Scope-OrgID; no secrets
}

// Check finds values that cannot work; its error begins with their key.
func (e Endpoint) Check() error {
	u, err := url.Parse(e.URL)
	switch {
	case e.URL == "":
		return errors.New("url: there is none")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("url: it is not http(s)://host[:port]/path") // not shown: it may hold a password
	case u.User != nil:
		return errors.New("url: a name and a password go into username and password, not into the address")
	case e.Username == "" && e.Password.Set():
		return errors.New("password: without a username")
	case e.Username != "" && !e.Password.Set():
		return errors.New("username: without a password")
	case e.Username != "" && e.Token.Set():
		return errors.New("token: either a token or a username and password")
	}
	for name := range e.Headers {
		if strings.EqualFold(name, "Authorization") {
			return fmt.Errorf("headers: %s is a secret: use token, or username and password", name)
		}
	}
	return nil
}

// Authorize puts headers and credentials on a request, which it reads anew, so
// that a rotated one needs no restart.
func (e Endpoint) Authorize(r *http.Request) error {
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	switch {
	case e.Username != "":
		password, err := e.Password.Reveal()
		if err != nil {
			return err
		}
		r.SetBasicAuth(e.Username, password)
	case e.Token.Set():
		token, err := e.Token.Reveal()
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}
