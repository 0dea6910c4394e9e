package place

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Source is what a gazetteer is compiled from.
type Source struct {
	// Places: those that are another's Admin1 stand before it.
	Places []SourcePlace
	// Countries maps ISO 3166-1 alpha-2 to alpha-3 codes.
	Countries map[string]string
	// Rules are rules of transliteration, «from TAB to» a line.
	Rules string
	// Words, GivenNames and Surnames tell what else a name may be; their
	// members are keys as Key makes them.
	Words, GivenNames, Surnames map[string]bool
}

// SourcePlace is a place to be compiled.
type SourcePlace struct {
	GeoNames, Wikidata uint32 // one of them; 0 for none
	Name               string
	Kind               Kind
	Country            string // ISO 3166-1 alpha-2
	Admin1             int    // index of the first-level division in Places, -1 for none
	Point              *Point
	Population         int
	Seat               uint8   // 3 a country's capital, 2 a first-level division's seat, 1 a lower one's
	RadiusKM           float64 // of an area
	Names              []SourceName
}

// SourceName is a name of a place.
type SourceName struct {
	Name    string
	Primary bool // what French, or the place itself, calls it
	Seat    bool // the name of the area's seat
	Known   bool // the name by which French knows this place before others
}

// Key is the form in which names are compared: lower case, without accents,
// spaces, hyphens and apostrophes.
func Key(name string) string { return string(appendKey(nil, name)) }

// leadingArticles are what a name may begin with and a text leave off or
// contract.
var leadingArticles = []string{"Le ", "La ", "Les ", "L'", "L’", "El ", "El-", "Al ", "Al-", "An ", "An-", "Ar ", "Ar-",
	"As ", "As-", "Ash ", "Ash-", "At ", "At-", "Ad ", "Ad-", "Az ", "Az-", "Ed ", "Ed-", "Es ", "Es-", "Er ", "Er-",
	"En ", "En-", "Et ", "Et-", "Ez ", "Ez-", "Ech ", "Ech-", "The ", "Aş ", "Aţ ", "Aḑ ", "Az̧ ", "Ath ", "Adh "}

// Compile writes the places of src in the format that OpenGazetteer reads. The
// same source gives the same bytes.
func Compile(src Source) ([]byte, error) {
	rules, err := parseRules(src.Rules)
	if err != nil {
		return nil, err
	}
	rw := newRewrites(rules)
	if len(src.Places) > maxEntries {
		return nil, fmt.Errorf("%d places, at most %d", len(src.Places), maxEntries)
	}

	var iso2 []string
	for c := range src.Countries {
		iso2 = append(iso2, c)
	}
	sort.Strings(iso2)
	countryIndex := make(map[string]int, len(iso2))
	var countries []byte
	for i, c := range iso2 {
		countryIndex[c] = i
		countries = append(append(countries, src.Countries[c]...), c...)
	}

	var entries, heap []byte
	heapAt := make(map[string]int)
	var names, loose []keyed
	for i, p := range src.Places {
		country, ok := countryIndex[p.Country]
		if !ok {
			return nil, fmt.Errorf("%s: unknown country %q", p.Name, p.Country)
		}
		if p.Admin1 >= math.MaxUint16 || p.Admin1 >= i || len(p.Name) > math.MaxUint8 {
			return nil, fmt.Errorf("%s: first-level division %d out of order, or a name too long", p.Name, p.Admin1)
		}
		at, ok := heapAt[p.Name]
		if !ok {
			at = len(heap)
			heapAt[p.Name] = at
			heap = append(heap, p.Name...)
		}
		entries = appendEntry(entries, p, at, country)
		for key, flags := range src.keys(p) {
			names = append(names, keyed{hashKey([]byte(key)), uint32(i) | uint32(flags)<<entryBits})
			if l := rw.append(nil, []byte(key)); len(l) >= 4 {
				loose = append(loose, keyed{hashKey(l), uint32(i) | uint32(flags)<<entryBits})
			}
		}
	}

	people, words := hashes(src.GivenNames), hashes(src.Words)
	names, loose = sortKeyed(names), sortKeyed(loose)
	out := []byte(magic)
	for _, n := range []int{len(iso2), len(src.Places), len(heap), len(src.Rules), len(names), len(loose), len(people), len(words)} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	out = append(out, countries...)
	out = append(out, entries...)
	out = append(out, heap...)
	out = append(out, src.Rules...)
	out = appendTable(out, names)
	out = appendTable(out, loose)
	for _, h := range append(people, words...) {
		out = binary.LittleEndian.AppendUint32(out, h)
	}
	return out, nil
}

// hashes are the low halves of the hashes of set's members, sorted.
func hashes(set map[string]bool) []uint32 {
	var out []uint32
	for k := range set {
		out = append(out, uint32(hashKey([]byte(k))))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func appendEntry(dst []byte, p SourcePlace, name, country int) []byte {
	id := p.GeoNames
	if id == 0 {
		id = p.Wikidata | wikidataBit
	}
	lat, lon := int32(noPoint), int32(0)
	if p.Point != nil {
		lat, lon = int32(math.Round(p.Point.Lat*degreeScale)), int32(math.Round(p.Point.Lon*degreeScale))
	}
	var pop uint8
	if p.Population > 0 {
		pop = uint8(max(1, math.Round(16*math.Log10(float64(p.Population)))))
	}
	dst = binary.LittleEndian.AppendUint32(dst, id)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(lat))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(lon))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(name)|uint32(len(p.Name))<<24)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(p.Admin1+1))
	dst = append(dst, uint8(country), uint8(p.Kind), pop, p.Seat)
	return binary.LittleEndian.AppendUint16(dst, uint16(min(p.RadiusKM, math.MaxUint16)))
}

// keys returns the keys of p's names with what each is.
func (src *Source) keys(p SourcePlace) map[string]nameFlag {
	out := make(map[string]nameFlag)
	put := func(key string, f nameFlag) {
		if len(key) < 2 {
			return
		}
		if src.Words[key] {
			f |= commonWord
		}
		if src.GivenNames[key] {
			f |= givenName
		}
		if src.Surnames[key] {
			f |= surname
		}
		if f&primary == 0 && f&(commonWord|givenName) != 0 || f&primary == 0 && len(key) < 4 {
			return // a spelling of elsewhere that is a word or a person here
		}
		old, ok := out[key]
		switch {
		case ok && old&articleless == 0 && f&articleless != 0:
			f = old | f&primary
		case ok && f&articleless == 0 && old&articleless != 0:
			f |= old & primary
		case ok:
			f |= old
		}
		out[key] = f
	}
	for _, n := range append([]SourceName{{Name: p.Name, Primary: true}}, p.Names...) {
		var f nameFlag
		if n.Primary {
			f = primary
		}
		if n.Seat {
			f |= seatName
		}
		if n.Known {
			f |= wellKnown
		}
		put(Key(n.Name), f)
		for _, a := range leadingArticles {
			if len(n.Name) > len(a)+3 && n.Name[:len(a)] == a {
				put(Key(n.Name[len(a):]), f|articleless)
			}
		}
	}
	return out
}

// keyed is a name's hash and its record: entry and flags.
type keyed struct {
	hash  uint64
	value uint32
}

// sortKeyed sorts by hash and entry, without repeats of the same entry.
func sortKeyed(s []keyed) []keyed {
	slices.SortFunc(s, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.value&(maxEntries-1), b.value&(maxEntries-1)),
			cmp.Compare(a.value, b.value))
	})
	out := s[:0]
	for _, k := range s {
		if n := len(out); n > 0 && out[n-1].hash == k.hash && (out[n-1].value^k.value)&(maxEntries-1) == 0 {
			out[n-1].value |= k.value
			continue
		}
		out = append(out, k)
	}
	return out
}

func appendTable(dst []byte, table []keyed) []byte {
	i := 0
	for b := range uint64(buckets + 1) {
		for i < len(table) && table[i].hash>>(64-bucketBits) < b {
			i++
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(i))
	}
	for _, k := range table {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(k.hash))
		dst = binary.LittleEndian.AppendUint32(dst, k.value)
	}
	return dst
}
