package feeds

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxText bounds a post's text, in bytes: more than a summary ever has.
const maxText = 8 << 10

// plain is what a reader sees of a piece of HTML, in one line of single
// spaces. Plain text stays as it is.
//
// It never builds a tree, so that nothing in the markup can cost more than
// reading it once.
func plain(markup string) string {
	var b strings.Builder
	hidden := atom.Atom(0) // the element whose end is awaited
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken: // the end, or markup cut off
			return strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), "\uFFFD")), " ")
		case html.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name := tag(z)
			if hidden == 0 && unseen[name] {
				hidden = name
			}
			space(&b, name)
		case html.EndTagToken:
			name := tag(z)
			if name == hidden {
				hidden = 0
			}
			space(&b, name)
		case html.SelfClosingTagToken:
			space(&b, tag(z))
		}
	}
}

func tag(z *html.Tokenizer) atom.Atom {
	name, _ := z.TagName()
	return atom.Lookup(name)
}

// space parts words as any element does that does not belong into a line.
func space(b *strings.Builder, name atom.Atom) {
	if !inline[name] {
		b.WriteByte(' ')
	}
}

// unseen are elements whose text is not for readers.
var unseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true,
	atom.Head: true, atom.Title: true, atom.Textarea: true, atom.Select: true, atom.Noembed: true, atom.Noframes: true,
	atom.Svg: true, atom.Math: true, atom.Audio: true, atom.Video: true, atom.Canvas: true,
}

// inline are elements that may be inside a word.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Big: true, atom.Cite: true,
	atom.Code: true, atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true, atom.I: true,
	atom.Ins: true, atom.Kbd: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Samp: true, atom.Small: true,
	atom.Span: true, atom.Strike: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.Tt: true,
	atom.U: true, atom.Var: true, atom.Wbr: true,
}

// join makes a post's text of a title and a description, which may repeat the
// title or be missing.
func join(title, description string) string {
	switch {
	case title == "":
		return cut(description)
	case description == "" || description == title:
		return cut(title)
	}
	return cut(title + "\n" + description)
}

// cut shortens a text to [maxText] at the end of a word, or of a character
// when there is no word.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	text = strings.ToValidUTF8(text[:maxText], "")
	if at := strings.LastIndexAny(text, " \n"); at > maxText/2 {
		text = text[:at]
	}
	return text
}
