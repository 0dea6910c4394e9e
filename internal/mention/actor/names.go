package actor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/table"
)

var (
	actorColumns  = []string{"id", "kind", "country", "names", "codes", "tags"}
	leaderColumns = []string{"id", "country", "names", "office", "of", "from", "to"}
)

// nameFiles are the tables of named actors; names.tsv is empty and there for a
// knowledge directory to add to the others.
var nameFiles = []struct {
	name    string
	columns []string
}{
	{"names.tsv", []string{"id", "kind", "country", "names", "codes", "tags", "office", "from", "to"}},
	{"states.tsv", actorColumns},
	{"armed-groups.tsv", actorColumns},
	{"organisations.tsv", actorColumns},
	{"parties.tsv", actorColumns},
	{"media.tsv", actorColumns},
}

// entry is an actor that the knowledge base knows.
type entry struct {
	id, name string
	kind     Kind
	country  string
	codes    []string
	tags     []string
	office   office
	from, to timex.Date
	organ    string // the class of nouns that mean it: «l'armée» of its country
}

func (e *entry) tagged(tag string) bool {
	return slices.Contains(e.tags, tag)
}

// office is a post: a class of nouns.tsv, and the country or the id of the
// organisation that it is of.
type office struct{ class, of string }

// spelling is a name of an entry in pieces: words split at hyphens and
// apostrophes, folded, articles left out.
type spelling struct {
	pieces []string
	entry  int
	// acronym: matches only where the text has these very letters, so that
	// «EI» is no «ei».
	acronym string
	// article: an article must stand before it, as in «Le Monde».
	article bool
	// lower: matches in small letters too, as in «peshmergas».
	lower bool
	// local: matches only where the article names the entry's country.
	local bool
}

// addActor adds a line of one of nameFiles.
func (l *Lexicon) addActor(r table.Row) error {
	e := entry{id: r.Get("id"), kind: kindNames[r.Get("kind")], country: r.Get("country"), codes: r.List("codes"), tags: r.List("tags")}
	if e.kind == 0 {
		return r.Errorf("no kind of actor %q", r.Get("kind"))
	}
	for _, t := range e.tags {
		seat, ok := strings.CutPrefix(t, "seat:")
		switch {
		case t == "jihadist", t == "local":
		case t == "army", t == "police":
			e.organ = t
		case ok:
			l.seats[seat] = len(l.entries)
		default:
			return r.Errorf("no tag %q", t)
		}
	}
	if r.File != nameFiles[0].name {
		return l.add(r, e)
	}
	if c := r.Get("office"); c != "" {
		e.office = office{c, e.country}
	}
	return l.addTerm(r, e)
}

// addLeader adds a line of leaders.tsv: a person, and a term of office.
func (l *Lexicon) addLeader(r table.Row) error {
	e := entry{id: r.Get("id"), kind: Person, country: r.Get("country")}
	if c := r.Get("office"); c != "" {
		e.office = office{c, e.country}
		if of := r.Get("of"); of != "" {
			if _, ok := l.ids[of]; !ok {
				return r.Errorf("no organisation %q", of)
			}
			e.office.of = of
		}
	}
	return l.addTerm(r, e)
}

func (l *Lexicon) addTerm(r table.Row, e entry) error {
	var err error
	if e.from, err = parseDate(r.Get("from")); err != nil {
		return r.Errorf("from: %w", err)
	}
	if e.to, err = parseDate(r.Get("to")); err != nil {
		return r.Errorf("to: %w", err)
	}
	if e.to != (timex.Date{}) && before(e.to, e.from) {
		return r.Errorf("the term ends before it begins")
	}
	return l.add(r, e)
}

// add adds e under the names of its line. A later line of the same id is
// another term of office.
func (l *Lexicon) add(r table.Row, e entry) error {
	names := r.List("names")
	at, known := l.ids[e.id]
	if e.id == "" || len(names) == 0 && !known {
		return r.Errorf("an actor needs an id and a name")
	}
	if e.country != "" && !isISO3(e.country) {
		return r.Errorf("country %q is not an ISO 3166-1 alpha-3 code", e.country)
	}
	if known && l.entries[at].kind != e.kind {
		return r.Errorf("id %q is that of another actor already", e.id)
	}
	if known {
		e.name = l.entries[at].name
	} else {
		at = len(l.entries)
		l.ids[e.id] = at
		e.name = names[0]
	}
	l.entries = append(l.entries, e)
	if e.office.class != "" {
		l.offices[e.office] = append(l.offices[e.office], len(l.entries)-1)
	}
	for _, n := range names {
		s := spelling{pieces: l.pieces(nil, n), entry: at, local: e.tagged("local")}
		if len(s.pieces) == 0 {
			return r.Errorf("name %q has no letters", n)
		}
		if len(n) <= 5 && strings.ToUpper(n) == n {
			s.acronym = n
		}
		first, _ := utf8.DecodeRuneInString(n)
		s.lower = unicode.IsLower(first) && !strings.Contains(n, "-")
		for _, a := range []string{"Le ", "La ", "Les ", "L'"} {
			if strings.HasPrefix(n, a) && len(s.pieces) == 1 {
				s.article = true
			}
		}
		l.names[s.pieces[0]] = append(l.names[s.pieces[0]], s)
	}
	return nil
}

// checkOffices returns an error for offices that no noun names.
func (l *Lexicon) checkOffices() error {
	classes := map[string]bool{}
	for _, list := range l.nouns {
		for _, n := range list {
			classes[n.class] = true
		}
	}
	var faults []error
	told := map[string]bool{}
	for i := range l.entries {
		if c := l.entries[i].office.class; c != "" && !classes[c] && !told[c] {
			told[c] = true
			faults = append(faults, fmt.Errorf("leaders.tsv: no noun of nouns.tsv is of the class %q, the office of %s", c, l.entries[i].id))
		}
	}
	return errors.Join(faults...)
}

// parseDate reads YYYY, YYYY-MM or YYYY-MM-DD; an empty s is the zero Date.
func parseDate(s string) (timex.Date, error) {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil {
			return timex.Date{}, err
		}
		d := timex.Date{Year: t.Year()}
		if len(s) > 4 {
			d.Month = t.Month()
		}
		if len(s) > 7 {
			d.Day = t.Day()
		}
		return d, nil
	}
	if s == "" {
		return timex.Date{}, nil
	}
	return timex.Date{}, fmt.Errorf("%q is not YYYY, YYYY-MM or YYYY-MM-DD", s)
}
