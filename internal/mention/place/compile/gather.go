package main

import (
	"io/fs"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/table"
)

// gatherer joins the sources into places.
type gatherer struct {
	src    place.Source
	french map[string]bool // keys of the toponyms that Prolex attests in French
	towns  map[string]bool // those of them that are towns'
	areas  map[string]bool // and regions'
	byCode map[string]int  // GeoNames division code -> index in src.Places
	byID   map[string]int  // GeoNames id -> index in src.Places
}

func gather(data string, places fs.FS) (*place.Source, error) {
	g := &gatherer{
		french: make(map[string]bool), towns: make(map[string]bool), areas: make(map[string]bool),
		byCode: make(map[string]int), byID: make(map[string]int),
	}
	g.src.Countries = make(map[string]string)
	err := table.Read(places, "countries.tsv", place.CountryColumns, func(r table.Row) error {
		if c := r.Get("iso2"); c != "" {
			g.src.Countries[c] = r.Get("iso3")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = table.Read(places, "transliteration.tsv", []string{"from", "to"}, func(r table.Row) error {
		g.src.Rules += r.Get("from") + "\t" + r.Get("to") + "\n"
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, step := range []func(string) error{g.words, g.toponyms, g.divisions} {
		if err := step(data); err != nil {
			return nil, err
		}
	}
	g.attest()
	return &g.src, nil
}

// attest marks the names by which French knows a place. Of the places of one
// name it is the most populous: Oxford, not Oxford in Ohio.
func (g *gatherer) attest() {
	type owner struct{ place, name int }
	largest := make(map[string]owner)
	for i, p := range g.src.Places {
		known := g.areas
		switch {
		case p.Kind == place.City:
			known = g.towns
		case p.Kind == place.Admin2 && p.Country == "US":
			continue // French names no American county: Sussex is not Delaware's
		}
		for j, n := range p.Names {
			key := place.Key(n.Name)
			if !known[key] || !n.Primary || n.Seat {
				continue
			}
			kind := "area "
			if p.Kind == place.City {
				kind = "town "
			}
			if o, ok := largest[kind+key]; !ok || p.Population > g.src.Places[o.place].Population {
				largest[kind+key] = owner{i, j}
			}
		}
	}
	for _, o := range largest {
		g.src.Places[o.place].Names[o.name].Known = true
	}
}

// words reads what else a name may be: words, given names, surnames.
func (g *gatherer) words(data string) error {
	s := &g.src
	s.Words, s.GivenNames, s.Surnames = make(map[string]bool), make(map[string]bool), make(map[string]bool)
	err := lines(filepath.Join(data, "lex-dicollecte", "fr-lexicon-expanded.tsv.gz"), func(line string) {
		f := strings.Split(line, "\t")
		if len(f) < 3 {
			return
		}
		key := place.Key(f[0])
		switch first, _ := utf8.DecodeRuneInString(f[0]); {
		case strings.Contains(f[2], "patr"):
			s.Surnames[key] = true
		case strings.Contains(f[2], "prn"):
			s.GivenNames[key] = true
		case unicode.IsLower(first) && !strings.Contains(f[2], "npr") && !finite(f[2]) && len(key) > 1:
			s.Words[key] = true
		}
	})
	if err != nil {
		return err
	}
	return delaf(filepath.Join(data, "lex-prolex-casen", "CasEN_Dico.dic.gz"), func(form, codes string) {
		if strings.Contains(codes, "+Prenom") {
			s.GivenNames[place.Key(form)] = true
		}
	})
}

// finite reports whether tags are those of a verb form that is neither an
// infinitive nor a participle: no name is taken for one.
func finite(tags string) bool {
	for _, t := range []string{"1sg", "2sg", "3sg", "1pl", "2pl", "3pl", "1isg", "1jsg"} {
		if strings.Contains(tags, t) {
			return true
		}
	}
	return false
}

// toponyms reads which names French uses.
func (g *gatherer) toponyms(data string) error {
	return delaf(filepath.Join(data, "lex-prolex-casen", "Prolex-Unitex-BestOf_2_2_fra.dic.gz"), func(form, codes string) {
		if strings.HasPrefix(codes, "N+PR+") && strings.Contains(codes, "Toponyme") {
			key := place.Key(form)
			g.french[key] = true
			switch {
			case strings.Contains(codes, "+Ville"):
				g.towns[key] = true
			case strings.Contains(codes, "+Region"):
				g.areas[key] = true
			}
		}
	})
}

// divisions reads divisions, cities and towns, in the order in which one lies
// in the other.
func (g *gatherer) divisions(data string) error {
	cities, err := readCities(data)
	if err != nil {
		return err
	}
	towns, err := readTowns(data)
	if err != nil {
		return err
	}
	iso, err := readSubdivisions(data)
	if err != nil {
		return err
	}
	first, err := readDivisions(data, "admin1Codes.txt.gz")
	if err != nil {
		return err
	}
	second, err := readDivisions(data, "admin2Codes.txt.gz")
	if err != nil {
		return err
	}

	members := make(map[string][]city) // division code -> its cities
	for _, c := range cities {
		members[c.admin1()] = append(members[c.admin1()], c)
		members[c.admin2()] = append(members[c.admin2()], c)
	}
	frenchTown := make(map[string]string) // GeoNames id -> French name
	for _, t := range towns {
		if id, ok := geonamesID(t); ok && t["NAME_FR"] != "" {
			frenchTown[id] = t["NAME_FR"]
		}
	}
	for _, d := range first {
		g.division(d, place.Admin1, members[d.code], frenchTown, iso)
	}
	for _, d := range second {
		if len(members[d.code]) > 0 {
			g.division(d, place.Admin2, members[d.code], frenchTown, nil)
		}
	}
	for _, c := range cities {
		g.city(c, frenchTown[c.id()])
	}
	for _, t := range towns {
		g.town(t)
	}
	return nil
}

// categories are the words for its kind that a division's name ends or begins
// with in the sources. French articles go with them («Département de l'Orne»);
// Spanish ones are the name's («Departamento de La Paz») and have a capital.
var categories = regexp.MustCompile(`(?i)^(?:(?:wilaya|wilayah|governorate|province|region|département|departement|région|municipality|state|district|muhafazat|muḩāfaz̧at|ostan-e|oblast|departamento|provincia|kanton|cercle) (?-i:of |de la |de l['’]|de |du |des |d['’]|del )?)?(.+?)(?: (?:oblast'?|province|governorate|region|district|state|prefecture|county|department|krai|republic|governate|raion|rayon|city|municipality|wilaya|division|territory|voivodeship|sheng|kanton|muhafazat|vilayet|kommune|regency|island|islands|voblasts'|autonomous region|municipal district|urban district|dzong))?$`)

// bareName returns a division's name without the word for its kind.
func bareName(name string) string {
	if m := categories.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

func (g *gatherer) division(d division, kind place.Kind, members []city, frenchTown map[string]string, iso map[string]map[string]string) {
	country, _, _ := strings.Cut(d.code, ".")
	if g.src.Countries[country] == "" {
		return
	}
	id, err := strconv.ParseUint(d.id, 10, 31)
	if err != nil || d.name == "" {
		return
	}
	p := place.SourcePlace{GeoNames: uint32(id), Name: d.name, Kind: kind, Country: country, Admin1: -1}
	if kind == place.Admin2 {
		if i, ok := g.byCode[d.code[:strings.LastIndexByte(d.code, '.')]]; ok {
			p.Admin1 = i
		}
	}
	add := func(name string, primary, seat bool) {
		p.Names = append(p.Names, place.SourceName{Name: name, Primary: primary, Seat: seat})
	}
	add(d.ascii, true, false)
	bare := bareName(d.name)
	if bare != d.name {
		add(bare, true, false)
		p.Name = bare
	}
	keys := []string{place.Key(d.name), place.Key(d.ascii), place.Key(bare)}
	for _, name := range slices.Sorted(maps.Keys(iso[country])) {
		fr := iso[country][name]
		b := bareName(name)
		if slices.Contains(keys, place.Key(name)) || slices.Contains(keys, place.Key(b)) {
			add(fr, true, false)
			p.Name = fr
			break
		}
	}
	var pop int
	var at place.Point
	for _, c := range members {
		lat, lon := c.point()
		at.Lat += lat
		at.Lon += lon
		pop += c.population()
		names := append([]string{c.name(), c.ascii()}, c.others()...)
		seat := kind == place.Admin1 && (c.feature() == "PPLA" || c.feature() == "PPLC") ||
			kind == place.Admin2 && c.feature() == "PPLA2"
		if !seat {
			continue
		}
		// The division is named by its seat: then French calls both the same.
		for _, n := range names {
			if slices.Contains(keys, place.Key(n)) {
				if fr := frenchTown[c.id()]; fr != "" {
					add(fr, true, true)
					p.Name = fr
				}
				for _, n := range names {
					if latin(n) {
						add(n, false, true)
					}
				}
				break
			}
		}
	}
	if n := float64(len(members)); n > 0 {
		at.Lat, at.Lon = at.Lat/n, at.Lon/n
		p.Point = &at
		for _, c := range members {
			lat, lon := c.point()
			dy, dx := (lat-at.Lat)*111, (lon-at.Lon)*111*math.Cos(at.Lat*math.Pi/180)
			p.RadiusKM = max(p.RadiusKM, math.Round(math.Hypot(dx, dy)))
		}
		p.RadiusKM = max(p.RadiusKM, 20)
	}
	p.Population = pop
	g.byCode[d.code] = len(g.src.Places)
	g.src.Places = append(g.src.Places, p)
}

func (c city) point() (lat, lon float64) {
	lat, _ = strconv.ParseFloat(c.fields[4], 64)
	lon, _ = strconv.ParseFloat(c.fields[5], 64)
	return lat, lon
}

func (c city) population() int {
	n, _ := strconv.Atoi(c.fields[14])
	return n
}

func (g *gatherer) city(c city, french string) {
	id, err := strconv.ParseUint(c.id(), 10, 31)
	if err != nil || g.src.Countries[c.country()] == "" {
		return
	}
	lat, lon := c.point()
	p := place.SourcePlace{GeoNames: uint32(id), Name: c.name(), Kind: place.City, Country: c.country(), Admin1: -1,
		Point: &place.Point{Lat: lat, Lon: lon}, Population: c.population()}
	if c.feature() == "PPLX" {
		p.Kind = place.Neighbourhood
	}
	switch c.feature() {
	case "PPLC":
		p.Seat = 3
	case "PPLA":
		p.Seat = 2
	case "PPLA2", "PPLA3":
		p.Seat = 1
	}
	if i, ok := g.byCode[c.admin1()]; ok {
		p.Admin1 = i
	}
	p.Names = append(p.Names, place.SourceName{Name: c.ascii(), Primary: true})
	if french != "" {
		p.Name = french
		p.Names = append(p.Names, place.SourceName{Name: c.name(), Primary: true})
	}
	for _, n := range c.others() {
		if !latin(n) {
			continue
		}
		fr := g.french[place.Key(n)] && (p.Population > 100_000 || p.Seat > 0)
		p.Names = append(p.Names, place.SourceName{Name: n, Primary: fr})
		if fr && french == "" && p.Population > 100_000 && strings.ContainsAny(n, "éèêëïîôçâ") {
			p.Name = n
		}
	}
	g.byID[c.id()] = len(g.src.Places)
	g.src.Places = append(g.src.Places, p)
}

// town adds the places of Natural Earth that GeoNames' extract lacks, and the
// French names of the others.
func (g *gatherer) town(t town) {
	id, known := geonamesID(t)
	if i, ok := g.byID[id]; ok {
		for _, n := range []string{t["NAME_FR"], t["NAME"]} {
			if n != "" {
				g.src.Places[i].Names = append(g.src.Places[i].Names, place.SourceName{Name: n, Primary: true})
			}
		}
		return
	}
	lat, err1 := strconv.ParseFloat(t["LATITUDE"], 64)
	lon, err2 := strconv.ParseFloat(t["LONGITUDE"], 64)
	wikidata, err3 := strconv.ParseUint(strings.TrimPrefix(t["wikidataid"], "Q"), 10, 31)
	if err1 != nil || err2 != nil || !known && err3 != nil || g.src.Countries[t["ISO_A2"]] == "" || g.near(t, lat, lon) {
		return
	}
	p := place.SourcePlace{Name: t["NAME"], Kind: place.City, Country: t["ISO_A2"], Admin1: -1, Point: &place.Point{Lat: lat, Lon: lon}}
	if known {
		n, _ := strconv.ParseUint(id, 10, 31)
		p.GeoNames = uint32(n)
	} else {
		p.Wikidata = uint32(wikidata)
	}
	if t["NAME_FR"] != "" {
		p.Name = t["NAME_FR"]
	}
	p.Population, _ = strconv.Atoi(t["POP_MAX"])
	if strings.HasPrefix(t["FEATURECLA"], "Admin-1 capital") {
		p.Seat = 2
	}
	for i, d := range g.src.Places {
		if d.Kind != place.Admin1 {
			break
		}
		if d.Country == p.Country && g.named(d, place.Key(t["ADM1NAME"])) {
			p.Admin1 = i
			break
		}
	}
	for _, n := range append(strings.Split(t["NAMEALT"], "|"), t["NAME"]) {
		if n = strings.TrimSpace(n); n != "" && latin(n) {
			p.Names = append(p.Names, place.SourceName{Name: n, Primary: n == t["NAME"]})
		}
	}
	g.src.Places = append(g.src.Places, p)
}

// near reports whether GeoNames has the town under another id: a city of one
// of its names within 25 km.
func (g *gatherer) near(t town, lat, lon float64) bool {
	key, french := place.Key(t["NAME"]), place.Key(t["NAME_FR"])
	for i := range g.src.Places {
		p := &g.src.Places[i]
		if p.Kind != place.City || math.Abs(p.Point.Lat-lat) > 0.22 || math.Abs(p.Point.Lon-lon) > 0.35 {
			continue
		}
		if g.named(*p, key) || french != "" && g.named(*p, french) {
			if t["NAME_FR"] != "" {
				p.Names = append(p.Names, place.SourceName{Name: t["NAME_FR"], Primary: true})
			}
			return true
		}
	}
	return false
}

func (g *gatherer) named(p place.SourcePlace, key string) bool {
	if place.Key(p.Name) == key {
		return true
	}
	return slices.ContainsFunc(p.Names, func(n place.SourceName) bool { return place.Key(n.Name) == key })
}

func geonamesID(t town) (string, bool) {
	n, err := strconv.ParseFloat(t["GEONAMEID"], 64)
	if err != nil || n <= 0 {
		return "", false
	}
	return strconv.FormatInt(int64(n), 10), true
}

// latin reports whether a name is in Latin letters and no code: GeoNames lists
// names in all scripts, and codes of airports among them.
func latin(name string) bool {
	upper, letters := 0, 0
	for _, r := range name {
		if unicode.IsLetter(r) {
			if !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r) {
				return false
			}
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		} else if unicode.IsDigit(r) || r == '(' || r == '/' {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(name)
	return letters >= 3 && (upper < letters || letters > 4) && !unicode.IsLower(first)
}
