package language

import "unicode"

// The scripts that are told apart.
const (
	latin = iota
	cyrillic
	greek
	arabic
	hebrew
	han
	hangul
	devanagari
	bengali
	tamil
	thai
	ethiopic
	georgian
	armenian
	nko
	tifinagh
	otherScript
	scripts
)

var scriptTables = [otherScript]*unicode.RangeTable{
	cyrillic: unicode.Cyrillic, greek: unicode.Greek, arabic: unicode.Arabic, hebrew: unicode.Hebrew,
	hangul: unicode.Hangul, devanagari: unicode.Devanagari, bengali: unicode.Bengali,
	tamil: unicode.Tamil, thai: unicode.Thai, ethiopic: unicode.Ethiopic, georgian: unicode.Georgian,
	armenian: unicode.Armenian, nko: unicode.Nko, tifinagh: unicode.Tifinagh, latin: unicode.Latin, han: unicode.Han,
}

// scriptTags names the language of a script, the commonest in the news where
// there are several.
var scriptTags = [scripts]string{
	cyrillic: "ru", greek: "el", arabic: "ar", hebrew: "he", han: "zh", hangul: "ko", devanagari: "hi",
	bengali: "bn", tamil: "ta", thai: "th", ethiopic: "am", georgian: "ka", armenian: "hy", nko: "nqo",
	tifinagh: "zgh", otherScript: Undetermined,
}

// letter counts a letter beyond the Latin blocks.
func (c *counts) letter(r rune) {
	switch r {
	case 'پ', 'چ', 'ژ', 'گ', 'ی':
		c.persian++
	case 'і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є':
		c.ukrainian++
	}
	if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
		c.kana++
		c.script[han]++
		return
	}
	for s, t := range scriptTables {
		if unicode.Is(t, r) {
			c.script[s]++
			return
		}
	}
	c.script[otherScript]++
}

// scriptLanguage names the language of a text in script s.
func (c *counts) scriptLanguage(s int) string {
	switch {
	case s == arabic && c.persian*20 > c.script[arabic]:
		return "fa"
	case s == cyrillic && c.ukrainian*40 > c.script[cyrillic]:
		return "uk"
	case s == han && c.kana*10 > c.script[han]:
		return "ja"
	}
	return scriptTags[s]
}
