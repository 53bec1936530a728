package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func packed(t testing.TB, w io.WriteCloser, into *bytes.Buffer, plain []byte) []byte {
	t.Helper()
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return into.Bytes()
}

func gzipped(t testing.TB, plain []byte) []byte {
	var b bytes.Buffer
	return packed(t, gzip.NewWriter(&b), &b, plain)
}

func deflated(t testing.TB, plain []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, w, &b, plain)
}

func zlibbedBytes(t testing.TB, plain []byte) []byte {
	var b bytes.Buffer
	return packed(t, zlib.NewWriter(&b), &b, plain)
}

func TestDecompresses(t *testing.T) {
	plain := []byte("¿Dónde están mis datos?")
	twice := append(bytes.Clone(gzipped(t, plain[:10])), gzipped(t, plain[10:])...)
	tests := []struct {
		name, encoding string
		sent, want     []byte
		says           string // the error, "" for none
	}{
		{"nothing named", "", plain, plain, ""},
		{"identity", "identity", plain, plain, ""},
		{"gzip", "gzip", gzipped(t, plain), plain, ""},
		{"gzip in capitals", " GZIP", gzipped(t, plain), plain, ""},
		{"gzip of old", "x-gzip", gzipped(t, plain), plain, ""},
		{"gzip of two members", "gzip", twice, plain, ""},
		{"deflate", "deflate", zlibbedBytes(t, plain), plain, ""},
		{"deflate in capitals", "Deflate", zlibbedBytes(t, plain), plain, ""},
		{"deflate without its wrapper", "deflate", deflated(t, plain), plain, ""},
		{"nothing, called gzip", "gzip", nil, []byte{}, ""},
		{"one byte, called gzip", "gzip", []byte{0x1f}, nil, "EOF"},
		{"text, called gzip", "gzip", plain, nil, "gzip: invalid header"},
		{"gzip cut off", "gzip", gzipped(t, plain)[:20], nil, "unexpected EOF"},
		{"gzip without its sum", "gzip", bytes.TrimSuffix(gzipped(t, plain), gzipped(t, plain)[len(gzipped(t, plain))-8:]), nil, "unexpected EOF"},
		{"deflate cut off", "deflate", zlibbedBytes(t, plain)[:10], nil, "unexpected EOF"},
		{"something newer", "br", plain, nil, "not asked for"},
		{"twice", "gzip, gzip", gzipped(t, gzipped(t, plain)), nil, "not asked for"},
	}
	for _, tt := range tests {
		c, at := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			if tt.encoding != "" {
				w.Header().Set("Content-Encoding", tt.encoding)
			}
			w.Write(tt.sent)
		})
		got, err := c.Get(t.Context(), Request{URL: at})
		switch {
		case tt.says == "" && (err != nil || !bytes.Equal(got.Body, tt.want)):
			t.Errorf("%s: got %q, %v", tt.name, got.Body, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: got %v, want it to say %q", tt.name, err, tt.says)
		case tt.says != "" && got.Body != nil:
			t.Errorf("%s: a document came with the error", tt.name)
		}
	}
}

func TestSizeIsBoundedBeforeAndAfterDecompression(t *testing.T) {
	const limit = 1 << 10
	bomb := gzipped(t, make([]byte, 10<<20)) // 10 MiB of zeros are about 10 KiB
	small := gzipped(t, make([]byte, 100<<10))
	if len(small) > limit {
		t.Fatalf("%d bytes: too large to show anything", len(small))
	}
	tests := []struct {
		name, encoding string
		sent           []byte
		ok             bool
	}{
		{"as large as may be", "", make([]byte, limit), true},
		{"one byte more", "", make([]byte, limit+1), false},
		{"compressed, as large as may be", "gzip", gzipped(t, make([]byte, limit)), true},
		{"compressed, one byte more", "gzip", gzipped(t, make([]byte, limit+1)), false},
		{"small until it is decompressed", "gzip", small, false},
		{"a bomb", "gzip", bomb, false},
		{"empty members without end", "gzip", bytes.Repeat(gzipped(t, nil), limit), false},
		{"an empty member", "gzip", gzipped(t, nil), true},
	}
	for _, tt := range tests {
		c, at := serve(t, Options{MaxBytes: limit}, func(w http.ResponseWriter, _ *http.Request) {
			if tt.encoding != "" {
				w.Header().Set("Content-Encoding", tt.encoding)
			}
			w.Write(tt.sent)
		})
		_, err := c.Get(t.Context(), Request{URL: at})
		if tt.ok && err != nil || !tt.ok && (err == nil || !strings.HasSuffix(err.Error(), ": larger than 1024 bytes")) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

// A stream that never ends is left at the limit, not read on.
func TestEndlessDocumentIsLeft(t *testing.T) {
	sent := 0
	left := make(chan bool)
	c, at := serve(t, Options{MaxBytes: 1 << 16}, func(w http.ResponseWriter, _ *http.Request) {
		defer close(left)
		for {
			n, err := w.Write(make([]byte, 1<<12))
			if sent += n; err != nil {
				return
			}
		}
	})
	_, err := c.Get(t.Context(), Request{URL: at})
	<-left
	// What the kernel holds on the way is a few MiB at most.
	if err == nil || sent > 64<<20 {
		t.Errorf("got %v after %d bytes", err, sent)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	c, at := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("a", 2<<20))
	})
	if _, err := c.Get(t.Context(), Request{URL: at}); err == nil || !strings.Contains(err.Error(), "exceeded") {
		t.Errorf("got %v", err)
	}
}

func TestTruncatedDocumentIsAnError(t *testing.T) {
	for _, encoding := range []string{"", "gzip"} {
		sent := []byte("half a document")
		if encoding != "" {
			sent = gzipped(t, sent)
		}
		c, at := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(2*len(sent)))
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			w.Write(sent)
		})
		if _, err := c.Get(t.Context(), Request{URL: at}); err == nil || !strings.HasSuffix(err.Error(), "unexpected EOF") {
			t.Errorf("%q: got %v", encoding, err)
		}
	}
}

func FuzzDecompress(f *testing.F) {
	f.Add("gzip", gzipped(f, []byte("a")))
	f.Add("deflate", zlibbedBytes(f, []byte("a")))
	f.Add("deflate", deflated(f, []byte("a")))
	f.Fuzz(func(t *testing.T, encoding string, sent []byte) {
		r, err := decompress(bytes.NewReader(sent), encoding)
		if err != nil {
			return
		}
		const limit = 1 << 16
		got, err := io.ReadAll(&capped{r: r, left: limit, over: io.ErrShortBuffer})
		if len(got) > limit || encoding == "" && (err == nil) != (len(sent) <= limit) {
			t.Errorf("%d bytes became %d: %v", len(sent), len(got), err)
		}
	})
}
