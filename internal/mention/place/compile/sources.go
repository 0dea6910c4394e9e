package main

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// lines calls each for every line of the file, gzipped where its name says so.
func lines(file string, each func(string)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return scan(file, in, each)
}

func scan(file string, in io.Reader, each func(string)) error {
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		each(s.Text())
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// city is a line of GeoNames' cities15000.
type city struct{ fields []string }

func (c city) id() string       { return c.fields[0] }
func (c city) name() string     { return c.fields[1] }
func (c city) ascii() string    { return c.fields[2] }
func (c city) feature() string  { return c.fields[7] }
func (c city) country() string  { return c.fields[8] }
func (c city) admin1() string   { return c.fields[8] + "." + c.fields[10] }
func (c city) admin2() string   { return c.admin1() + "." + c.fields[11] }
func (c city) others() []string { return strings.Split(c.fields[3], ",") }

func readCities(data string) ([]city, error) {
	file := filepath.Join(data, "gaz-geonames", "cities15000.zip")
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open("cities15000.txt")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer f.Close()
	var out []city
	err = scan(file, f, func(s string) {
		if fields := strings.Split(s, "\t"); len(fields) >= 15 {
			out = append(out, city{fields})
		}
	})
	return out, err
}

// division is a line of GeoNames' admin1Codes or admin2Codes.
type division struct{ code, name, ascii, id string }

func readDivisions(data, name string) ([]division, error) {
	var out []division
	err := lines(filepath.Join(data, "gaz-geonames", name), func(s string) {
		if f := strings.Split(s, "\t"); len(f) == 4 {
			out = append(out, division{f[0], f[1], f[2], f[3]})
		}
	})
	return out, err
}

// readSubdivisions returns ISO 3166-2 names and their French ones by country.
func readSubdivisions(data string) (map[string]map[string]string, error) {
	dir := filepath.Join(data, "gaz-iso-fr")
	french := make(map[string]string)
	err := lines(filepath.Join(dir, "iso3166-2.fr.tsv"), func(s string) {
		if name, fr, ok := strings.Cut(s, "\t"); ok {
			french[name] = fr
		}
	})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "iso3166-2.json.gz")
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var doc struct {
		Subdivisions []struct{ Code, Name string } `json:"3166-2"`
	}
	if err := json.NewDecoder(in).Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	out := make(map[string]map[string]string)
	for _, s := range doc.Subdivisions {
		country, _, _ := strings.Cut(s.Code, "-")
		if out[country] == nil {
			out[country] = make(map[string]string)
		}
		if fr := french[s.Name]; fr != "" {
			out[country][s.Name] = fr
		}
	}
	return out, nil
}

// town is a populated place of Natural Earth, by column.
type town map[string]string

func readTowns(data string) ([]town, error) {
	var columns []string
	var out []town
	err := lines(filepath.Join(data, "gaz-naturalearth", "ne_10m_populated_places_fr.tsv.gz"), func(s string) {
		f := strings.Split(s, "\t")
		if columns == nil {
			columns = f
			return
		}
		t := make(town, len(columns))
		for i, c := range columns {
			if i < len(f) {
				t[c] = f[i]
			}
		}
		out = append(out, t)
	})
	return out, err
}

// delaf calls each for the forms of a DELAF dictionary with their codes. The
// dictionaries write = for a hyphen or space.
func delaf(file string, each func(form, codes string)) error {
	return lines(file, func(s string) {
		form, rest, ok := strings.Cut(s, ",")
		if _, codes, dot := strings.Cut(rest, "."); ok && dot {
			each(strings.ReplaceAll(form, "=", "-"), codes)
		}
	})
}
