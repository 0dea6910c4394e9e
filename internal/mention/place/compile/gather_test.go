package main

import (
	"testing"

	"github.com/depeche-events/depeche/internal/mention/place"
)

func TestBareName(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"Département de la Creuse", "Creuse"},
		{"Département de l’Orne", "Orne"},
		{"Département des Landes", "Landes"},
		{"Province du Soum", "Soum"},
		{"Departamento de La Paz", "La Paz"},
		{"Homs Governorate", "Homs"},
		{"Delaware", "Delaware"},
	} {
		if got := bareName(tt.name); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAttest(t *testing.T) {
	at := func(name, country string, kind place.Kind, people int) place.SourcePlace {
		return place.SourcePlace{Name: name, Country: country, Kind: kind, Population: people,
			Names: []place.SourceName{{Name: name, Primary: true}}}
	}
	g := gatherer{towns: map[string]bool{"pau": true}, areas: map[string]bool{"creuse": true, "kent": true}}
	g.src.Places = []place.SourcePlace{
		at("Creuse", "FR", place.Admin2, 116_000),
		at("Kent", "US", place.Admin2, 180_000),
		at("Creuse", "FR", place.City, 200), // a village; French knows the department
		at("Pau", "IT", place.City, 300),
		at("Pau", "FR", place.City, 77_000),
	}
	g.attest()
	for i, want := range []bool{true, false, false, false, true} {
		if p := g.src.Places[i]; p.Names[0].Known != want {
			t.Errorf("%s (%s, %d people): known %v", p.Name, p.Country, p.Population, !want)
		}
	}
}
