package files

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"unicode/utf8"

	"confianza/collectors/archive"
)

// pieces gives bytes in reads of the sizes asked for, again and again.
type pieces struct {
	b     []byte
	sizes []byte
	n     int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.EOF
	}
	size := 1
	if len(p.sizes) > 0 {
		size = 1 + int(p.sizes[p.n%len(p.sizes)])
	}
	p.n++
	n := copy(to[:min(size, len(to))], p.b)
	p.b = p.b[n:]
	return n, nil
}

// However bytes arrive, rows are the same; and so they are when a file is seen
// while it grows, cut anywhere, and read on from there once it is whole.
func FuzzPieces(f *testing.F) {
	f.Add([]byte("id,text,time\n1,\"dos\nlíneas\",2026-03-01\r\n2,\"say \"hi\"\",2026-03-01\n3,tres,2026-03-01"), []byte{3, 0, 7}, uint16(22))
	f.Add([]byte("sep=;\nid;text;time\n1;a;2026-03-01\n"), []byte{}, uint16(3))
	f.Add([]byte("{\"id\":1,\"text\":\"é\",\"time\":\"2026-03-01\"}\n{\"id\":2,\"text\":\"b\",\"time\":\"2026-03-01\"}"), []byte{1}, uint16(18))
	f.Add([]byte("[{\"id\":1,\"text\":\"a\",\"time\":\"2026-03-01\"},\n{\"id\":2,\"text\":\"b\",\"time\":\"2026-03-01\"}]"), []byte{2}, uint16(50))
	f.Add([]byte("\xff\xfei\x00d\x00,\x00"), []byte{0}, uint16(3))
	r, err := Options{}.reading()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b, sizes []byte, cut uint16) {
		whole, _ := rowsOf(t, r, bytes.NewReader(b), false, archive.Mark{})
		if got, _ := rowsOf(t, r, &pieces{b: b, sizes: sizes}, false, archive.Mark{}); !slices.Equal(got, whole) {
			t.Errorf("in pieces %q, at once %q", got, whole)
		}
		// Of a file in another encoding too little may have been seen to tell which,
		// and the columns of JSON are those of its beginning.
		at := int(cut) % (len(b) + 1)
		if begins := bytes.TrimSpace(b); !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 || len(begins) > 0 && (begins[0] == '{' || begins[0] == '[') {
			return
		}
		early, to := rowsOf(t, r, bytes.NewReader(b[:at]), true, archive.Mark{})
		late, _ := rowsOf(t, r, bytes.NewReader(b), false, to)
		if got := append(early, late...); !slices.Equal(got, whole) {
			t.Errorf("cut at %d %q and %q, at once %q", at, early, late, whole)
		}
	})
}

// rowsOf reads from a mark on, and says where it came to.
func rowsOf(t *testing.T, r *reading, from io.Reader, growing bool, to archive.Mark) (all []string, end archive.Mark) {
	text := archive.NewText("a", from)
	records, err := r.format(text, growing, func([]byte) bool { return true })
	if err != nil {
		return nil, to
	}
	if err := text.Skip(to); err != nil {
		t.Fatal(err)
	}
	for {
		record, err := records.Next()
		if err != nil {
			return all, to
		}
		to = record.End
		switch {
		case record.Post != nil:
			all = append(all, record.Post.Native+" "+record.Post.Text)
		default:
			all = append(all, string(record.Dropped))
		}
	}
}
