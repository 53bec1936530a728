package language

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"
)

// Weights are what was learnt of languages. They are safe for concurrent use.
type Weights struct {
	Version string    // eight hexadecimal digits of the content's SHA-256
	codes   []string  // of the classes, ours first
	bias    []float32 // of each class
	arabic  []bool    // which classes are written in Arabic letters
	scale   float32   // what a weight of eight bits is multiplied by
	rows    []byte    // of each bucket, lanes weights, 128 being none
	file    []byte

	mu   sync.Mutex
	idle []*memory // as many as ever read at once
}

// lanes is how many classes there may be. Eight weights are one word of the
// machine's: see [sums].
const lanes = 24

const magic = "confianza languages 1\n"

// pack keeps eight bits of each weight.
func (l *learner) pack() *Weights {
	n := buckets * l.classes
	top := float32(0)
	for _, w := range l.w[:n] {
		top = max(top, w, -w)
	}
	scale := max(top, 1e-6) / 127
	var b bytes.Buffer
	b.WriteString(magic)
	b.WriteByte(byte(l.classes))
	for k, code := range l.codes {
		b.WriteString((code + "  ")[:2])
		binary.Write(&b, binary.LittleEndian, l.w[n+k])
	}
	binary.Write(&b, binary.LittleEndian, scale)
	for row := range buckets {
		for k := range lanes {
			w := 0.0
			if k < l.classes {
				w = math.Round(float64(l.w[row*l.classes+k] / scale))
			}
			b.WriteByte(byte(int(w) + 128))
		}
	}
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:])
	w, err := Open(b.Bytes())
	if err != nil {
		panic(err) // it was written a line before
	}
	return w
}

// ErrDamaged says that a file is no weights of languages, or not whole.
var ErrDamaged = errors.New("language: weights: not whole, or of another version")

// Open reads a file's bytes, which it keeps. The error is [ErrDamaged].
func Open(file []byte) (*Weights, error) {
	rest, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok || len(rest) == 0 {
		return nil, ErrDamaged
	}
	classes := int(rest[0])
	if classes < 1 || classes > lanes || len(rest) != 1+6*classes+4+buckets*lanes+sha256.Size {
		return nil, ErrDamaged
	}
	sum := sha256.Sum256(file[:len(file)-sha256.Size])
	if !bytes.Equal(sum[:], file[len(file)-sha256.Size:]) {
		return nil, ErrDamaged
	}
	w := &Weights{Version: fmt.Sprintf("%x", sum[:4]), file: file}
	rest = rest[1:]
	for range classes {
		code := string(rest[:2])
		w.codes = append(w.codes, code)
		w.arabic = append(w.arabic, code == "ar" || code == "fa")
		w.bias = append(w.bias, math.Float32frombits(binary.LittleEndian.Uint32(rest[2:])))
		rest = rest[6:]
	}
	w.scale = math.Float32frombits(binary.LittleEndian.Uint32(rest))
	w.rows = rest[4 : 4+buckets*lanes]
	return w, nil
}

// Bytes is the file that [Open] reads.
func (w *Weights) Bytes() []byte { return w.file }

// sums adds the weights of a word's features to those of every class, four
// classes in one addition. A sum of n weights is too large by 128 n; sixteen
// bits hold those of a word, whose features are fewer than 160.
type sums [lanes / 4]uint64

const even8 = 0x00FF00FF00FF00FF

func (s *sums) add(rows *[lanes]byte) {
	for i := range lanes / 8 {
		v := binary.LittleEndian.Uint64(rows[8*i:])
		s[2*i] += v & even8
		s[2*i+1] += v >> 8 & even8
	}
}

// join adds the sums of another word. Together they may have most features.
func (s *sums) join(o *sums) {
	for i := range s {
		s[i] += o[i]
	}
}

// most is how many weights sixteen bits hold the sum of.
const most = 1<<16/255 - 1

// of is the sum of a class.
func (s *sums) of(class int) int {
	return int(s[2*(class/8)+class%2] >> (16 * (class % 8 / 2)) & 0xFFFF)
}
