package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Said is a made-up post that was scored.
type Said struct {
	Author, Text string
	Score        float64 // -1 to 1
	Young        bool    // the account is new
}

// Crowd is people who speak on one day.
type Crowd struct {
	Name   string // begins their authors' keys
	People int
	Each   float64 // posts a person, on average; one at least
	Mood   float64 // mean score of a person, -1 to 1
	Spread float64 // standard deviation of a person's mood
	Young  bool
	// Template is what all of them post, with this share of its words exchanged;
	// "" has everybody write words of their own.
	Template string
	Varied   float64
}

// vocabulary is what words of their own are made of.
var vocabulary = strings.Fields(`airline data flight customer email password money bank phone company news people today again never always
	trust believe angry sorry late early travel airport seat luggage refund ticket price service help answer wait call letter breach leak stolen
	lost found happy good bad terrible great fine slow fast cold warm city country summer winter morning evening family friend work school doctor
	lawyer police court minister paper story question reason problem change future past number name card account secret public private simple`)

// Speak is what a crowd says.
func (c Crowd) Speak(r *rand.Rand) (all []Said) {
	for i := range c.People {
		mood := c.Mood + c.Spread*r.NormFloat64()
		for range 1 + poisson(r, c.Each-1) {
			all = append(all, Said{Author: fmt.Sprint(c.Name, i), Text: c.text(r), Score: max(-1, min(1, mood+0.3*r.NormFloat64())), Young: c.Young})
		}
	}
	return all
}

func (c Crowd) text(r *rand.Rand) string {
	if c.Template != "" {
		return Vary(r, c.Template, c.Varied)
	}
	words := make([]string, 8+r.IntN(12))
	for i := range words {
		words[i] = vocabulary[r.IntN(len(vocabulary))]
	}
	return strings.Join(words, " ")
}

// Vary exchanges a share of a text's words.
func Vary(r *rand.Rand, text string, share float64) string {
	words := strings.Fields(text)
	for i := range words {
		if r.Float64() < share {
			words[i] = vocabulary[r.IntN(len(vocabulary))]
		}
	}
	return strings.Join(words, " ")
}
