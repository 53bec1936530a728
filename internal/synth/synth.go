// Package synth makes up streams of posts, for load and for rehearsals.
//
// A stream is a function of time: the same moment always has the same post,
// however often and from wherever it is read. So whoever listens to it can be
// held to the exact number of mentions it should have found.
package synth

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Stream is a made-up network's posts.
type Stream struct {
	Rate  int    // posts a second
	Brand string // named by a share of them
	Share int    // of a thousand posts
}

// Post is one made-up post.
type Post struct {
	N        int64 // its number: Rate posts for each second since 1970
	At       time.Time
	Author   string
	Language string
	Text     string
	Named    bool // names the brand
}

// First is the number of the first post not before a time.
func (s Stream) First(t time.Time) int64 {
	step := int64(time.Second) / int64(s.Rate)
	return (t.UnixNano() + step - 1) / step
}

// At gives a post by its number.
func (s Stream) At(n int64) Post {
	step := int64(time.Second) / int64(s.Rate)
	h := fnv.New64a()
	fmt.Fprint(h, n)
	dice := h.Sum64()
	said := phrases[dice%uint64(len(phrases))]
	p := Post{N: n, At: time.Unix(0, n*step).UTC(), Author: fmt.Sprintf("did:plc:made%d", dice%100_000), Language: said.language,
		Named: dice>>32%1000 < uint64(s.Share)}
	who := "the neighbours"
	if p.Named {
		who = s.Brand
	}
	p.Text = fmt.Sprintf("%s (%d)", strings.ReplaceAll(said.text, "WHO", who), n)
	return p
}

// Named counts the posts that name the brand in [from, to).
func (s Stream) Named(from, to int64) (count int64) {
	for n := from; n < to; n++ {
		if s.At(n).Named {
			count++
		}
	}
	return count
}

type phrase struct{ language, text string }

var phrases = []phrase{
	{"en", "WHO lost my data and nobody answers the phone, terrible"},
	{"en", "I have to say that WHO handled this really well, thank you"},
	{"en", "Does anybody know whether WHO wrote to all customers?"},
	{"en", "Long day. Coffee with WHO, then home, then nothing at all until tomorrow morning."},
	{"es", "WHO perdió mis datos y no contesta nadie, qué vergüenza"},
	{"es", "Gracias a WHO por avisar pronto y con claridad"},
	{"es", "¿Alguien sabe si WHO ya publicó la lista de afectados?"},
	{"pt", "A WHO avisou hoje os clientes sobre o incidente de segurança"},
	{"pt", "Ninguém na WHO sabe dizer o que foi roubado, péssimo"},
	{"de", "Bei WHO geht seit Stunden niemand mehr ans Telefon"},
	{"fr", "Toujours aucune réponse de WHO depuis la fuite de données"},
	{"ja", "WHOからまだ返事がない"},
}
