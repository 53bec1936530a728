package spikes

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// state is a detector as it is written out.
type state struct {
	Last    int64    `json:"last"`
	Bins    []byte   `json:"bins"` // see pack
	Late    int64    `json:"late,omitempty"`
	Mark    int64    `json:"mark,omitempty"`
	Episode *episode `json:"episode,omitempty"`
}

// MarshalJSON writes a detector out, some 12 KB of a busy brand.
func (d *Detector) MarshalJSON() ([]byte, error) {
	return json.Marshal(state{d.past.last, d.past.pack(), d.late, d.mark, d.episode})
}

// UnmarshalJSON reads what [Detector.MarshalJSON] wrote. It is an error when
// that is damaged.
func (d *Detector) UnmarshalJSON(b []byte) error {
	var s state
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("spikes: %w", err)
	}
	past, err := unpack(s.Last, s.Bins)
	if err != nil {
		return fmt.Errorf("spikes: %w", err)
	}
	*d = Detector{past: past, late: s.Late, mark: s.Mark, episode: s.Episode}
	return nil
}

// pack writes the bins, oldest first, as varints of their bits turned round:
// small whole numbers take two bytes, none takes one.
func (r *ring) pack() []byte {
	b := make([]byte, 0, 2*r.held)
	for _, part := range r.parts() {
		for _, x := range part {
			b = binary.AppendUvarint(b, uint64(bits.ReverseBytes32(math.Float32bits(x))))
		}
	}
	return b
}

var errBins = errors.New("the bins are damaged")

func unpack(last int64, b []byte) (r ring, err error) {
	var all []float32
	for len(b) > 0 {
		x, n := binary.Uvarint(b)
		if n <= 0 || x > math.MaxUint32 || len(all) == Kept+warm {
			return r, errBins
		}
		all, b = append(all, math.Float32frombits(bits.ReverseBytes32(uint32(x)))), b[n:]
	}
	for i, x := range all {
		r.add(last-int64(len(all)-1-i), float64(x))
	}
	return r, nil
}
