package place

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestKey(t *testing.T) {
	for _, tt := range []struct{ name, a, b string }{
		{"hyphens and spaces", "Deir ez-Zor", "DEIR-EZ-ZOR"},
		{"glued", "Deir ez-Zor", "Deir Ezzor"},
		{"apostrophes", "N'Djamena", "N’Djaména"},
		{"accents", "Émirats", "EMIRATS"},
		{"composed or not", "Gaza\u0301", "Gaz\u00e1"},
		{"signs of transliteration", "Ma‘arratmişrīn", "Maarratmisrin"},
		{"ligature", "Œuilly", "Oeuilly"},
		{"saint", "St-Denis", "Saint-Denis"},
		{"saint with a full stop", "Ste. Marie", "Sainte Marie"},
		{"initials", "U.S.A.", "USA"},
	} {
		if Key(tt.a) != Key(tt.b) {
			t.Errorf("%s: %q is %q, %q is %q", tt.name, tt.a, Key(tt.a), tt.b, Key(tt.b))
		}
	}
	for _, tt := range []struct{ a, b string }{{"Gao", "Goa"}, {"Niger", "Nigeria"}, {"Stanley", "Saintanley"}} {
		if Key(tt.a) == Key(tt.b) {
			t.Errorf("%q and %q are both %q", tt.a, tt.b, Key(tt.a))
		}
	}
}

func TestRewrites(t *testing.T) {
	rules, err := parseRules("tch\tc\nch\ts\nou\tu\nkh\tk\nah$\ta\n")
	if err != nil {
		t.Fatal(err)
	}
	rw := newRewrites(rules)
	for _, tt := range []struct{ key, want string }{
		{"soukhnah", "sukna"}, {"choucha", "susa"}, {"tchad", "cad"}, {"ahmar", "ahmar"}, {"massaoud", "masaud"}, {"", ""},
	} {
		if got := string(rw.append(nil, []byte(tt.key))); got != tt.want {
			t.Errorf("%s is rewritten %s, want %s", tt.key, got, tt.want)
		}
	}
	for _, bad := range []string{"tab\n", "\tx\n", "$\tx\n"} {
		if _, err := parseRules(bad); err == nil {
			t.Errorf("rules %q are read", bad)
		}
	}
}

func source() Source {
	return Source{
		Countries:  map[string]string{"SY": "SYR", "FR": "FRA"},
		Rules:      "kh\tk\nou\tu\nah$\ta\n",
		Words:      map[string]bool{"tours": true},
		GivenNames: map[string]bool{"florence": true},
		Surnames:   map[string]bool{},
		Places: []SourcePlace{
			{GeoNames: 169575, Name: "Homs", Kind: Admin1, Country: "SY", Admin1: -1, RadiusKM: 130, Point: &Point{34.5, 38.3}},
			{GeoNames: 169577, Name: "Homs", Kind: City, Country: "SY", Admin1: 0, Point: &Point{34.72682, 36.72339}, Population: 775404,
				Seat: 2, Names: []SourceName{{Name: "Hims"}, {Name: "Émèse", Primary: true}}},
			{Wikidata: 42, Name: "As-Soukhnah", Kind: City, Country: "SY", Admin1: 0},
			{GeoNames: 2972191, Name: "Tours", Kind: City, Country: "FR", Admin1: -1, Names: []SourceName{{Name: "Florence"}}},
		},
	}
}

func TestGazetteer(t *testing.T) {
	data, err := Compile(source())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Compile(source())
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("a second compilation differs (%v)", err)
	}
	g, err := OpenGazetteer(string(data))
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) []string {
		var out []string
		for _, p := range g.lookup(nil, hashKey([]byte(Key(name)))) {
			out = append(out, g.idAt(p.entry))
		}
		slices.Sort(out)
		return out
	}
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"homs", []string{"geonames:169575", "geonames:169577"}},
		{"Emese", []string{"geonames:169577"}},
		{"HIMS", []string{"geonames:169577"}},
		{"Soukhnah", []string{"wikidata:Q42"}}, // without its article
		{"Tours", []string{"geonames:2972191"}},
		{"Florence", nil}, // a person's name, and no own name of the place
		{"Hom", nil},
	} {
		if got := lookup(tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if p := g.lookupLoose(nil, []byte("sukhna")); len(p) != 1 || g.idAt(p[0].entry) != "wikidata:Q42" {
		t.Errorf("Sukhna: %v", p)
	}

	var city entry
	var flags nameFlag
	for _, p := range g.lookup(nil, hashKey([]byte("homs"))) {
		if e := g.entryAt(p.entry); e.kind == City {
			city, flags = e, p.flags
		}
	}
	if !city.located || city.point != (Point{34.72682, 36.72339}) || city.seat != 2 || city.admin1 != 0 || flags&primary == 0 {
		t.Errorf("Homs is read as %+v, %b", city, flags)
	}
	if p := g.lookup(nil, hashKey([]byte("tours"))); len(p) != 1 || p[0].flags&commonWord == 0 || g.entryAt(p[0].entry).located {
		t.Errorf("Tours: %+v", p)
	}
	if !g.isGivenName(hashKey([]byte("florence"))) || g.isGivenName(hashKey([]byte("homs"))) || !g.isWord(hashKey([]byte("tours"))) {
		t.Error("what is a given name or a word is told wrongly")
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, tt := range []struct {
		fault string
		spoil func(*Source)
	}{
		{`Tours: unknown country "XX"`, func(s *Source) { s.Places[3].Country = "XX" }},
		{"out of order", func(s *Source) { s.Places[0].Admin1 = 2 }},
		{"rule of transliteration", func(s *Source) { s.Rules = "x\n" }},
	} {
		s := source()
		tt.spoil(&s)
		if _, err := Compile(s); err == nil || !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("error %v, want %q", err, tt.fault)
		}
	}
}

func FuzzOpenGazetteer(f *testing.F) {
	data, err := Compile(source())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(string(data[:len(data)-1]))
	f.Add(magic)
	f.Fuzz(func(t *testing.T, s string) {
		g, err := OpenGazetteer(s)
		if err != nil {
			return
		}
		for i := range g.num[secEntries] {
			g.entryAt(entryID(i))
			g.nameAt(entryID(i))
		}
		for _, name := range []string{"homs", "tours", ""} {
			for _, p := range append(g.lookup(nil, hashKey([]byte(name))), g.lookupLoose(nil, []byte(name))...) {
				g.entryAt(p.entry)
			}
		}
	})
}
