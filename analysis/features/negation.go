package features

import "strings"

// scope is how many tokens behind a negation are negated, if no clause ends
// before.
const scope = 4

// negators are the words that negate what follows, folded, by language.
var negators = func() map[string]*table[struct{}] {
	lists := map[string]string{
		"en": "not no never nothing nobody none neither nor cannot without hardly don't doesn't didn't isn't wasn't aren't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't ain't dont doesnt didnt isnt wasnt arent wont wouldnt cant couldnt shouldnt havent hasnt aint",
		"es": "no ni nunca jamas nada nadie ningun ninguna ninguno sin tampoco",
		"pt": "nao n nem nunca jamais nada ninguem nenhum nenhuma sem tampouco",
		"fr": "ne n' pas ni jamais rien personne aucun aucune sans plus non",
		"de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder nix ned net",
		"it": "non ne mai niente nulla nessuno nessuna nessun senza neanche nemmeno neppure",
		"ar": "لا ما لم لن ليس ليست مش مو غير بدون ولا",
		"hi": "nahi nahin nai na mat bina नहीं न मत बिना",
	}
	of := map[string]*table[struct{}]{}
	for lang, words := range lists {
		set := newTable[struct{}]()
		for w := range strings.FieldsSeq(words) {
			set.put(hash([]byte(w)), struct{}{})
		}
		of[lang] = set
	}
	return of
}()

// negate marks what stands behind a negation.
func (r *Reader) negate(language string) {
	set := negators[language]
	if set == nil {
		return
	}
	left := 0
	for i := range r.Tokens {
		t := &r.Tokens[i]
		_, negates := set.get(t.Hash)
		switch {
		case negates && t.Kind == Word:
			left = scope
		case left > 0:
			t.Negated = true
			left--
		}
		if t.Ends {
			left = 0
		}
	}
}
