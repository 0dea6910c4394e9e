package article

import (
	"strings"
	"testing"
)

func TestAppendWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"L'armée a été chassée", "L armée a été chassée"},
		{"Suivez-nous surTelegram", "Suivez nous sur Telegram"},
		{"PARISParis: un mort", "PARIS Paris un mort"},
		{"ÉTÉPrésident", "ÉTÉ Président"},
		{"les ONGs et l'OTAN", "les ONGs et l OTAN"},
		{"à 13h24, le 1er", "à 13 h 24 le 1 er"},
		{"© AFP", "© AFP"},
		{"Ça coûte 20 €", "Ça coûte 20"},
		{"mot\u00ad-clé «cœur»", "mot clé cœur"},
		{"", ""},
		{"—…!", ""},
		{"кириллица и 漢字", "кириллица и 漢字"},
	} {
		var got []string
		for _, w := range appendWords(nil, tt.text, 0, len(tt.text)) {
			got = append(got, strings.ReplaceAll(tt.text[w.begin:w.end], "\u00ad", ""))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestWordsFold(t *testing.T) {
	for _, tt := range []struct{ a, b string }{
		{"À LIRE AUSSI", "a lire aussi"}, {"Publicité", "PUBLICITE"}, {"L’ŒUVRE", "l'oeuvre"}, {"e\u0301te\u0301", "été"},
		{"Parisparis", "PARISPARIS"}, {"l‘été", "L'ETE"}, {"Suivez-nous", "suivez nous"},
	} {
		if !sameWords(tt.a, tt.b) {
			t.Errorf("%q and %q are not the same words", tt.a, tt.b)
		}
	}
	for _, tt := range []struct{ a, b string }{{"lire", "lire aussi"}, {"", ""}, {"—", "…"}, {"pur", "pour"}} {
		if sameWords(tt.a, tt.b) {
			t.Errorf("%q and %q are the same words", tt.a, tt.b)
		}
	}
}

func TestWordShapes(t *testing.T) {
	text := "Titre : LE 20 surTelegram"
	want := []shape{capital | colon, capital | upper, number, 0, capital | glued}
	for i, w := range appendWords(nil, text, 0, len(text)) {
		if w.shape != want[i] {
			t.Errorf("%q has shape %b, want %b", text[w.begin:w.end], w.shape, want[i])
		}
	}
}

func TestTrim(t *testing.T) {
	for _, tt := range []struct{ s, want string }{
		{" \u00a0a b\u2028\ufeff", "a b"}, {"\x00\u200b", ""}, {"é", "é"}, {"", ""},
	} {
		if b, e := trim(tt.s, 0, len(tt.s)); tt.s[b:e] != tt.want {
			t.Errorf("%q: %q", tt.s, tt.s[b:e])
		}
	}
}

func TestLineEnding(t *testing.T) {
	for _, tt := range []struct {
		s    string
		want ending
	}{
		{"Il est parti.", fullStop}, {"Il est parti ».", fullStop}, {"« Il est parti. »", fullStop}, {"Et puis…", fullStop},
		{"Est-il parti ?", asking}, {"« Partez ! »", asking}, {"Il a dit :", leading}, {"un pont,", listing},
		{"Trois morts à Gao", open}, {"Trois morts (vidéo)", open}, {"", open}, {"»", open},
	} {
		if got := lineEnding(tt.s); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.s, got, tt.want)
		}
	}
}

func TestSentenceEnd(t *testing.T) {
	for _, tt := range []struct{ s, first string }{
		{"Il est parti. Elle reste.", "Il est parti. "},
		{"« Il est parti. » Elle reste.", "« Il est parti. » "},
		{"Il est parti.Elle reste.", "Il est parti."},
		{"M. Keïta est parti à 10.30 heures", "M. Keïta est parti à 10.30 heures"},
		{"J. R. R. Tolkien écrit.", "J. R. R. Tolkien écrit."},
		{"Qui part ? Lui.", "Qui part ? "},
		{"rien", "rien"},
	} {
		if got := tt.s[:sentenceEnd(tt.s, 0, len(tt.s))]; got != tt.first {
			t.Errorf("%q: %q, want %q", tt.s, got, tt.first)
		}
	}
}
