package language

import (
	"strings"
	"unicode"
)

// cues are frequent short words that one of the languages has to itself among
// those here, as people write them, accents often left out. A handful in a
// post says more than its trigrams.
var cues = func() map[string]string {
	lists := map[string]string{
		"en": "the and you is are was this that with for have not my it's i'm just what they your about will can't don't of to it be get got if she we out up how who when there from had been thanks thank please now still would could should here why them their our us were than then more only never because going really good great bad new love don't doesn't didn't isn't",
		"es": "el los las y en del una pero muy más esta este está hoy yo mi te le lo con por porque cuando también tengo hay ya nada todo soy ser eso gracias usted ustedes años mañana qué hace ahora así día hola mejor quiero puede tiene encanta siempre mucho gente estoy esto esos eso estás aquí allí sin sus les nos fue han son voy vez después no se me si al gusta nunca toda todos esa ese eres está están quien quién dónde cómo cuándo mejores vamos",
		"pt": "o os não nao uma em no na do da eu você voce vc muito mais mas isso meu minha pra tem é são foi ser com por quando também hoje obrigado até então estou vou bem nós nem meus seu sua ele ela esse essa aqui agora sempre ainda depois sem pela pelo dos das aos à ficar fazer tudo gente dia coisa se me nada todo toda todos nunca vamos tenho",
		"fr": "le les et est des une je pas vous nous pour dans avec sur ce cette mais plus c'est j'ai qui mon ça au aux très merci être suis fait tout bien on il elle du ou où même comme aussi j ai ont sont ses leur mes ton votre pourquoi quand aujourd bonjour rien jamais toujours encore tu me se n no",
		"de": "der die das und ist nicht ich ein eine mit auf für den von es zu auch wir sie dass aber noch wie bei dem sich nur wenn mir mich hat wird im am um als nach vom zum zur man schon mal doch jetzt heute bin sind haben hab kein keine immer wieder alle hier da ja nein mehr über für oder war sehr",
		"it": "il gli è che di non un una per sono della con ma anche più mi ti ci questo questa quando perché ho ha hai del nel alla come tutti grazie oggi fare sei siamo hanno questi ora bene così poi solo sempre mai fatto essere degli dei delle al lo la ne se dal sul loro nostro",
	}
	of := map[string]string{}
	for lang, words := range lists {
		for w := range strings.FieldsSeq(words) {
			if had, twice := of[w]; twice && had != lang {
				of[w] = "" // two languages have it: it says nothing
				continue
			}
			of[w] = lang
		}
	}
	return of
}()

// signs are letters and marks that one of the languages has to itself.
var signs = map[rune]string{'ñ': "es", '¿': "es", '¡': "es", 'ã': "pt", 'õ': "pt", 'ß': "de", 'œ': "fr"}

// byCues is the language that more cues speak for than for any other, and by
// how many; "" when there is none.
func byCues(text string) (lang string, lead int) {
	votes := map[string]int{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		if lang := cues[w]; lang != "" {
			votes[lang]++
		}
	}
	for _, r := range text {
		if lang := signs[unicode.ToLower(r)]; lang != "" {
			votes[lang] += 2
		}
	}
	best, most, second := "", 0, 0
	for _, lang := range Labels() {
		switch n := votes[lang]; {
		case n > most:
			best, most, second = lang, n, most
		case n > second:
			second = n
		}
	}
	if most > second {
		return best, most - second
	}
	return "", 0
}
