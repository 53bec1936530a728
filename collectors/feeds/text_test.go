package feeds

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	tests := []struct{ name, markup, want string }{
		{"plain text", "sin más", "sin más"},
		{"entities", "Caf&eacute; &amp; m&#225;s &#x2014; 1 &lt; 2", "Café & más — 1 < 2"},
		{"an entity that is none", "AT&T y Q&A; fin", "AT&T y Q&A; fin"},
		{"signs that are no tags", "3 < 4, 5 > 4 <3", "3 < 4, 5 > 4 <3"},
		{"a word in two elements", "<b>Del</b>ta<sup>2</sup>", "Delta2"},
		{"blocks part words", "<p>uno</p><p>dos</p>tres<br>cuatro<li>cinco", "uno dos tres cuatro cinco"},
		{"cells part words", "<td>uno</td><td>dos</td>", "uno dos"},
		{"pictures part words", "uno<img src=x alt='no'/>dos", "uno dos"},
		{"an element nobody knows", "uno<el-dos>dos</el-dos>", "uno dos"},
		{"scripts and styles", "a<script>if (1 < 2) '<p>no</p>'</script>b<STYLE>p{}</STYLE>c", "a b c"},
		{"a frame", "a<iframe src='x'>no</iframe>b<noscript><p>no</p></noscript>c", "a b c"},
		{"a comment", "a<!-- no -->b", "ab"},
		{"white space of every kind", " a\u00a0\n\tb&nbsp;&ensp;c ", "a b c"},
		{"an attribute with a sign", `<a title="x > y">uno</a>`, "uno"},
		{"cut off in a tag", "uno <a href=", "uno"},
		{"cut off in a script", "uno <script>no", "uno"},
		{"an end without a start", "</script>uno</p>", "uno"},
		{"nothing", "<p> &nbsp; </p>", ""},
	}
	for _, tt := range tests {
		if got := plain(tt.markup); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCut(t *testing.T) {
	words := strings.Repeat("año ", maxText) // 5 bytes each: the limit falls within one
	got := cut(words)
	if len(got) > maxText || len(got) < maxText-5 || !strings.HasSuffix(got, "año") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-8:])
	}
	got = cut(strings.Repeat("ñ", maxText) + " fin")
	if len(got) != maxText || !utf8.ValidString(got) {
		t.Errorf("%d bytes of a text without words, want %d", len(got), maxText)
	}
	if short := strings.Repeat("a", maxText); cut(short) != short {
		t.Error("a text within the limit was cut")
	}
}

func TestJoin(t *testing.T) {
	tests := []struct{ title, description, want string }{
		{"t", "d", "t\nd"}, {"t", "", "t"}, {"", "d", "d"}, {"t", "t", "t"}, {"", "", ""},
	}
	for _, tt := range tests {
		if got := join(tt.title, tt.description); got != tt.want {
			t.Errorf("%q and %q: got %q, want %q", tt.title, tt.description, got, tt.want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("<p>uno <b>dos</b></p><script>no</script>&amp;")
	f.Fuzz(func(t *testing.T, markup string) {
		got := plain(markup)
		if !utf8.ValidString(got) || strings.Join(strings.Fields(got), " ") != got {
			t.Errorf("%q became %q", markup, got)
		}
	})
}
