package fr

import (
	"io/fs"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/text"
)

// The kinds of number word; see numbers/words.tsv.
const (
	smallNumber wordKind = iota + 1
	hundredNumber
	thousandNumber
	millionNumber
	aboutNumber
	partNumber
	andNumber
)

var numberKinds = map[string]wordKind{
	"small": smallNumber, "hundred": hundredNumber, "thousand": thousandNumber, "million": millionNumber,
	"about": aboutNumber, "part": partNumber, "and": andNumber,
}

// cardinal is a number as words or figures tell it.
type cardinal struct {
	value float64
	// last is the word after it.
	last int
	// figures: it begins with digits. one: it is «un» or «une» alone. noun: it
	// ends with a noun, so that «de» leads to what is counted: «3 millions de».
	figures, one, noun bool
}

// numbers reads cardinal numbers.
type numbers struct{ words *wordMap }

func loadNumbers(fsys fs.FS) (numbers, error) {
	m, err := loadWords(fsys, "numbers/words.tsv", numberKinds)
	if err != nil {
		return numbers{}, err
	}
	m.addPlain()
	return numbers{m}, nil
}

// starts reports whether a number may start with form, at little cost.
func (n numbers) starts(form string) bool {
	if form == "" {
		return false
	}
	if isDigit(form[0]) {
		return true
	}
	if k := n.words.get(form).kind; k != 0 {
		return k < millionNumber
	}
	if i := strings.IndexByte(form, '-'); i > 0 {
		k := n.words.get(form[:i]).kind
		return k != 0 && k < millionNumber
	}
	return false
}

// cardinal reads the number that starts at word i: «300», «2 000», «3,5
// millions», «deux cent cinquante mille», «vingt-et-un». Nouns of about so
// many and fractions are not among them.
func (n numbers) cardinal(words []text.Word, i int) (cardinal, bool) {
	var s sum
	c := cardinal{last: i}
	for at := i; at < len(words) && at < i+maxNumberWords; at++ {
		form := words[at].Form
		if form == "" {
			break
		}
		if isDigit(form[0]) {
			v, ok := figure(form)
			if !ok || !s.figures(v) {
				break
			}
			if at == i {
				c.figures = true
			}
			c.last = at + 1
			c.noun = false
			continue
		}
		m := n.words.get(form)
		if m.kind == andNumber {
			// Only «vingt et un», «soixante et onze» join.
			if !s.joins() || at+1 >= len(words) || !s.unitOrTeen(n.words.get(words[at+1].Form)) {
				break
			}
			continue
		}
		if m.kind == 0 {
			next := s
			if !n.compound(&next, form) {
				break
			}
			s = next
			c.last, c.noun = at+1, false
			continue
		}
		if !s.add(m) {
			break
		}
		c.last, c.noun = at+1, m.kind == millionNumber
	}
	if c.last == i {
		return cardinal{}, false
	}
	c.value = s.value()
	c.one = c.last == i+1 && c.value == 1 && !c.figures
	return c, true
}

// maxNumberWords bounds the words of one number.
const maxNumberWords = 24

// compound adds the parts of a hyphenated number word.
func (n numbers) compound(s *sum, form string) bool {
	if strings.IndexByte(form, '-') <= 0 || len(form) > 60 {
		return false
	}
	for part := range strings.SplitSeq(form, "-") {
		m := n.words.get(part)
		switch {
		case m.kind == andNumber && s.joins():
		case m.kind == 0 || m.kind == andNumber || !s.add(m):
			return false
		}
	}
	return true
}

// sum builds a number up from its words: total holds the groups told so far
// (millions, thousands), group the one below a thousand that is being told.
type sum struct {
	total, group float64
	// scale is the last scale told, above which none may follow; 0 at first.
	scale float64
	// open: a group is being told. digits: it was told in figures.
	open, digits bool
}

func (s *sum) value() float64 { return s.total + s.group }

// joins reports whether «et» may stand after what is told: vingt et un.
func (s *sum) joins() bool {
	if !s.open || s.digits {
		return false
	}
	rest := math.Mod(s.group, 100)
	return rest >= 20 && math.Mod(rest, 10) == 0
}

func (s *sum) unitOrTeen(m meaning) bool {
	return m.kind == smallNumber && (m.value == 1 || m.value == 11 && math.Mod(s.group, 100) == 60)
}

// figures adds a group told in figures, which is only so after a scale:
// «2 millions 300 000».
func (s *sum) figures(v float64) bool {
	if s.open || s.scale != 0 && v >= s.scale {
		return false
	}
	s.group, s.open, s.digits = v, true, true
	return true
}

// add adds a number word and reports whether it fits.
func (s *sum) add(m meaning) bool {
	switch m.kind {
	case smallNumber:
		if s.digits && s.open {
			return false
		}
		if !s.open {
			s.group, s.open = m.value, true
			return true
		}
		rest := math.Mod(s.group, 100)
		switch {
		case rest == 4 && m.value == 20: // quatre-vingts
			s.group += 76
		case rest == 0 && s.group > 0 && m.value > 0, // cent trois
			rest == 10 && 7 <= m.value && m.value <= 9, // dix-sept
			(rest == 20 || rest == 30 || rest == 40 || rest == 50 || rest == 70 || rest == 90) && 0 < m.value && m.value < 10,
			(rest == 60 || rest == 80) && 0 < m.value && m.value < 17,
			rest == 70 && 7 <= m.value && m.value <= 9:
			s.group += m.value
		default:
			return false
		}
	case hundredNumber:
		switch {
		case s.digits && s.open:
			return false
		case !s.open:
			s.group, s.open = 100, true
		case 2 <= s.group && s.group <= 9:
			s.group *= 100
		default:
			return false
		}
	case thousandNumber, millionNumber:
		if s.scale != 0 && m.value >= s.scale {
			return false
		}
		switch {
		case !s.open && m.kind == millionNumber:
			return false // «millions» alone is no number
		case !s.open:
			s.group = 1
		case s.group == 0 || !s.digits && s.group >= 1000:
			return false
		}
		s.total += s.group * m.value
		s.group, s.open, s.digits, s.scale = 0, false, false, m.value
	default:
		return false
	}
	return true
}

// figure reads a number in figures as French writes it: «2 000» with any
// space, «1.500», «3,5», «6 700,54». What is none is told by false: «20h30»,
// «9e», «01 42», «3-1», «192.168.1.1».
func figure(s string) (float64, bool) {
	const maxDigits = 15
	var value, scale float64
	digits, groups, inGroup := 0, 0, 0
	var separator rune
	for i := 0; i < len(s); {
		c := s[i]
		if isDigit(c) {
			if digits++; digits > maxDigits {
				return 0, false
			}
			inGroup++
			if scale != 0 {
				value += float64(c-'0') * scale
				scale /= 10
			} else {
				value = value*10 + float64(c-'0')
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if inGroup == 0 || scale != 0 {
			return 0, false
		}
		rest := s[i+size:]
		switch {
		case isThousandsSpace(r) || r == '\'' || r == '’':
			if !groupsOfThree(groups, inGroup, rest) || separator != 0 && separator != ' ' {
				return 0, false
			}
			separator = ' '
		case (r == '.' || r == ',') && thousandsMark(r, separator, groups, inGroup, rest):
			separator = r
		case r == '.' || r == ',':
			if rest == "" || r == separator {
				return 0, false
			}
			scale = 0.1
		default:
			return 0, false
		}
		groups++
		inGroup = 0
		i += size
	}
	if digits == 0 || inGroup == 0 || s[0] == '0' && len(s) > 1 && s[1] != ',' && s[1] != '.' {
		return 0, false
	}
	if scale != 0 { // tidy what adding decimals left
		value = math.Round(value*1e6) / 1e6
	}
	return value, true
}

// thousandsMark reports whether a point or comma before rest separates
// thousands: a point before three digits does; a comma, which is the decimal
// mark, only where it comes again or before three noughts.
func thousandsMark(r, separator rune, groups, inGroup int, rest string) bool {
	if separator != 0 && separator != r || !groupsOfThree(groups, inGroup, rest) {
		return false
	}
	if r == '.' || separator == r {
		return true
	}
	return len(rest) > 3 && rest[3] == ',' || rest == "000"
}

// groupsOfThree reports whether the group just read and the one that starts
// rest are such as thousands are written in.
func groupsOfThree(groups, inGroup int, rest string) bool {
	if inGroup > 3 || groups > 0 && inGroup != 3 || len(rest) < 3 {
		return false
	}
	return isDigit(rest[0]) && isDigit(rest[1]) && isDigit(rest[2]) && (len(rest) == 3 || !isDigit(rest[3]))
}

func isThousandsSpace(r rune) bool {
	return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
