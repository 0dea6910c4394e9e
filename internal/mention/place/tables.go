package place

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tables are what a language knows of places and of the words around them.
type Tables struct {
	Gazetteer *Gazetteer
	Countries []CountryRow
	Places    []Row // a hand-made layer over the gazetteer; a later row takes the place of an earlier one of the same id
	Types     []TypeWord
	Words     []Word
}

// CountryColumns are the columns of a table of countries.
var CountryColumns = []string{"iso3", "iso2", "name", "names", "adjectives", "capital", "lat", "lon", "radius_km"}

// CountryRow is a state or territory of ISO 3166-1.
type CountryRow struct {
	ISO3     string
	Name     string
	Names    []string // others
	Forms    []string // of its adjectives, inflected, lower case
	Capitals []string
	Point    Point
	RadiusKM float64
}

// Row is a place of the hand-made layer.
type Row struct {
	ID       string // knowledge id
	Name     string
	Names    []string // others
	Kind     Kind
	Country  string // ISO 3166-1 alpha-3; empty where it lies in several or none
	Point    *Point
	RadiusKM float64
}

// TypeClass says how a word such as «ville» or «aéroport» takes a name.
type TypeClass uint8

// The classes of type word.
const (
	Same   TypeClass = iota + 1 // «la ville de X» is X
	Part                        // «l'aéroport de X» lies at X
	Around                      // «la région de X»: X where X is an area, else its surroundings
	Zone                        // «la banlieue de X»: a piece of X without a name
	Border                      // «la frontière de X»
)

// TypeWord is a word for what a place is.
type TypeWord struct {
	Word     string // lower case
	Kind     Kind
	Class    TypeClass
	Anaphor  bool // «cette ville» may mean a place named before
	Capital  bool // «la capitale»
	Piece    bool // a place only with an adjective: «la partie nord»
	Plural   bool // may be followed by examples: «des villes comme»
	RadiusKM float64
}

// WordClass is a set of what a grammar word does around names of places.
type WordClass uint32

// The classes of grammar word.
const (
	In        WordClass = 1 << iota // «à», «dans»: what follows is where something is
	Of                              // «de», and weaker signs of a name
	Article                         // «le»
	This                            // «cette»
	PersonBy                        // «M.», «président»: a person's name follows
	Dative                          // what takes a person with «à»: «déclaré à»
	Direction                       // «nord»; Value is the bearing in degrees, -1 for the centre
	Unit                            // «km»; Value in km
	About                           // «environ»
	Numeral                         // «vingt»; Value
	Between                         // «entre»
	And                             // «et»
	Says                            // a verb form whose subject acts: «annonce»
	Halfway                         // «mi-chemin»
	Route                           // «route», «axe»: what lies between two places
	Function                        // a word that opens sentences and is no name
	Soil                            // «territoire»: with an adjective, the country
	Near                            // «près», «proximité»
	Locating                        // «situé», «habitants»: with «de», a place follows
	Takes                           // a verb form whose object is often a place: «repris», «bombardé»
	By                              // «par», «contre»: a name follows, of a place or not
	Plural                          // «les», «ces»
	At                              // «à», which an unknown place may follow
	Host                            // «habitants»: with «de» comes a place, known or not
	Such                            // «comme», «tels»: examples follow of what stands before
	Inner                           // «sur», «lès»: a word inside the compound names of towns
	Lies                            // «située»: what is told so is a place
	Is                              // «est»: what follows tells what a name is
	Addresses                       // «accuser», an infinitive whose object acts: it is no place that is accused
	Cites                           // «selon»: who is named next speaks
	Called                          // «nommé»: the name of what stands before follows
)

// Word is a grammar word, lower case and without an elision's apostrophe.
type Word struct {
	Word  string
	Class WordClass
	Value float64
}

// NewFinder returns a Finder that knows the tables. It returns all faults of
// them that reading row by row cannot see.
func NewFinder(t Tables) (*Finder, error) {
	f := &Finder{
		gaz:          t.Gazetteer,
		known:        make(map[uint64][]name),
		openers:      make(map[string]bool),
		words:        make(map[string]word),
		types:        t.Types,
		adjs:         make(map[string]int16),
		rivals:       make(map[string]int16),
		byISO:        make(map[string]int16),
		capitalNames: make(map[uint64][]int16),
		french:       make(map[int32]string),
		gazIndex:     make([]int16, 0, 256),
	}
	if f.gaz == nil {
		return nil, errors.New("place tables: no gazetteer")
	}
	var faults []error
	for i, c := range t.Countries {
		f.byISO[c.ISO3] = int16(i)
		p := c.Point
		f.rows = append(f.rows, Row{
			ID: "iso:" + c.ISO3, Name: c.Name, Names: c.Names, Kind: Country, Country: c.ISO3, Point: &p, RadiusKM: c.RadiusKM,
		})
		for _, a := range c.Forms {
			// An adjective of two states («congolais») is the larger one's, where
			// the article does not tell.
			j, ok := f.adjs[a]
			switch {
			case !ok:
				f.adjs[a] = int16(i)
			case c.RadiusKM > f.rows[j].RadiusKM:
				f.rivals[a] = int16(i)
			default:
				f.adjs[a], f.rivals[a] = int16(i), j
			}
		}
	}
	f.countries = len(f.rows)
	for _, c := range f.gaz.countries() {
		i, ok := f.byISO[c]
		if !ok {
			i = -1
		}
		f.gazIndex = append(f.gazIndex, i)
	}
	at := make(map[string]int)
	for _, r := range t.Places {
		if r.Country != "" {
			if _, ok := f.byISO[r.Country]; !ok {
				faults = append(faults, fmt.Errorf("place %s: unknown country %q", r.ID, r.Country))
			}
		}
		if i, ok := at[r.ID]; ok {
			f.rows[i] = r
			continue
		}
		at[r.ID] = len(f.rows)
		f.rows = append(f.rows, r)
	}
	for i, r := range f.rows {
		f.learn(i, r)
	}
	for _, c := range t.Countries {
		f.capitals = append(f.capitals, f.capital(c))
		for _, n := range c.Capitals {
			h := hashKey([]byte(Key(n)))
			f.capitalNames[h] = append(f.capitalNames[h], f.byISO[c.ISO3])
		}
	}
	for _, w := range t.Words {
		old := f.words[w.Word]
		f.words[w.Word] = word{class: old.class | w.Class, value: old.value + w.Value, typ: old.typ}
	}
	for i, w := range t.Types {
		old := f.words[w.Word]
		old.typ = int16(i + 1)
		f.words[w.Word] = old
	}
	f.scratch.New = func() any {
		return &scratch{people: make(map[uint64]bool), groupAt: make(map[groupKey]int32), placeAt: make(map[placeKey]int32)}
	}
	return f, errors.Join(faults...)
}

// learn enters the names of row i.
func (f *Finder) learn(i int, r Row) {
	seen := make(map[string]bool)
	entry := f.entryOf(r)
	if entry >= 0 {
		f.french[entry] = r.Name
	}
	for _, n := range append([]string{r.Name}, r.Names...) {
		key := Key(n)
		if seen[key] || key == "" {
			continue
		}
		seen[key] = true
		hash := hashKey([]byte(key))
		first, _ := utf8.DecodeRuneInString(n)
		flags := primary
		if !strings.Contains(n, " ") && f.gaz.isWord(hash) {
			flags |= commonWord
		}
		if f.gaz.isGivenName(hash) {
			flags |= givenName
		}
		f.known[hash] = append(f.known[hash], name{
			row: int32(i), entry: entry, flags: flags, lower: unicode.IsLower(first), acronym: n == strings.ToUpper(n) && len(n) <= 5,
		})
		if unicode.IsLower(first) {
			w, _, _ := strings.Cut(n, " ")
			f.openers[strings.ToLower(w)] = true
		}
		// «La Havane» is «Havane» too, «La Défense» is not «Défense».
		for _, a := range []string{"Le ", "La ", "Les ", "L'"} {
			rest, ok := strings.CutPrefix(n, a)
			if hash := hashKey([]byte(Key(rest))); ok && len(rest) > 3 && !f.gaz.isWord(hash) {
				f.known[hash] = append(f.known[hash], name{row: int32(i), entry: entry, flags: primary})
			}
		}
	}
}

// entryOf returns the gazetteer's entry of the populated place that r is, -1
// where it has none: one of r's names, in its country, within 20 km.
func (f *Finder) entryOf(r Row) int32 {
	if r.Kind != City && r.Kind != Neighbourhood || r.Point == nil || r.Country == "" {
		return -1
	}
	best, pop := int32(-1), uint8(0)
	for _, n := range append([]string{r.Name}, r.Names...) {
		for _, p := range f.gaz.lookup(nil, hashKey([]byte(Key(n)))) {
			e := f.gaz.entryAt(p.entry)
			if e.kind == r.Kind && f.gazIndex[e.country] == f.byISO[r.Country] && roughKM(e.point, *r.Point) < 20 && (best < 0 || e.population > pop) {
				best, pop = int32(p.entry), e.population
			}
		}
	}
	return best
}

// capital returns the gazetteer's entry of the first of c's capitals, -1 where
// it has none.
func (f *Finder) capital(c CountryRow) int32 {
	for _, n := range c.Capitals {
		for _, p := range f.gaz.lookup(nil, hashKey([]byte(Key(n)))) {
			e := f.gaz.entryAt(p.entry)
			if f.gazIndex[e.country] == f.byISO[c.ISO3] && (e.kind == City) {
				return int32(p.entry)
			}
		}
	}
	return -1
}

// ParseKind returns the kind that s names, as in «ADMIN1», and whether there
// is one.
func ParseKind(s string) (Kind, bool) {
	i := slices.Index(kindNames[:], s)
	return Kind(i), i > 0
}

// String returns the kind as tables write it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "?"
}

var kindNames = [...]string{"_", "COUNTRY", "REGION", "ADMIN1", "ADMIN2", "CITY", "NEIGHBOURHOOD", "FACILITY", "WATER", "TERRAIN"}
