package fr

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/mention/timex"
	"github.com/depeche-events/depeche/internal/table"
	"github.com/depeche-events/depeche/internal/text"
)

// The kinds of time word; see times/words.tsv.
const (
	weekdayWord wordKind = iota + 1
	monthWord
	abbreviatedWord
	seasonWord
	unitWord
	fortnightWord
	partWord
	deicticWord
	narrativeWord
	lastWord
	nextWord
	followingWord
	previousWord
	thisWord
	sameWord
	fewWord
	phaseWord
	theWord
	ofWord
	atWord
	hasWord
	inWord
	insideWord
	perWord
	sinceWord
	fromWord
	partirWord
	untilWord
	byWord
	beforeWord
	afterWord
	plusWord
	earlyWord
	lateWord
	agoWord
	betweenWord
	andWord
	duringWord
	aboutWord
	ilWord
	yWord
	everyWord
	currentWord
	thereWord
	hereWord
	firstWord
	fillerWord
	zoneWord
	publishedWord
	agedWord
	clauseWord
	stopWord
	forWord
	determinerWord

	// Made at load from other words.
	midWord       // mi-mars: the month
	unitThereWord // jour-là: the unit
	partThereWord // soir-là: the part
)

var timeKinds = map[string]wordKind{
	"weekday": weekdayWord, "month": monthWord, "abbreviated": abbreviatedWord, "season": seasonWord, "unit": unitWord,
	"fortnight": fortnightWord, "part": partWord, "deictic": deicticWord, "narrative": narrativeWord, "last": lastWord,
	"next": nextWord, "following": followingWord, "previous": previousWord, "this": thisWord, "same": sameWord,
	"few": fewWord, "phase": phaseWord, "the": theWord, "of": ofWord, "at": atWord, "has": hasWord, "in": inWord,
	"inside": insideWord, "per": perWord, "since": sinceWord, "from": fromWord, "partir": partirWord,
	"until": untilWord, "by": byWord, "before": beforeWord, "after": afterWord, "plus": plusWord, "early": earlyWord,
	"late": lateWord, "ago": agoWord, "between": betweenWord, "and": andWord, "during": duringWord, "about": aboutWord,
	"il": ilWord, "y": yWord, "every": everyWord, "current": currentWord, "there": thereWord, "here": hereWord,
	"first": firstWord, "filler": fillerWord, "zone": zoneWord, "published": publishedWord, "aged": agedWord,
	"clause": clauseWord, "stop": stopWord, "for": forWord, "determiner": determinerWord,
}

// TimeGrammar is the French grammar of times. It is immutable.
type TimeGrammar struct {
	words   *wordMap
	numbers numbers
	// named lists the named days by their first word, the longest first.
	named map[string][]namedDay

	parsers sync.Pool
}

type namedDay struct {
	words []string
	// exact: the word is read as it is written here, for its capital.
	exact  []bool
	moment timex.Moment
}

// Times returns the French grammar of times, read from the folders times and
// numbers of fsys, or the embedded files where fsys is nil. Faults are told by
// file and line.
func Times(fsys fs.FS) (*TimeGrammar, error) {
	if fsys == nil {
		fsys = knowledge
	}
	g := &TimeGrammar{named: map[string][]namedDay{}}
	var err error
	if g.numbers, err = loadNumbers(fsys); err != nil {
		return nil, err
	}
	if g.words, err = loadWords(fsys, "times/words.tsv", timeKinds); err != nil {
		return nil, err
	}
	g.compose()
	g.words.addPlain()
	if err := g.loadNamed(fsys); err != nil {
		return nil, err
	}
	if err := g.loadCues(fsys); err != nil {
		return nil, err
	}
	for w, m := range g.numbers.words.words { // in any order: each word once
		g.words.edit(w, func(in *meaning) { in.number = m.kind })
	}
	g.parsers.New = func() any { return new(timeParser) }
	return g, nil
}

// clockPart is added to the part of day of a word that is an hour: minuit.
const clockPart = 10

// compose adds the words that hyphens make of others: mi-mars, jour-là.
func (g *TimeGrammar) compose() {
	made := map[string]meaning{}
	for w, m := range g.words.words {
		switch m.kind {
		case monthWord:
			made["mi-"+w] = meaning{kind: midWord, value: m.value}
		case unitWord:
			made[w+"-là"] = meaning{kind: unitThereWord, value: m.value}
		case partWord:
			if m.value < clockPart {
				made[w+"-là"] = meaning{kind: partThereWord, value: m.value}
			}
		}
	}
	for w, m := range made { // in any order: each is another word
		if _, ok := g.words.words[w]; !ok && len(w) <= maxWord {
			_ = g.words.add(w, m) // neither too long nor double
		}
	}
}

func (g *TimeGrammar) loadNamed(fsys fs.FS) error {
	return table.Read(fsys, "times/named.tsv", []string{"name", "date"}, func(r table.Row) error {
		words := strings.Fields(r.Get("name"))
		if len(words) == 0 {
			return r.Errorf("no name")
		}
		m, err := namedMoment(r.Get("date"))
		if err != nil {
			return r.Errorf("%w", err)
		}
		key, ok := lower(nil, words[0])
		if !ok {
			return r.Errorf("word %q is too long", words[0])
		}
		g.words.edit(string(key), func(m *meaning) { m.named = true })
		for _, words := range spellings(words) {
			k := string(key)
			at := len(g.named[k])
			for at > 0 && len(g.named[k][at-1].words) < len(words) {
				at--
			}
			exact := make([]bool, len(words))
			for i, w := range words {
				exact[i] = w != strings.ToLower(w)
			}
			g.named[k] = slices.Insert(g.named[k], at, namedDay{words, exact, m})
		}
		return nil
	})
}

// namedMoment reads the date column of times/named.tsv.
func namedMoment(s string) (timex.Moment, error) {
	if offset, ok := strings.CutPrefix(s, "easter"); ok {
		n, err := strconv.Atoi(offset)
		if err != nil {
			return timex.Moment{}, fmt.Errorf("date %q is not easter and a number of days", s)
		}
		return timex.Moment{HasEaster: true, Easter: n}, nil
	}
	var d timex.Date
	parts := strings.Split(s, "-")
	nums := make([]int, len(parts))
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return timex.Moment{}, fmt.Errorf("date %q is none of MM-DD, YYYY-MM-DD, YYYY-MM, YYYY, easter+N", s)
		}
		nums[i] = n
	}
	probe := d
	switch {
	case len(parts[0]) == 2 && len(nums) == 2:
		d = timex.Date{Month: time.Month(nums[0]), Day: nums[1]}
		probe = timex.Date{Year: 2000, Month: d.Month, Day: d.Day}
	case len(nums) <= 3:
		d.Year = nums[0]
		if len(nums) > 1 {
			d.Month = time.Month(nums[1])
		}
		if len(nums) > 2 {
			d.Day = nums[2]
		}
		probe = d
	}
	if !probe.Valid() {
		return timex.Moment{}, fmt.Errorf("date %q is none of the calendar", s)
	}
	return timex.Moment{Date: d}, nil
}

func (g *TimeGrammar) loadCues(fsys fs.FS) error {
	tenses := map[string]timex.Tense{"future": timex.Future, "past": timex.Past, "present": timex.Present}
	return table.Read(fsys, "times/cues.tsv", []string{"word", "tense"}, func(r table.Row) error {
		tense, ok := tenses[r.Get("tense")]
		if !ok {
			return r.Errorf("unknown tense %q", r.Get("tense"))
		}
		word := r.Get("word")
		if word == "" || len(word) > maxWord {
			return r.Errorf("word %q is not of 1 to %d bytes", word, maxWord)
		}
		g.words.edit(word, func(m *meaning) { m.cue = tense })
		return nil
	})
}

// Append implements timex.Grammar.
func (g *TimeGrammar) Append(dst []timex.Expr, words []text.Word) []timex.Expr {
	p := g.parsers.Get().(*timeParser)
	p.g, p.words, p.depth, p.noPart = g, words, 0, false
	p.lex = p.lex[:0]
	for i := range words {
		p.lex = append(p.lex, g.words.get(words[i].Form))
	}
	for i := 0; i < len(words); {
		if !p.starts(i) {
			i++
			continue
		}
		e, ok := p.time(i)
		if !ok || e.Last <= i {
			i++
			continue
		}
		i = e.Last
		p.finish(&e)
		if e.First < e.Last {
			dst = append(dst, e)
		}
	}
	p.words = nil
	g.parsers.Put(p)
	return dst
}

// timeParser reads the times of one sentence by recursive descent.
type timeParser struct {
	g     *TimeGrammar
	words []text.Word
	lex   []meaning
	// noPart: what is read has its part of day already.
	noPart bool
	depth  int
}

// starts reports whether a time may start at word i.
func (p *timeParser) starts(i int) bool {
	form := p.words[i].Form
	if form == "" {
		return false
	}
	switch p.lex[i].kind {
	case 0, stopWord, firstWord, determinerWord:
		return p.numeral(i) || p.lex[i].named || isMidYear(form) || p.kind(i+1) == unitWord || p.lex[i].kind == firstWord
	case andWord, clauseWord, hasWord, perWord, plusWord, yWord, zoneWord, agedWord, publishedWord, partirWord,
		thereWord, hereWord, fillerWord, currentWord:
		return false
	}
	return true
}

// numeral reports whether a number may start at word i.
func (p *timeParser) numeral(i int) bool {
	if i < 0 || i >= len(p.words) {
		return false
	}
	form := p.words[i].Form
	if form == "" {
		return false
	}
	if k := p.lex[i].number; k != 0 {
		return k < millionNumber
	}
	return isDigit(form[0]) || strings.IndexByte(form, '-') > 0 && p.g.numbers.starts(form)
}

func (p *timeParser) kind(i int) wordKind {
	if i < 0 || i >= len(p.lex) {
		return 0
	}
	return p.lex[i].kind
}

func (p *timeParser) value(i int) int { return int(p.lex[i].value) }

func (p *timeParser) form(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	return p.words[i].Form
}

// skip returns the index after word i where it is of kind k, else i.
func (p *timeParser) skip(i int, k wordKind) int {
	if p.kind(i) == k {
		return i + 1
	}
	return i
}

// capital reports whether word i is capitalised where lower case would do: a
// newspaper is called Le Matin.
func (p *timeParser) capital(i int) bool {
	return i > 0 && isCapital(p.form(i)) && startsWithLetter(p.form(i-1))
}

func isCapital(s string) bool {
	return s != "" && ('A' <= s[0] && s[0] <= 'Z' || len(s) > 1 && s[0] == 0xC3 && s[1] < 0x9F)
}

// nounFollows reports whether the word at i may be a noun that a number before
// it counts.
func (p *timeParser) nounFollows(i int) bool {
	return startsWithLetter(p.form(i)) && p.kind(i) == 0 || p.form(i) == "%"
}

func startsWithLetter(s string) bool {
	if s == "" {
		return false
	}
	c := s[0]
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == 0xC3 || c == 0xC5
}

// finish trims e's first words that a contraction shares, and reads the cues
// around it.
func (p *timeParser) finish(e *timex.Expr) {
	for e.First < e.Last && e.First > 0 && e.Span == timex.At &&
		(p.kind(e.First) == theWord || p.kind(e.First) == ofWord) && p.words[e.First].Token == p.words[e.First-1].Token {
		e.First++
	}
	if e.Span == timex.At && e.From.Anchor == timex.Narrated && p.kind(e.Last-1) == narrativeWord && p.kind(e.Last) == ofWord && p.opensPhrase(e.Last+1) {
		// «au lendemain de l'attentat» is told from an event, as «un jour après» is.
		e.Kind, e.FromEvent = timex.Duration, true
	}
	if e.Kind != timex.Point {
		return
	}
	if e.Cue == timex.Untold {
		e.Cue = p.cue(e.First, e.Last)
	}
	const reach = 4
	for i := e.First - 1; i >= 0 && i >= e.First-reach; i-- {
		if p.kind(i) == publishedWord {
			e.Publication = true
		}
	}
}

// opensPhrase reports whether a noun phrase opens at word i.
func (p *timeParser) opensPhrase(i int) bool {
	switch p.kind(i) {
	case theWord, thisWord, determinerWord:
		return true
	}
	return isCapital(p.form(i))
}

// cue returns the tense that the nearest telling word of the clause around
// [first, last) shows.
func (p *timeParser) cue(first, last int) timex.Tense {
	const reach = 12
	left, right := first-1, last
	for n := 0; n < reach && (left >= 0 || right < len(p.words)); n++ {
		for _, i := range [2]int{left, right} {
			if i < 0 || i >= len(p.words) {
				continue
			}
			if t := p.lex[i].cue; t != timex.Untold {
				return t
			}
		}
		if left >= 0 {
			if left--; left >= 0 && p.bounds(left) {
				left = -1
			}
		}
		if right < len(p.words) {
			if right++; right < len(p.words) && p.bounds(right) {
				right = len(p.words)
			}
		}
	}
	return timex.Untold
}

// bounds reports whether word i ends a clause.
func (p *timeParser) bounds(i int) bool {
	if p.lex[i].kind == clauseWord {
		return true
	}
	r, _ := utf8.DecodeRuneInString(p.words[i].Form)
	return strings.ContainsRune(",;:.!?()«»\"“”", r)
}
