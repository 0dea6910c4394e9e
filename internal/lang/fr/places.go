package fr

import (
	_ "embed" // the gazetteer
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/mention/place"
	"github.com/depeche-events/depeche/internal/table"
)

//go:embed places/gazetteer.bin
var compiledGazetteer string

// Places returns what finds places in French texts, made of the folder places
// of fsys. A file that fsys lacks, and all where it is nil, is the embedded
// one; places/more.tsv, where there is one, adds to places.tsv and takes the
// place of its rows with the same id. Faults are told by file and line.
func Places(fsys fs.FS) (*place.Finder, error) {
	r := placeReader{fsys}
	data := compiledGazetteer
	if fsys != nil {
		switch b, err := fs.ReadFile(fsys, "places/gazetteer.bin"); {
		case err == nil:
			data = string(b)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	gazetteer, err := place.OpenGazetteer(data)
	if err != nil {
		return nil, fmt.Errorf("places/gazetteer.bin: %w", err)
	}
	t := place.Tables{Gazetteer: gazetteer}
	err = errors.Join(r.countries(&t), r.places("places.tsv", &t), r.swallows(&t), r.types(&t), r.words(&t))
	if fsys != nil {
		if _, missing := fs.Stat(fsys, "places/more.tsv"); missing == nil {
			err = errors.Join(err, r.places("more.tsv", &t))
		}
	}
	if err != nil {
		return nil, err
	}
	return place.NewFinder(t)
}

// placeReader reads the tables of the folder places.
type placeReader struct{ fsys fs.FS }

func (r placeReader) read(name string, columns []string, each func(table.Row) error) error {
	name = "places/" + name
	if r.fsys != nil {
		if _, err := fs.Stat(r.fsys, name); err == nil {
			return table.Read(r.fsys, name, columns, each)
		}
	}
	return table.Read(knowledge, name, columns, each)
}

func (r placeReader) countries(t *place.Tables) error {
	return r.read("countries.tsv", place.CountryColumns, func(row table.Row) error {
		c := place.CountryRow{ISO3: row.Get("iso3"), Name: row.Get("name"), Names: row.List("names"), Capitals: row.List("capital")}
		if !isISO3(c.ISO3) {
			return row.Errorf("iso3 %q: want three capitals", c.ISO3)
		}
		if c.Name == "" {
			return row.Errorf("%s has no name", c.ISO3)
		}
		point, err := pointOf(row)
		if err != nil {
			return err
		}
		if point == nil {
			return row.Errorf("%s has no lat and lon", c.ISO3)
		}
		c.Point = *point
		if c.RadiusKM, err = lengthOf(row); err != nil {
			return err
		}
		for _, a := range row.List("adjectives") {
			c.Forms = append(c.Forms, inflections(a)...)
		}
		t.Countries = append(t.Countries, c)
		return nil
	})
}

func (r placeReader) places(name string, t *place.Tables) error {
	columns := []string{"name", "names", "kind", "country", "lat", "lon", "radius_km", "id"}
	lines := make(map[string]int)
	return r.read(name, columns, func(row table.Row) error {
		p := place.Row{Name: row.Get("name"), Names: row.List("names"), Country: row.Get("country"), ID: row.Get("id")}
		if p.Name == "" {
			return row.Errorf("no name")
		}
		if p.ID == "" {
			p.ID = "depeche:" + slug(p.Name)
		}
		if line, ok := lines[p.ID]; ok {
			return row.Errorf("id %s stands on line %d already", p.ID, line)
		}
		lines[p.ID] = row.Line
		var ok bool
		if p.Kind, ok = place.ParseKind(row.Get("kind")); !ok {
			return row.Errorf("kind %q", row.Get("kind"))
		}
		if p.Country != "" && !isISO3(p.Country) {
			return row.Errorf("country %q: want three capitals", p.Country)
		}
		var err error
		if p.Point, err = pointOf(row); err != nil {
			return err
		}
		if p.RadiusKM, err = lengthOf(row); err != nil {
			return err
		}
		t.Places = append(t.Places, p)
		return nil
	})
}

// swallows reads names that hold a place's name and are no places.
func (r placeReader) swallows(t *place.Tables) error {
	return r.read("notplaces.tsv", []string{"name"}, func(row table.Row) error {
		t.Places = append(t.Places, place.Row{ID: "not:" + row.Get("name"), Name: row.Get("name")})
		return nil
	})
}

func (r placeReader) types(t *place.Tables) error {
	classes := map[string]place.TypeClass{
		"same": place.Same, "part": place.Part, "around": place.Around, "zone": place.Zone, "border": place.Border,
		"piece": place.Zone,
	}
	return r.read("types.tsv", []string{"word", "kind", "class", "anaphor", "radius_km"}, func(row table.Row) error {
		w := place.TypeWord{Word: row.Get("word"), Piece: row.Get("class") == "piece"}
		w.Plural = strings.HasSuffix(w.Word, "s") || strings.HasSuffix(w.Word, "x")
		var ok bool
		if w.Kind, ok = place.ParseKind(row.Get("kind")); !ok {
			return row.Errorf("kind %q", row.Get("kind"))
		}
		if w.Class, ok = classes[row.Get("class")]; !ok {
			return row.Errorf("class %q", row.Get("class"))
		}
		switch row.Get("anaphor") {
		case "y":
			w.Anaphor = true
		case "capital":
			w.Anaphor, w.Capital = true, true
		case "n":
		default:
			return row.Errorf("anaphor %q: want y, n or capital", row.Get("anaphor"))
		}
		var err error
		w.RadiusKM, err = lengthOf(row)
		t.Types = append(t.Types, w)
		return err
	})
}

func (r placeReader) words(t *place.Tables) error {
	classes := map[string]place.WordClass{
		"in": place.In, "of": place.Of, "article": place.Article, "this": place.This, "personby": place.PersonBy,
		"dative": place.Dative, "direction": place.Direction, "unit": place.Unit, "about": place.About,
		"numeral": place.Numeral, "between": place.Between, "and": place.And, "says": place.Says, "addresses": place.Addresses,
		"halfway": place.Halfway, "route": place.Route, "function": place.Function, "soil": place.Soil,
		"near": place.Near, "locating": place.Locating, "at": place.At, "plural": place.Plural, "takes": place.Takes, "by": place.By,
		"host": place.Host, "such": place.Such, "inner": place.Inner, "lies": place.Lies, "is": place.Is, "called": place.Called, "cites": place.Cites,
	}
	valued := place.Direction | place.Unit | place.Numeral
	return r.read("words.tsv", []string{"word", "class", "value"}, func(row table.Row) error {
		w := place.Word{Word: row.Get("word")}
		var ok bool
		if w.Class, ok = classes[row.Get("class")]; !ok {
			return row.Errorf("class %q", row.Get("class"))
		}
		if w.Class&valued != 0 {
			var err error
			if w.Value, err = strconv.ParseFloat(row.Get("value"), 64); err != nil {
				return row.Errorf("value %q of %s", row.Get("value"), w.Word)
			}
		}
		t.Words = append(t.Words, w)
		return nil
	})
}

func isISO3(s string) bool {
	return len(s) == 3 && strings.ToUpper(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// pointOf reads lat and lon, nil where both are empty.
func pointOf(row table.Row) (*place.Point, error) {
	lat, lon := row.Get("lat"), row.Get("lon")
	if lat == "" && lon == "" {
		return nil, nil
	}
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lon, 64)
	if err1 != nil || err2 != nil || !(-90 <= y && y <= 90) || !(-180 <= x && x <= 180) {
		return nil, row.Errorf("lat %q, lon %q: no point on earth", lat, lon)
	}
	return &place.Point{Lat: y, Lon: x}, nil
}

func lengthOf(row table.Row) (float64, error) {
	s := row.Get("radius_km")
	if s == "" {
		return 0, nil
	}
	km, err := strconv.ParseFloat(s, 64)
	if err != nil || !(0 <= km && km < 20000) {
		return 0, row.Errorf("radius_km %q", s)
	}
	return km, nil
}

// slug is a name as an id: lower-case words with hyphens between.
func slug(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" -'’()", r) })
	for i, w := range words {
		words[i] = place.Key(w)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "-")
}

// inflections returns the four forms of a French adjective given by its
// masculine, with «/feminine» where rules don't give that.
func inflections(adjective string) []string {
	m, f, irregular := strings.Cut(adjective, "/")
	if !irregular {
		switch {
		case strings.HasSuffix(m, "e"):
			f = m
		case strings.HasSuffix(m, "ien"), strings.HasSuffix(m, "éen"):
			f = m + "ne"
		default:
			f = m + "e"
		}
	}
	plural := func(s string) string {
		if strings.HasSuffix(s, "s") || strings.HasSuffix(s, "x") {
			return s
		}
		return s + "s"
	}
	out := []string{m, f, plural(m), plural(f)}
	slices.Sort(out)
	return slices.Compact(out)
}
