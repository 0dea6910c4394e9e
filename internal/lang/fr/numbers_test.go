package fr

import (
	"math"
	"strings"
	"testing"

	"github.com/depeche-events/depeche/internal/text"
)

func TestCardinal(t *testing.T) {
	n, err := loadNumbers(knowledge)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text string
		want float64
		last int // words read; 0: no number
	}{
		{"zéro", 0, 1}, {"un", 1, 1}, {"onze", 11, 1}, {"dix sept", 17, 2}, {"dix-sept", 17, 1}, {"vingt et un", 21, 3},
		{"vingt-et-un", 21, 1}, {"vingt-trois", 23, 1}, {"soixante dix", 70, 2}, {"soixante et onze", 71, 3},
		{"soixante-dix-huit", 78, 1}, {"quatre vingt", 80, 2}, {"quatre-vingts", 80, 1}, {"quatre-vingt-onze", 91, 1},
		{"quatre vingt dix neuf", 99, 4}, {"septante-deux", 72, 1}, {"nonante neuf", 99, 2},
		{"cent", 100, 1}, {"cent dix-huit", 118, 2}, {"deux cents", 200, 2}, {"deux cent cinquante", 250, 3},
		{"mille", 1000, 1}, {"mille neuf cent quatorze", 1914, 4}, {"quatre mille vingt", 4020, 3}, {"cent mille", 100000, 2},
		{"deux cent cinquante mille", 250000, 4}, {"trois millions", 3e6, 2}, {"un million deux cent mille", 1.2e6, 5},
		{"300", 300, 1}, {"3,5 millions", 3.5e6, 2}, {"1,2 milliard", 1.2e9, 2}, {"300 mille", 3e5, 2}, {"2 millions 300000", 2.3e6, 3},
		{"quatre trois", 4, 1}, {"vingt vingt", 20, 1}, {"cent cent", 100, 1}, {"un et demi", 1, 1}, {"mille millions", 1000, 1},
		{"deux soldats", 2, 1}, {"vingt et une", 21, 3}, {"vingt et trois", 20, 1},
		{"et", 0, 0}, {"millions", 0, 0}, {"soldats", 0, 0}, {"20h30", 0, 0}, {"9e", 0, 0}, {"", 0, 0},
	} {
		var words []text.Word
		for i, f := range strings.Split(tt.text, " ") {
			words = append(words, text.Word{Form: f, Token: i})
		}
		c, ok := n.cardinal(words, 0)
		if ok != (tt.last > 0) || ok && (c.value != tt.want || c.last != tt.last) {
			t.Errorf("%q is %g in %d words, %v; want %g in %d", tt.text, c.value, c.last, ok, tt.want, tt.last)
		}
	}
}

func TestFigure(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		s    string
		want float64
	}{
		{"0", 0}, {"7", 7}, {"2015", 2015}, {"2 000", 2000}, {"2\u00a0000", 2000}, {"2\u202f000", 2000}, {"3 000 000", 3e6},
		{"1.500", 1500}, {"1.200.000", 1.2e6}, {"3,5", 3.5}, {"3.5", 3.5}, {"6 700,54", 6700.54}, {"6.700,54", 6700.54},
		{"1,500,000", 1.5e6}, {"100,000", 100000}, {"0,25", 0.25}, {"10'000", 10000},
		{"01", nan}, {"01 42", nan}, {"2 00", nan}, {"20h30", nan}, {"9e", nan}, {"3-1", nan}, {"192.168.1.1", nan}, {"1.2.3", nan},
		{"5.", nan}, {",5", nan}, {"2000 000", nan}, {"", nan}, {"12345678901234567890", nan},
	} {
		got, ok := figure(tt.s)
		if ok == math.IsNaN(tt.want) || ok && got != tt.want {
			t.Errorf("figure(%q) = %g, %v, want %g", tt.s, got, ok, tt.want)
		}
	}
}

func FuzzFigure(f *testing.F) {
	for _, s := range []string{"2 000", "1.200.000,5", "3,5", "0,", "1\u202f0", "9'999", "--", "1.000.00"} {
		f.Add(s)
	}
	n, err := loadNumbers(knowledge)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, ok := figure(s); ok && (v < 0 || math.IsInf(v, 0) || math.IsNaN(v)) {
			t.Errorf("figure(%q) = %g", s, v)
		}
		var words []text.Word
		for i, w := range strings.Fields(s) {
			words = append(words, text.Word{Form: w, Token: i})
		}
		for i := range words {
			if c, ok := n.cardinal(words, i); ok && (c.last <= i || c.last > len(words) || c.value < 0 || math.IsNaN(c.value)) {
				t.Errorf("cardinal %q at %d: %+v", s, i, c)
			}
		}
	})
}
