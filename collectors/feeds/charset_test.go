package feeds

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

func TestCharacterSets(t *testing.T) {
	const spanish, japan = "¿Año «nuevo» – 5 €?", "日本語のニュース"
	as := func(e encoding.Encoding, s string) string {
		b, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	little := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	xml := func(label, text string) string {
		return `<?xml version="1.0" encoding="` + label + `"?><t>` + text + "</t>"
	}
	tests := []struct{ name, body, contentType, want string }{
		{"UTF-8", xml("UTF-8", spanish), "", spanish},
		{"nothing said", "<t>" + spanish + "</t>", "", spanish},
		{"a mark", "\xef\xbb\xbf" + xml("iso-8859-1", spanish), "", spanish},
		{"Windows-1252", xml("windows-1252", as(charmap.Windows1252, spanish)), "", spanish},
		{"Windows-1252 called Latin-1", xml("ISO-8859-1", as(charmap.Windows1252, spanish)), "", spanish},
		{"Windows-1252 called UTF-8", xml("utf-8", as(charmap.Windows1252, spanish)), "", spanish},
		{"Windows-1252, nothing said", "<t>" + as(charmap.Windows1252, spanish) + "</t>", "", spanish},
		{"UTF-8 called Latin-1", xml("iso-8859-1", spanish), "text/xml; charset=iso-8859-1", spanish},
		{"UTF-8 called UTF-16", xml("utf-16", spanish), "", spanish},
		{"UTF-8 called nonsense", xml("x-nonsense", spanish), "", spanish},
		{"Latin-9 by the server", "<t>" + as(charmap.ISO8859_15, "¿5 €?") + "</t>", "text/xml; charset=ISO-8859-15", "¿5 €?"},
		{"the document before the server", xml("ISO-8859-15", as(charmap.ISO8859_15, "¿5 €?")), "text/xml; charset=windows-1251", "¿5 €?"},
		{"single quotes", `<?xml version='1.0' encoding = 'ISO-8859-15' standalone='yes'?><t>` + as(charmap.ISO8859_15, "€") + "</t>", "", "€"},
		{"Shift JIS", xml("Shift_JIS", as(japanese.ShiftJIS, japan)), "", japan},
		{"ISO-2022-JP", xml("iso-2022-jp", as(japanese.ISO2022JP, japan)), "", japan},
		{"UTF-16", as(little, xml("utf-16", spanish)), "", spanish},
		{"UTF-16 without a mark", as(big, xml("utf-16", spanish)), "", spanish},
		{"damaged UTF-8", xml("utf-8", spanish+"\xff"), "", spanish + "\uFFFD"},
		{"control characters", xml("utf-8", "a\x00\x0b\x1fb\tc"), "", "ab\tc"},
		{"XML 1.1", `<?xml version="1.1"?><t>` + spanish + "</t>", "", spanish},
		{"a content type that cannot be read", "<t>" + spanish + "</t>", ";;=", spanish},
	}
	for _, tt := range tests {
		if got := string(utf8Of([]byte(tt.body), tt.contentType)); got != "<t>"+tt.want+"</t>" {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func FuzzUTF8(f *testing.F) {
	f.Add([]byte("<?xml version='1.0' encoding='latin1'?>\xf1"), "text/xml; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		got := utf8Of(body, contentType)
		if !utf8.Valid(got) || strings.ContainsRune(string(got), 0) {
			t.Errorf("got %q", got)
		}
	})
}
