package article

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/depeche-events/depeche/internal/table"
)

// Effect says what a line is that a signal is found in.
type Effect uint8

// The effects.
const (
	// MarksBoilerplate: the line is boilerplate.
	MarksBoilerplate Effect = iota + 1
	// MarksTeaser: the line leads to another article.
	MarksTeaser
	// MarksCaption: the line is a picture's caption or credit.
	MarksCaption
	// OpensTeasers: the line is boilerplate, and headlines below it are
	// teasers.
	OpensTeasers
	// OpensComments: the line is boilerplate, and so is all that follows it
	// where most of the article is behind.
	OpensComments
	// MarksSentence: the line is a sentence of running text and no headline,
	// whatever its ending.
	MarksSentence
)

var effectNames = map[string]Effect{
	"boilerplate": MarksBoilerplate, "teaser": MarksTeaser, "caption": MarksCaption,
	"opens-teasers": OpensTeasers, "opens-comments": OpensComments, "sentence": MarksSentence,
}

// Where says where in a line a signal must stand.
type Where uint8

// The places of a signal.
const (
	// Whole: the signal is the line, but for numbers around it.
	Whole Where = iota + 1
	// Begins: the line begins with the signal.
	Begins
	// Contains: the signal stands anywhere in the line.
	Contains
	// Ends: the line ends with the signal.
	Ends
)

var whereNames = map[string]Where{"whole": Whole, "begins": Begins, "contains": Contains, "ends": Ends}

// Signal is a phrase that tells a line of the page from the article's text.
type Signal struct {
	Reason string
	Effect Effect
	Where  Where
	// MaxWords is the most words of a line that the signal counts in.
	MaxWords int
	Phrase   string
}

// Term is a phrase of a vocabulary: a line that is dense with the terms of one
// reason is boilerplate.
type Term struct {
	Reason string
	Weight int
	Phrase string
}

// Signals are a language's signals, as data says them.
type Signals struct {
	// Classes name sets of phrases that phrases may refer to as {name}.
	Classes map[string][]string
	Signals []Signal
	// Kits name sets of words; a short line made of one kit's words alone, and
	// of one of its key words at least, is boilerplate for that reason.
	Kits  []Kit
	Terms []Term
}

// Kit is a set of words of which whole lines of a page are made.
type Kit struct {
	Reason string
	Effect Effect
	Key    []string // one of these must be there
	Other  []string
}

// The terms by which Signals say who speaks: a page addresses its reader, an
// article reports. They are no reasons of their own.
const (
	TermAddress = "address"
	TermReport  = "report"
)

// What one language may have: bounds of the counts that are kept per line.
const (
	maxTermReasons  = 8
	maxLanguageKits = 16
)

// defaultMaxWords is the length of line that a signal counts in where its data
// names none.
const defaultMaxWords = 12

// ReadSignals reads a language's classes.tsv, signals.tsv, kits.tsv and
// terms.tsv. It returns all faults, by file and line.
func ReadSignals(fsys fs.FS) (*Signals, error) {
	s, termReasons := &Signals{Classes: map[string][]string{}}, map[string]bool{}
	err := errors.Join( // classes first: phrases of the others refer to them
		table.Read(fsys, "classes.tsv", []string{"class", "phrases"}, s.readClass),
		table.Read(fsys, "signals.tsv", []string{"reason", "effect", "where", "max", "phrase"}, s.readSignal),
		table.Read(fsys, "kits.tsv", []string{"reason", "effect", "key", "other"}, s.readKit),
		table.Read(fsys, "terms.tsv", []string{"reason", "weight", "phrase"}, func(r table.Row) error { return s.readTerm(r, termReasons) }),
	)
	if err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	return s, nil
}

func (s *Signals) readClass(r table.Row) error {
	name, phrases := r.Get("class"), r.List("phrases")
	if name == "" || len(phrases) == 0 {
		return r.Errorf("a class needs a name and phrases")
	}
	for _, p := range phrases {
		if _, err := parsePhrase(p, nil); err != nil {
			return r.Errorf("class %q: %w", name, err)
		}
	}
	s.Classes[name] = append(s.Classes[name], phrases...)
	return nil
}

func (s *Signals) readSignal(r table.Row) error {
	g := Signal{Reason: r.Get("reason"), MaxWords: defaultMaxWords, Phrase: r.Get("phrase")}
	var ok bool
	if g.Effect, ok = effectNames[r.Get("effect")]; !ok {
		return r.Errorf("effect %q is unknown", r.Get("effect"))
	}
	if g.Where, ok = whereNames[r.Get("where")]; !ok {
		return r.Errorf("where %q is unknown", r.Get("where"))
	}
	if m := r.Get("max"); m != "" {
		n, err := strconv.Atoi(m)
		if err != nil || n < 1 {
			return r.Errorf("max %q is no number of words", m)
		}
		g.MaxWords = n
	}
	if err := checkReason(g.Reason); err != nil {
		return r.Errorf("%w", err)
	}
	if _, err := parsePhrase(g.Phrase, s.Classes); err != nil {
		return r.Errorf("%w", err)
	}
	s.Signals = append(s.Signals, g)
	return nil
}

func (s *Signals) readKit(r table.Row) error {
	k := Kit{Reason: r.Get("reason"), Key: r.List("key"), Other: r.List("other")}
	var ok bool
	if k.Effect, ok = effectNames[r.Get("effect")]; !ok {
		return r.Errorf("effect %q is unknown", r.Get("effect"))
	}
	if err := checkReason(k.Reason); err != nil {
		return r.Errorf("%w", err)
	}
	if len(k.Key) == 0 {
		return r.Errorf("a kit needs key words")
	}
	if s.Kits = append(s.Kits, k); len(s.Kits) > maxLanguageKits {
		return r.Errorf("more than %d kits", maxLanguageKits)
	}
	return nil
}

// readTerm reads a term; reasons are those of all terms so far.
func (s *Signals) readTerm(r table.Row, reasons map[string]bool) error {
	t := Term{Reason: r.Get("reason"), Phrase: r.Get("phrase")}
	var err error
	if t.Weight, err = strconv.Atoi(r.Get("weight")); err != nil || t.Weight < 1 || t.Weight > 9 {
		return r.Errorf("weight %q is not 1 to 9", r.Get("weight"))
	}
	if err := checkReason(t.Reason); err != nil {
		return r.Errorf("%w", err)
	}
	if _, err := parsePhrase(t.Phrase, s.Classes); err != nil {
		return r.Errorf("%w", err)
	}
	if reasons[t.Reason] = true; len(reasons) > maxTermReasons {
		return r.Errorf("%q is one of more than %d reasons", t.Reason, maxTermReasons)
	}
	s.Terms = append(s.Terms, t)
	return nil
}

// checkReason refuses what is not a stable word such as "related-link".
func checkReason(reason string) error {
	if reason == "" || strings.Trim(reason, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return fmt.Errorf("reason %q is not of lower-case letters and hyphens", reason)
	}
	return nil
}
