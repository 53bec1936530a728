// Package weights keeps what a linear scorer has learnt, small enough to lie
// in the binary.
//
// A [Model] is read where it lies: opening one copies nothing. Rows are found
// by a feature's hash, with a fingerprint against strangers.
package weights

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"confianza/analysis/together"
)

// Row is what one feature says: how much it speaks for negative and for
// positive, each against neutral, in logits before scaling.
type Row struct {
	Feature            uint64
	Negative, Positive float32
	Seen               uint32 // how many times it was learnt from; see [Pack]
}

// Language is what holds for one language.
type Language struct {
	Code               string  // two letters
	Negative, Positive float32 // added to the logits
	Heat               float32 // logits are multiplied by it so that probabilities are calibrated
}

// The file: magic, languages, scale, slots, a network where the magic says so,
// SHA-256 of all before; and perhaps what [Remember] adds: its magic, what is
// remembered, SHA-256 of these two.
const (
	magic     = "confianza weights 3\n"
	corrected = "confianza weights 4\n" // with a network
	memory    = "confianza learnt from 1\n"
	bits      = 21
	slots     = 1 << bits
	fullest   = slots * 6 / 10
	sumBytes  = sha256.Size
)

// Model is opened weights. It is safe for concurrent use.
type Model struct {
	Languages []Language
	Version   string // eight hexadecimal digits of the content's SHA-256, without what is remembered
	Learnt    []byte // what is remembered of the texts they were learnt from; see [Remember]
	scale     float32
	table     []byte
	net       *together.Net // nil: sums are taken as they are
}

// place gives a feature's first slot and its fingerprint, never 0.
func place(feature uint64) (slot uint32, print uint16) {
	return uint32(feature) & (slots - 1), uint16(feature>>48) | 1
}

// Pack makes the file of rows, each weight in eight bits.
//
// net, which may be nil, corrects sums; its languages are those, in order.
//
// When there are too many rows it keeps those that say most in all: their
// weight times the root of how often they were seen. By weight alone, rare
// features, whose weights are large by chance, push out what is in every other
// text: that cost 0.7 points of macro-F1, and this nothing.
func Pack(rows []Row, languages []Language, net *together.Net) []byte {
	rows = slices.Clone(rows)
	worth := func(r Row) float64 { return r.strength() * math.Sqrt(float64(r.Seen)) }
	sort.Slice(rows, func(i, j int) bool {
		a, b := worth(rows[i]), worth(rows[j])
		return a > b || a == b && rows[i].Feature < rows[j].Feature
	})
	rows = rows[:min(len(rows), fullest)]
	strongest := 0.0
	for _, r := range rows {
		strongest = max(strongest, r.strength())
	}
	scale := 1.0
	if strongest > 0 {
		scale = strongest / (127 * 127)
	}
	var b bytes.Buffer
	if net == nil {
		b.WriteString(magic)
	} else {
		b.WriteString(corrected)
	}
	b.WriteByte(byte(len(languages)))
	for _, l := range languages {
		b.WriteString(l.Code[:2])
		binary.Write(&b, binary.LittleEndian, [3]float32{l.Negative, l.Positive, l.Heat})
	}
	binary.Write(&b, binary.LittleEndian, float32(scale))
	table := make([]byte, 4*slots)
	for _, r := range rows {
		neg, pos := small(r.Negative, scale), small(r.Positive, scale)
		if neg == 0 && pos == 0 {
			continue
		}
		at, print := place(r.Feature)
		for binary.LittleEndian.Uint16(table[4*at:]) != 0 {
			at = (at + 1) & (slots - 1)
		}
		binary.LittleEndian.PutUint16(table[4*at:], print)
		table[4*at+2], table[4*at+3] = byte(neg), byte(pos)
	}
	b.Write(table)
	if net != nil {
		b.Write(net.Append(nil))
	}
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:])
	return b.Bytes()
}

// strength is the larger of what a row says.
func (r Row) strength() float64 {
	return math.Max(math.Abs(float64(r.Negative)), math.Abs(float64(r.Positive)))
}

// small is a weight in eight bits: the root of it, with its sign, so that the
// strongest are whole and the weak are not lost; [large] is its inverse.
// Cutting the strongest thousandth to the rest's range, in even steps, cost
// 1.2 points of macro-F1: these are the words that decide.
func small(w float32, scale float64) int8 {
	root := math.Round(math.Sqrt(math.Abs(float64(w)) / scale))
	return int8(math.Copysign(min(127, root), float64(w)))
}

// large is what eight bits stand for, before [Model.Scale].
func large(v int8) int64 {
	x := int64(v)
	sign := x >> 63 // no branch: which way it goes is chance
	return x * (x ^ sign - sign)
}

// ErrDamaged says that a file is no weights of this version, or not whole.
var ErrDamaged = errors.New("weights: not whole, or of another version")

// Remember adds to a file of weights what is to be known of the texts that
// they were learnt from, in bytes that mean something to others. It changes no
// score, and so no version.
func Remember(file, learnt []byte) []byte {
	added := slices.Concat([]byte(memory), learnt)
	sum := sha256.Sum256(added)
	return slices.Concat(file, added, sum[:])
}

// Open reads a file's bytes, which it keeps. The error is [ErrDamaged].
func Open(file []byte) (*Model, error) {
	if len(file) <= len(magic) {
		return nil, ErrDamaged
	}
	n := int(file[len(magic)])
	head, end := magic, len(magic)+1+14*n+4+4*slots
	if bytes.HasPrefix(file, []byte(corrected)) {
		head, end = corrected, end+together.Bytes(n)
	}
	if len(file) < end+sumBytes {
		return nil, ErrDamaged
	}
	body, ok := whole(file[:end+sumBytes], head)
	learnt, remembers := whole(file[end+sumBytes:], memory)
	if !ok || !remembers && len(file) > end+sumBytes {
		return nil, ErrDamaged
	}
	m := &Model{Version: fmt.Sprintf("%x", file[end:end+4]), Learnt: learnt}
	float := func(at int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(body[at:])) }
	for i := range n {
		at := 1 + 14*i
		m.Languages = append(m.Languages, Language{string(body[at : at+2]), float(at + 2), float(at + 6), float(at + 10)})
	}
	m.scale = float(1 + 14*n)
	m.table, body = body[1+14*n+4:][:4*slots], body[1+14*n+4+4*slots:]
	if len(body) > 0 {
		if m.net, ok = together.Open(body, n); !ok {
			return nil, ErrDamaged
		}
	}
	return m, nil
}

// whole gives what stands between a magic and the SHA-256 of both; ok is false
// when it does not.
func whole(part []byte, magic string) (body []byte, ok bool) {
	at := len(part) - sumBytes
	if at < len(magic) || string(part[:len(magic)]) != magic {
		return nil, false
	}
	sum := sha256.Sum256(part[:at])
	return part[len(magic):at], bytes.Equal(sum[:], part[at:])
}

// Sum is what features say together, before [Model.Scale].
type Sum struct {
	Negative, Positive int64
	Found              int32 // how many say anything
}

// Scale is what a sum is multiplied by to give logits.
func (m *Model) Scale() float64 { return float64(m.scale) }

// Sum adds what features say, and counts those that say anything.
//
// The table is larger than the caches near a core, and features lie all over
// it. So the first slots of several are asked for before any is looked at: the
// memory then answers many at a time.
func (m *Model) Sum(features []uint64) (s Sum) {
	var first [32]uint32
	table := (*[4 * slots]byte)(m.table)
	for len(features) > 0 {
		n := min(len(features), len(first))
		for i, f := range features[:n] {
			at := 4 * (f & (slots - 1))
			first[i] = binary.LittleEndian.Uint32(table[at : at+4])
		}
		for i, f := range features[:n] {
			if v := first[i]; uint16(v) != 0 {
				s.add(m.find(f, v))
			}
		}
		features = features[n:]
	}
	return s
}

// find gives a feature's slot, 0 when it says nothing. v is the first slot it
// could be in.
func (m *Model) find(f uint64, v uint32) uint32 {
	at, print := place(f)
	for range slots {
		if uint16(v) == print || uint16(v) == 0 {
			break
		}
		at = (at + 1) & (slots - 1)
		v = binary.LittleEndian.Uint32(m.table[4*at:])
	}
	return v
}

// add adds what a slot says; an empty one says nothing.
func (s *Sum) add(v uint32) {
	if uint16(v) != 0 {
		s.Negative += large(int8(v >> 16))
		s.Positive += large(int8(v >> 24))
		s.Found++
	}
}

// Language gives what holds for a language; ok is false when it was not
// learnt.
func (m *Model) Language(code string) (l Language, ok bool) {
	for _, l := range m.Languages {
		if l.Code == code {
			return l, true
		}
	}
	return Language{}, false
}

// Correct gives what is to be added to the logits of a text, from how its sum
// came about: nothing in a language that was not learnt, or where no network
// was. It uses the inputs up.
func (m *Model) Correct(code string, in *[together.Inputs]float32) (add together.Said) {
	if m.net == nil {
		return add
	}
	for i, l := range m.Languages {
		if l.Code == code {
			return m.net.Correct(in, i)
		}
	}
	return add
}
