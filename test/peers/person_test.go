//go:build peers

package peers

import (
	"strings"
	"time"
)

const posts = "app.bsky.feed.post"

// person has an account.
type person struct {
	n         *network
	DID       string `json:"did"`
	AccessJWT string `json:"accessJwt"`
}

func (n *network) person(name string) *person {
	n.t.Helper()
	p := &person{n: n}
	n.must(n.ask("", "com.atproto.server.createAccount", map[string]any{
		"handle": name + ".test", "email": name + "@example.test", "password": "also-made-up"}, p))
	return p
}

// say posts, and returns the record's key. It may be called from any goroutine.
func (p *person) say(lang, text string) (rkey string, err error) {
	var out struct {
		URI string `json:"uri"`
	}
	err = p.n.ask(p.AccessJWT, "com.atproto.repo.createRecord", map[string]any{
		"repo": p.DID, "collection": posts, "record": map[string]any{
			"$type": posts, "text": text, "langs": []string{lang}, "createdAt": time.Now().UTC().Format(time.RFC3339Nano)}}, &out)
	return out.URI[strings.LastIndex(out.URI, "/")+1:], err
}

func (p *person) post(lang, text string) (rkey string) {
	p.n.t.Helper()
	rkey, err := p.say(lang, text)
	p.n.must(err)
	return rkey
}

func (p *person) remove(rkey string) {
	p.n.t.Helper()
	p.n.must(p.n.ask(p.AccessJWT, "com.atproto.repo.deleteRecord", map[string]any{"repo": p.DID, "collection": posts, "rkey": rkey}, nil))
}

func (p *person) deactivate() {
	p.n.t.Helper()
	p.n.must(p.n.ask(p.AccessJWT, "com.atproto.server.deactivateAccount", map[string]any{}, nil))
}

func (p *person) activate() {
	p.n.t.Helper()
	p.n.must(p.n.ask(p.AccessJWT, "com.atproto.server.activateAccount", nil, nil))
}

// takedown is what a moderator does to an account, and undoes.
func (p *person) takedown(applied bool) {
	p.n.t.Helper()
	p.n.must(p.n.ask("admin", "com.atproto.admin.updateSubjectStatus", map[string]any{
		"subject":  map[string]any{"$type": "com.atproto.admin.defs#repoRef", "did": p.DID},
		"takedown": map[string]any{"applied": applied, "ref": "test"}}, nil))
}
