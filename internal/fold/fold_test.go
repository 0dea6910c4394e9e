package fold

import (
	"testing"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"palmyre", "palmyre"},
		{"État islamique", "etat islamique"},
		{"L’Œuvre", "l'oeuvre"},
		{"e\u0301te\u0301", "ete"},
		{"Łódź", "lodz"},
		{"N‘Djamena", "n'djamena"},
		{"Alep‑Est", "alep-est"},
		{"2\u202f000\u00a0km", "2 000 km"},
		{"Київ", "киів"},
		{"\xff", "\ufffd"},
	} {
		if got := String(tt.in); got != tt.want {
			t.Errorf("String(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzString(f *testing.F) {
	f.Add("Été à l’Œuvre\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := String(s)
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("String(%q) = %q is not UTF-8", s, got)
		}
		if again := String(got); again != got {
			t.Errorf("String is not stable: %q, then %q", got, again)
		}
	})
}

func BenchmarkString(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		String("Déclaration")
	}
}
