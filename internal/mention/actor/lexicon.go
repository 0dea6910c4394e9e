package actor

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/depeche-events/depeche/internal/fold"
	"github.com/depeche-events/depeche/internal/table"
)

// Lexicon is what a language knows of actors: names, nouns and demonyms. It is
// immutable after ReadLexicon.
type Lexicon struct {
	entries []entry
	// names holds the spellings of entries by their first piece, longest first.
	names    map[string][]spelling
	nouns    map[string][]noun // by the folded lemma of the head, longest first
	demonyms map[string]string // folded form -> ISO 3166-1 alpha-3
	rivals   map[string]string // the other state that a demonym may be of: «congolais»
	// peoples are named like nations and are none; the country is where they
	// are told of by default, and may be empty.
	peoples map[string]string
	// broad are the peoples of many countries: «les Européens» are of none.
	broad map[string]bool
	given map[string]bool // folded given names
	// organising words make a name an organisation's: «Group», «Institut».
	organising map[string]bool
	particle   map[string]bool  // folded words that go inside a person's name: «al», «ben», «de»
	offices    map[office][]int // entries that held an office
	ids        map[string]int   // entry by id
	articles   map[string]bool  // pieces that a spelling may have or lack: «le», «l»
	hints      map[string]hint  // what folded words say of a name beside them
	// seats are the entries of organisations that a city stands for, by the
	// city's id: «Bruxelles».
	seats map[string]int
	// sovereign is the state of a territory that has no forces of its own.
	sovereign map[string]string
}

// noun is a common noun that names an actor: «soldat», «forces spéciales».
type noun struct {
	// rest is what must follow the head, folded: {"speciales"}.
	rest  []string
	kind  Kind
	class string // mentions of one class and country are one actor
	flags nounFlags
	// accented: the head ends in «é», without which it is another word:
	// «retraité» and «retraite».
	accented bool
}

type nounFlags uint16

const (
	// member: «membre de X» and «soldats de X» are X.
	member nounFlags = 1 << iota
	// group: «le groupe X», «l'organisation» stand for a named group.
	group
	// title: a single person, often with a name beside it.
	title
	// state: belongs to a state, which an adjective or the context names.
	state
	// each: every noun of this kind is an actor of its own («habitants»).
	each
	// jihadist: may stand for a group tagged so.
	jihadist
	// rebel: may stand for an armed group that is not tagged jihadist.
	rebel
	// one: in the singular with a definite article it is the person told last
	// («la victime», «le jeune homme»).
	one
	// public: several of them are a government's («les ministres»).
	public
	// many: names many people in the singular («la foule»).
	many
	// nobody: a set phrase none of whose words names anybody («coup d'État»).
	nobody
	// craft: aircraft, who are actors only where they stand for those who fly
	// them.
	craft
)

var flagNames = map[string]nounFlags{"member": member, "group": group, "title": title, "state": state,
	"each": each, "one": one, "public": public, "jihadist": jihadist, "rebel": rebel, "many": many, "nobody": nobody, "craft": craft}

var kindNames = map[string]Kind{"STATE_FORCES": StateForces, "POLICE": Police, "GOVERNMENT": Government,
	"REBEL_GROUP": RebelGroup, "POLITICAL_MILITIA": PoliticalMilitia, "IDENTITY_MILITIA": IdentityMilitia,
	"RIOTERS": Rioters, "PROTESTERS": Protesters, "CIVILIANS": Civilians, "EXTERNAL_FORCES": ExternalForces,
	"IGO": IGO, "NGO": NGO, "MEDIA": Media, "PARTY": Party, "BUSINESS": Business, "RELIGIOUS": Religious,
	"COUNTRY": Country, "PERSON": Person, "OTHER": Other}

// hint is what a word says of a name that it is, or that it stands beside.
type hint uint32

const (
	forename   hint = 1 << iota // a given name
	surname                     // the name of somebody well known
	ambiguous                   // either, and something else too
	profession                  // «le chimiste X»
	kin                         // «ma tante X»
	quality                     // «la vieille X»
	human                       // a verb of which people alone are subjects
	ofPerson                    // a noun of which people are the owners: «l'œuvre de X»
	maker                       // a company by what it does: «l'avionneur X»
	arranged                    // a verb that organisations do: «organisé par X»
	head                        // a name may begin with it: «le Club des X»
	publicHead                  // the same, of public bodies: «l'Office des X»
	building                    // a head that is a house too: «au Musée des X»
	bearer                      // a name stands beside it: «le consortium X»
	thing                       // what is so called is neither a person nor an organisation: «Rue»
	standing                    // a body that its head alone names: «la Commission»
	holds                       // a verb that has «le pouvoir» for object as an office: «céder»
	worshipped                  // who is called upon and does nothing that news could tell
)

var hintNames = map[string]hint{"forename": forename, "surname": surname, "ambiguous": ambiguous, "profession": profession,
	"kin": kin, "quality": quality, "human": human, "of-person": ofPerson, "maker": maker, "arranged": arranged, "head": head, "public-head": publicHead,
	"building": building, "bearer": bearer, "thing": thing, "standing": standing, "holds": holds, "worshipped": worshipped}

// ReadLexicon reads the files of a lexicon from fsys: words.tsv, people.tsv, nouns.tsv,
// demonyms.tsv, peoples.tsv, territories.tsv and those of nameFiles. Its error
// tells every fault by file and line.
func ReadLexicon(fsys fs.FS) (*Lexicon, error) {
	l := &Lexicon{
		names: map[string][]spelling{}, nouns: map[string][]noun{}, demonyms: map[string]string{},
		peoples: map[string]string{}, broad: map[string]bool{}, rivals: map[string]string{}, seats: map[string]int{}, given: map[string]bool{}, particle: map[string]bool{}, organising: map[string]bool{},
		offices: map[office][]int{}, ids: map[string]int{}, articles: map[string]bool{}, sovereign: map[string]string{},
		hints: make(map[string]hint, 1<<15),
	}
	// Words come first: articles decide how spellings are split.
	faults := []error{
		table.Read(fsys, "words.tsv", []string{"class", "words"}, l.addWords),
		table.Read(fsys, "people.tsv", []string{"class", "words"}, l.addWords),
	}
	for _, f := range nameFiles {
		faults = append(faults, table.Read(fsys, f.name, f.columns, l.addActor))
	}
	faults = append(faults,
		table.Read(fsys, "leaders.tsv", leaderColumns, l.addLeader),
		table.Read(fsys, "nouns.tsv", []string{"noun", "kind", "class", "flags"}, l.addNoun),
		table.Read(fsys, "demonyms.tsv", []string{"country", "forms"}, l.addDemonym),
		table.Read(fsys, "peoples.tsv", []string{"country", "forms"}, l.addPeople),
		table.Read(fsys, "territories.tsv", []string{"territory", "state"}, l.addTerritory),
		l.checkOffices(),
	)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for _, s := range l.names {
		slices.SortStableFunc(s, func(a, b spelling) int { return len(b.pieces) - len(a.pieces) })
	}
	for _, n := range l.nouns {
		slices.SortStableFunc(n, func(a, b noun) int { return len(b.rest) - len(a.rest) })
	}
	return l, nil
}

func (l *Lexicon) addWords(r table.Row) error {
	var set map[string]bool
	switch class := r.Get("class"); class {
	case "given":
		set = l.given
	case "particle":
		set = l.particle
	case "organisation":
		set = l.organising
	case "article":
		set = l.articles
	default:
		h, ok := hintNames[class]
		if !ok {
			return r.Errorf("no class of words %q", class)
		}
		for _, w := range r.List("words") {
			l.hints[fold.String(w)] |= h
		}
		return nil
	}
	for _, w := range r.List("words") {
		set[fold.String(w)] = true
	}
	return nil
}

func (l *Lexicon) addNoun(r table.Row) error {
	words := strings.Fields(fold.String(r.Get("noun")))
	n := noun{kind: kindNames[r.Get("kind")], class: r.Get("class")}
	if len(words) == 0 || n.kind == 0 || n.class == "" {
		return r.Errorf("a noun needs a kind of actor and a class")
	}
	head, _, _ := strings.Cut(r.Get("noun"), " ")
	n.accented = strings.HasSuffix(head, "é") || strings.HasSuffix(head, "ée")
	for _, w := range words[1:] {
		n.rest = l.pieces(n.rest, w)
	}
	for _, f := range r.List("flags") {
		bit, ok := flagNames[f]
		if !ok {
			return r.Errorf("no flag %q", f)
		}
		n.flags |= bit
	}
	l.nouns[words[0]] = append(l.nouns[words[0]], n)
	return nil
}

func (l *Lexicon) addDemonym(r table.Row) error {
	c := r.Get("country")
	if !isISO3(c) {
		return r.Errorf("country %q is not an ISO 3166-1 alpha-3 code", c)
	}
	for _, f := range r.List("forms") {
		f, shared := strings.CutPrefix(f, "=")
		for _, inflected := range inflect(fold.String(f)) {
			other, ok := l.demonyms[inflected]
			switch {
			case ok && other != c && !shared:
				return r.Errorf("%q is a demonym of %s already", f, other)
			case ok && shared:
				l.rivals[inflected] = c
			default:
				l.demonyms[inflected] = c
			}
		}
	}
	return nil
}

func (l *Lexicon) addPeople(r table.Row) error {
	c := r.Get("country")
	broad := c == "*"
	if broad {
		c = ""
	}
	if c != "" && !isISO3(c) {
		return r.Errorf("country %q is not an ISO 3166-1 alpha-3 code", c)
	}
	for _, f := range r.List("forms") {
		for _, inflected := range inflect(fold.String(f)) {
			l.broad[inflected] = broad
			if other := l.demonyms[inflected]; other != "" {
				return r.Errorf("%q is a demonym of %s already", f, other)
			}
			l.peoples[inflected] = c
		}
	}
	return nil
}

func (l *Lexicon) addTerritory(r table.Row) error {
	t, s := r.Get("territory"), r.Get("state")
	if !isISO3(t) || !isISO3(s) {
		return r.Errorf("%q, %q: want two ISO 3166-1 alpha-3 codes", t, s)
	}
	l.sovereign[t] = s
	return nil
}

// inflect returns the four forms of a folded French adjective given in the
// masculine singular; an adjective that is irregular is given form by form.
func inflect(m string) []string {
	f := m + "e"
	switch {
	case strings.HasSuffix(m, "e"):
		f = m
	case strings.HasSuffix(m, "c") && len(m) > 3:
		f = m[:len(m)-1] + "que"
	case strings.HasSuffix(m, "en"), strings.HasSuffix(m, "on"):
		f = m + "ne"
	}
	plural := func(s string) string {
		if strings.HasSuffix(s, "s") {
			return s
		}
		return s + "s"
	}
	return []string{m, f, plural(m), plural(f)}
}

// pieces appends the pieces of a name to dst: folded, split at everything that
// is no letter or digit, without articles, «du» and «des» read as «de».
func (l *Lexicon) pieces(dst []string, name string) []string {
	return l.split(dst, fold.String(name))
}

// split is pieces for what is folded already.
func (l *Lexicon) split(dst []string, folded string) []string {
	for from := 0; from < len(folded); {
		to := from
		for to < len(folded) && inPiece(folded[to]) {
			to++
		}
		if to > from {
			if p := l.piece(folded[from:to]); p != "" {
				dst = append(dst, p)
			}
		}
		from = to + 1
	}
	return dst
}

func inPiece(c byte) bool { return c >= 0x80 || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func (l *Lexicon) piece(p string) string {
	switch {
	case l.articles[p]:
		return ""
	case p == "du" || p == "des" || p == "d":
		return "de"
	case p == "aux" || p == "au":
		return "a"
	}
	return p
}

func isISO3(s string) bool {
	if len(s) != 3 {
		return false
	}
	for i := range 3 {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// Demonym returns the country, as ISO 3166-1 alpha-3, of a folded adjective or
// noun of nationality; "" for other words.
func (l *Lexicon) Demonym(folded string) string { return l.demonyms[folded] }
