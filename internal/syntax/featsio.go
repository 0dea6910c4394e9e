package syntax

import "strings"

// featValues names the values of every feature as CoNLL-U writes them, in the
// order of the format: by name.
var featValues = [...]struct {
	name   string
	values []string // value i is numbered i+1
}{
	{"Definite", []string{"Def", "Ind"}},
	{"Gender", []string{"Masc", "Fem"}},
	{"Mood", []string{"Ind", "Sub", "Cnd", "Imp"}},
	{"Number", []string{"Sing", "Plur"}},
	{"NumType", []string{"Card", "Ord"}},
	{"Person", []string{"1", "2", "3"}},
	{"Polarity", []string{"Neg"}},
	{"Poss", []string{"Yes"}},
	{"PronType", []string{"Prs", "Rel", "Dem", "Ind", "Int", "Neg", "Art", "Tot", "Exc", "Rcp"}},
	{"Reflex", []string{"Yes"}},
	{"Tense", []string{"Pres", "Past", "Imp", "Fut"}},
	{"VerbForm", []string{"Fin", "Inf", "Part", "Ger"}},
	{"Voice", []string{"Act", "Pass"}},
}

// vector returns the features as numbers in the order of featValues.
func (f *Feats) vector() [len(featValues)]uint8 {
	v := [len(featValues)]uint8{uint8(f.Definite), uint8(f.Gender), uint8(f.Mood), uint8(f.Number), uint8(f.NumType),
		f.Person, uint8(f.Polarity), 0, uint8(f.PronType), 0, uint8(f.Tense), uint8(f.VerbForm), uint8(f.Voice)}
	if f.Poss {
		v[7] = 1
	}
	if f.Reflex {
		v[9] = 1
	}
	return v
}

func featsOf(v [len(featValues)]uint8) Feats {
	return Feats{Definite: Definite(v[0]), Gender: Gender(v[1]), Mood: Mood(v[2]), Number: Number(v[3]), NumType: NumType(v[4]),
		Person: v[5], Polarity: Polarity(v[6]), Poss: v[7] != 0, PronType: PronType(v[8]), Reflex: v[9] != 0,
		Tense: Tense(v[10]), VerbForm: VerbForm(v[11]), Voice: Voice(v[12])}
}

// String returns f as CoNLL-U writes it, "_" for no features.
func (f Feats) String() string {
	var b strings.Builder
	for i, n := range f.vector() {
		if n == 0 || int(n) > len(featValues[i].values) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('|')
		}
		b.WriteString(featValues[i].name)
		b.WriteByte('=')
		b.WriteString(featValues[i].values[n-1])
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// ParseFeats reads the FEATS column of CoNLL-U. Features and values that
// [Feats] does not have are left out.
func ParseFeats(s string) Feats {
	var v [len(featValues)]uint8
	for s != "" {
		var kv string
		kv, s, _ = strings.Cut(s, "|")
		key, value, _ := strings.Cut(kv, "=")
		for i := range featValues {
			if featValues[i].name != key {
				continue
			}
			for n, name := range featValues[i].values {
				if name == value {
					v[i] = uint8(n + 1)
				}
			}
		}
	}
	return featsOf(v)
}
