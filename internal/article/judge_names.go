package article

import (
	"strings"
	"unicode/utf8"
)

// maxNames is the most words of a line that only names the author.
const maxNames = 5

// signature reports whether unit i signs the text above it: names or initials
// with no prose right below, or an agency's desk signs («bur-abu/jlb»).
func (p *page) signature(i int) bool {
	u := &p.units[i]
	if i == 0 || i+1 < len(p.units) && (p.units[i+1].kind == Prose || p.units[i+1].kind == 0) {
		return false
	}
	line := p.text[u.begin:u.end]
	if u.lowerStart && strings.ContainsRune(line, '/') && !strings.ContainsAny(line, " \u00A0") {
		return true
	}
	return u.names()
}

// names reports whether u is nothing but two or more capitalised words.
func (u *unit) names() bool {
	if len(u.words) < 2 || len(u.words) > maxNames || u.stop != open {
		return false
	}
	for i := range u.words {
		if u.words[i].shape&(capital|number) == 0 {
			return false
		}
	}
	return true
}

// initials reports whether u is nothing but two or more initials («H. L.»).
func (p *page) initials(u *unit) bool {
	if len(u.words) < 2 || len(u.words) > maxNames || u.stop == asking {
		return false
	}
	for k := range u.words {
		if w := &u.words[k]; w.shape&capital == 0 || utf8.RuneCountInString(p.text[w.begin:w.end]) > 1 {
			return false
		}
	}
	return true
}
