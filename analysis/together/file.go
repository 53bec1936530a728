package together

import (
	"encoding/binary"
	"math"
)

// Bytes is how long a network for so many languages is in a file.
func Bytes(languages int) int { return 1 + 4*(2*Inputs+1+2+Hidden*(Inputs+languages+2)) }

// Append writes the network behind b: how many inputs it has, then its numbers
// as 32-bit floats, the first byte the lowest.
func (n *Net) Append(b []byte) []byte {
	b = append(b, byte(Inputs))
	for _, some := range n.numbers() {
		for _, x := range some {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}

// Open reads what [Net.Append] wrote; ok is false when it is not that, or has
// other inputs.
func Open(b []byte, languages int) (n *Net, ok bool) {
	if len(b) != Bytes(languages) || int(b[0]) != Inputs {
		return nil, false
	}
	b = b[1:]
	n = empty(languages)
	for _, some := range n.numbers() {
		for i := range some {
			some[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
			b = b[4:]
		}
	}
	return n, true
}
