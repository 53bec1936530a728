package language

import (
	"fmt"
	"slices"
	"testing"
)

func TestIdentify(t *testing.T) {
	tests := []struct{ text, declared, want string }{
		{"The company lost all of our personal data and nobody told us about it", "", "en"},
		{"La empresa perdió todos nuestros datos y nadie nos avisó de lo que había pasado", "", "es"},
		{"A empresa perdeu todos os nossos dados pessoais e ninguém nos avisou do que aconteceu", "", "pt"},
		{"会社は私たちの個人情報をすべて失いました", "", Other},
		{"ok", "es-MX", "es"},
		{"ok", "pt_BR", "pt"},
		{"ok", "ja", Other},
		{"La empresa perdió todos nuestros datos personales y nadie nos avisó de lo que había pasado ayer", "en", "es"},
		{"", "", Other},
	}
	for _, tt := range tests {
		if got := Identify(tt.text, tt.declared).Code; got != tt.want {
			t.Errorf("Identify(%q, %q) = %q, want %q", tt.text, tt.declared, got, tt.want)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("hola\xff", "es")
	f.Fuzz(func(t *testing.T, text, declared string) {
		if got := Identify(text, declared).Code; !slices.Contains(Labels(), got) {
			t.Errorf("got %q, which is not in the closed set", got)
		}
	})
}

func ExampleIdentify() {
	fmt.Println(Identify("nadie nos ha dicho nada de lo que pasó con nuestros datos", "").Code)
	// Output: es
}

// Between languages equally near, whatlanggo follows the order of a map.
func TestSameTextSameLanguage(t *testing.T) {
	for _, text := range []string{"@AmericanAir pathetic service", "wow", "ok no", "pas mal", "delta"} {
		first := Identify(text, "")
		for range 100 {
			if again := Identify(text, ""); again != first {
				t.Fatalf("%q is %v, then %v", text, first, again)
			}
		}
	}
}
