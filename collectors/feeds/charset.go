package feeds

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// utf8Of is a document in UTF-8, without the declaration that named another
// character set, and without control characters that no XML may have.
//
// A byte order mark is believed first, then what the document declares, then
// what the server does: that one is often a default nobody chose. Bytes that
// are UTF-8 beyond ASCII are not taken for Latin-1 whoever says so; bytes that
// are not are taken for Windows-1252 when nothing better is said.
func utf8Of(body []byte, contentType string) []byte {
	if wide, ok := utf16(body); ok {
		body = transcode(wide, body)
	} else {
		body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
		body = transcode(charsetOf(body, contentType), body)
	}
	body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	body = declaration.ReplaceAll(body, nil)
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return -1
		}
		return r
	}, body)
}

var (
	declaration = regexp.MustCompile(`^\s*<\?xml\s[^>]*\?>`)
	declared    = regexp.MustCompile(`\sencoding\s*=\s*["']([^"']+)["']`)
)

func utf16(body []byte) (encoding.Encoding, bool) {
	order := unicode.LittleEndian
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("<\x00")), bytes.HasPrefix(body, []byte("{\x00")):
	case bytes.HasPrefix(body, []byte("\xfe\xff")), bytes.HasPrefix(body, []byte("\x00<")), bytes.HasPrefix(body, []byte("\x00{")):
		order = unicode.BigEndian
	default:
		return nil, false
	}
	return unicode.UTF16(order, unicode.UseBOM), true
}

// charsetOf gives the encoding of bytes that are not UTF-16; nil means UTF-8.
func charsetOf(body []byte, contentType string) encoding.Encoding {
	label := ""
	if m := declared.FindSubmatch(declaration.Find(body[:min(len(body), 1024)])); m != nil {
		label = string(m[1])
	} else if _, params, err := mime.ParseMediaType(contentType); err == nil {
		label = params["charset"]
	}
	said, name := charset.Lookup(label)
	if said == nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") || name == "replacement" {
		if mostlyUTF8(body) {
			return nil
		}
		return charmap.Windows1252
	}
	oneByte := strings.HasPrefix(name, "windows-") || strings.HasPrefix(name, "iso-8859-") || name == "macintosh"
	if oneByte && utf8.Valid(body) {
		return nil // ASCII, or UTF-8 under a wrong name
	}
	return said
}

// mostlyUTF8 tells damaged UTF-8 from another character set.
func mostlyUTF8(b []byte) bool {
	many, wrong := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			wrong++
		case n > 1:
			many++
		}
		b = b[n:]
	}
	return wrong == 0 || many > wrong
}

// transcode turns bytes into UTF-8; what cannot be read becomes U+FFFD.
func transcode(from encoding.Encoding, body []byte) []byte {
	if from == nil {
		return body
	}
	plain, err := from.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return plain
}
