package gdelt

import "strings"

// language is one of GDELT's, by the name in its answers.
type language struct{ name, tag string }

// languages are those that GDELT translates, with their BCP 47 tags (IANA
// language subtag registry).
func languages() []language {
	return []language{
		{"English", "en"}, {"Spanish", "es"}, {"Portuguese", "pt"}, {"French", "fr"}, {"German", "de"}, {"Italian", "it"},
		{"Catalan", "ca"}, {"Galician", "gl"}, {"Basque", "eu"}, {"Dutch", "nl"}, {"Afrikaans", "af"}, {"Albanian", "sq"},
		{"Arabic", "ar"}, {"Armenian", "hy"}, {"Azerbaijani", "az"}, {"Bengali", "bn"}, {"Bosnian", "bs"}, {"Bulgarian", "bg"},
		{"Chinese", "zh"}, {"Croatian", "hr"}, {"Czech", "cs"}, {"Danish", "da"}, {"Estonian", "et"}, {"Finnish", "fi"},
		{"Georgian", "ka"}, {"Greek", "el"}, {"Gujarati", "gu"}, {"Hebrew", "he"}, {"Hindi", "hi"}, {"Hungarian", "hu"},
		{"Icelandic", "is"}, {"Indonesian", "id"}, {"Japanese", "ja"}, {"Kannada", "kn"}, {"Kazakh", "kk"}, {"Korean", "ko"},
		{"Latvian", "lv"}, {"Letton", "lv"}, {"Lithuanian", "lt"}, {"Macedonian", "mk"}, {"Malay", "ms"}, {"Malayalam", "ml"},
		{"Marathi", "mr"}, {"Mongolian", "mn"}, {"Nepali", "ne"}, {"Norwegian", "no"}, {"NorwegianNynorsk", "nn"}, {"Persian", "fa"},
		{"Polish", "pl"}, {"Punjabi", "pa"}, {"Romanian", "ro"}, {"Russian", "ru"}, {"Serbian", "sr"}, {"Sinhalese", "si"},
		{"Slovak", "sk"}, {"Slovenian", "sl"}, {"Somali", "so"}, {"Swahili", "sw"}, {"Swedish", "sv"}, {"Tamil", "ta"},
		{"Telugu", "te"}, {"Thai", "th"}, {"Tibetan", "bo"}, {"Turkish", "tr"}, {"Ukrainian", "uk"}, {"Urdu", "ur"},
		{"Vietnamese", "vi"},
	}
}

// languageName is what GDELT calls a language; regions and scripts do not
// matter to it.
func languageName(tag string) (string, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	for _, l := range languages() {
		if l.tag == base {
			return l.name, true
		}
	}
	return "", false
}

// languageTag is the BCP 47 tag of a name, "" when it is unknown.
func languageTag(name string) string {
	for _, l := range languages() {
		if strings.EqualFold(l.name, strings.TrimSpace(name)) {
			return l.tag
		}
	}
	return ""
}
