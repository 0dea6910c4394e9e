package evaluate

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// determiners are left off the front of names.
var determiners = map[string]bool{"le": true, "la": true, "les": true, "l": true, "un": true, "une": true, "des": true,
	"du": true, "de": true, "d": true, "ce": true, "cet": true, "cette": true, "ces": true, "son": true, "sa": true,
	"ses": true, "leur": true, "leurs": true, "the": true, "a": true, "an": true}

// plain is a name without case, accents, punctuation and leading determiners:
// the form in which names are compared.
func plain(name string) string {
	name = norm.NFKD.String(strings.NewReplacer("’", "'", "‘", "'").Replace(name))
	name = strings.Map(func(r rune) rune {
		if norm.NFKD.PropertiesString(string(r)).CCC() != 0 {
			return -1
		}
		return r
	}, strings.ToLower(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' })
	for len(words) > 0 && determiners[words[0]] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// named is what the engine found: an actor or a place, and how the article
// names it.
type named struct {
	id    string
	forms []string // plain
}

// alignment tells which gold key each id of the engine means. An id that means
// none is there with "".
type alignment map[string]string

// align gives every id the gold key that shares most names with it; of equals
// the one annotated first.
func align(found []named, gold []GoldName) alignment {
	forms := make([]map[string]bool, len(gold))
	for i, g := range gold {
		forms[i] = make(map[string]bool, len(g.Names))
		for _, n := range g.Names {
			forms[i][plain(n)] = true
		}
	}
	out := make(alignment, len(found))
	for _, n := range found {
		best, key := 0, ""
		for i, g := range gold {
			shared := 0
			for _, f := range n.forms {
				if forms[i][f] {
					shared++
				}
			}
			if shared > best {
				best, key = shared, g.Key
			}
		}
		out[n.id] = key
	}
	return out
}

// of is the key that id means, or a word that no annotation has.
func (a alignment) of(id string) string {
	if key := a[id]; key != "" {
		return key
	}
	return "?" + id
}

// keys are how many ids mean something, how many keys they mean, and how many
// ids mean nothing.
func (a alignment) count() (ids, keys, strange int) {
	seen := make(map[string]bool)
	for _, key := range a {
		if key == "" {
			strange++
			continue
		}
		ids++
		seen[key] = true
	}
	return ids, len(seen), strange
}

// aligned are actors and locations of one article.
type aligned struct {
	actors, places alignment
	countries      map[string]bool // keys of gold places that are countries
}

func (s *Scorer) align(g *Gold, x *depechev1.Extraction) (aligned, error) {
	var as, ls []named
	for _, a := range x.GetActors() {
		n := named{a.GetId(), []string{plain(a.GetName())}}
		for _, m := range a.GetMentions() {
			if _, err := spanOf(g.Text, m.GetSpan()); err != nil {
				return aligned{}, err
			}
			n.forms = append(n.forms, plain(m.GetSpan().GetText()))
		}
		as = append(as, n)
	}
	for _, l := range x.GetLocations() {
		n := named{l.GetId(), []string{plain(l.GetName())}}
		for _, m := range l.GetMentions() {
			if _, err := spanOf(g.Text, m.GetSpan()); err != nil {
				return aligned{}, err
			}
			n.forms = append(n.forms, plain(m.GetSpan().GetText()))
		}
		ls = append(ls, n)
	}
	out := aligned{align(as, g.Actors), align(ls, g.Locations), make(map[string]bool)}
	for _, l := range g.Locations {
		if l.Kind == "COUNTRY" {
			out.countries[l.Key] = true
		}
	}
	s.places(g, x, out.places)
	s.actors(g, x, out.actors)
	return out, nil
}

// places scores the places that the article names.
func (s *Scorer) places(g *Gold, x *depechev1.Extraction, a alignment) {
	ids, keys, strange := a.count()
	s.share[locations].add(keys, strange+ids-keys, len(g.Locations)-keys) // a second id for one place is wrong
	for _, gold := range g.Locations {
		found, sameCountry, near := false, false, false
		for _, l := range x.GetLocations() {
			if a[l.GetId()] != gold.Key {
				continue
			}
			found = true
			sameCountry = sameCountry || l.GetCountry() == gold.Country
			if p := l.GetPoint(); p != nil && gold.Lat != nil && gold.Lon != nil {
				near = near || kilometres(p.GetLatitude(), p.GetLongitude(), *gold.Lat, *gold.Lon) <= 25
			}
		}
		if found && gold.Country != "" {
			s.accuracy[country].add(sameCountry)
		}
		if found && gold.Lat != nil {
			s.accuracy[geocoded].add(near)
		}
	}
}

// actors scores the actors. Gold lists those only that fill a role: others are
// no false alarms.
func (s *Scorer) actors(g *Gold, x *depechev1.Extraction, a alignment) {
	ids, keys, _ := a.count()
	s.share[actors].add(keys, ids-keys, len(g.Actors)-keys)
	for _, gold := range g.Actors {
		found, sameKind, sameCountry := false, false, false
		for _, p := range x.GetActors() {
			if a[p.GetId()] != gold.Key {
				continue
			}
			found = true
			sameKind = sameKind || p.GetKind() == depechev1.ActorKind(depechev1.ActorKind_value["ACTOR_KIND_"+gold.Kind])
			sameCountry = sameCountry || p.GetCountry() == gold.Country
		}
		if found && gold.Kind != "" {
			s.accuracy[actorKind].add(sameKind)
		}
		if found && gold.Country != "" {
			s.accuracy[actorCountry].add(sameCountry)
		}
	}
}

// kilometres is the distance on a sphere, by the haversine formula; degrees in.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const radian, diameter = math.Pi / 180, 12742
	lat1, lon1, lat2, lon2 = lat1*radian, lon1*radian, lat2*radian, lon2*radian
	sin := func(x float64) float64 { return math.Sin(x) * math.Sin(x) }
	h := sin((lat2-lat1)/2) + math.Cos(lat1)*math.Cos(lat2)*sin((lon2-lon1)/2)
	return diameter * math.Asin(math.Sqrt(h))
}
