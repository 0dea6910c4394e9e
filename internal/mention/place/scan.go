package place

import (
	"context"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/interrupt"
	"github.com/depeche-events/depeche/internal/text"
)

// token is what the finder reads of a token, made in one pass.
type token struct {
	key     [2]int32 // its key, in scratch.keys
	class   WordClass
	typ     int16 // 1 + index of the type word, 0 none
	adj     int16 // 1 + index of the country whose adjective it is, 0 none
	rival   int16 // the same, of the larger country that shares it
	capital bool  // begins as a name does: «Gao», «al-Hassaka»
	upper   bool  // all capitals
	initial bool  // first of its sentence
	letters bool
	glue    bool // a hyphen or slash without spaces around
	value   float64
	sent    int32
}

// scan reads the tokens of t into s.
func (f *Finder) scan(ctx context.Context, s *scratch, t *text.Text) {
	s.toks, s.keys = slices.Grow(s.toks[:0], len(t.Tokens)), s.keys[:0]
	for si := range interrupt.Range(ctx, len(t.Sentences)) {
		r := t.Sentences[si].Tokens
		for i := r.First; i < r.Last; i++ {
			for len(s.toks) <= i {
				s.toks = append(s.toks, token{sent: -1})
			}
			form := t.TokenText(i)
			k := &s.toks[i]
			k.sent = int32(si)
			k.letters = t.Tokens[i].Kind == text.Letters
			k.key[0] = int32(len(s.keys))
			if k.letters || t.Tokens[i].Kind == text.Number {
				s.keys = appendKey(s.keys, form)
			}
			k.key[1] = int32(len(s.keys))
			if t.Tokens[i].Kind == text.Number {
				if v, ok := figure(form); ok {
					k.class, k.value = Numeral, v
				}
				continue
			}
			if !k.letters {
				switch form {
				case "-", "–":
					k.glue = i > r.First && !t.Tokens[i-1].SpaceAfter && !t.Tokens[i].SpaceAfter
				case ",", "/", ";":
					k.class = And
				}
				continue
			}
			k.capital, k.upper = cased(form)
			k.initial = i == r.First || !s.toks[i-1].letters && s.toks[i-1].class == 0 && !s.toks[i-1].glue
			s.lower = appendLower(s.lower[:0], form)
			if w, ok := f.words[string(s.lower)]; ok {
				k.class, k.value, k.typ = w.class, w.value, w.typ
			}
			if c, ok := f.adjs[string(s.lower)]; ok {
				k.adj = c + 1
				if c, ok := f.rivals[string(s.lower)]; ok {
					k.rival = c + 1
				}
			}
		}
	}
	for len(s.toks) < len(t.Tokens) {
		s.toks = append(s.toks, token{sent: -1})
	}
}

// cased reports whether a token begins as a name does, an Arabic article and
// the like before it apart, and whether it is all capitals.
func cased(form string) (capital, upper bool) {
	r, n := utf8.DecodeRuneInString(form)
	capital, upper = unicode.IsUpper(r), unicode.IsUpper(r) && len(form) > n
	for i, r := range form[n:] {
		switch {
		case unicode.IsLower(r):
			upper = false
		case unicode.IsUpper(r) && !capital && i <= 4:
			if c := form[n:][:i]; c != "" && (c[len(c)-1] == '-' || c[len(c)-1] == '\'') {
				capital = true
			}
		}
	}
	return capital, upper
}

// appendLower appends form in lower case, without a last apostrophe.
func appendLower(dst []byte, form string) []byte {
	for i := 0; i < len(form); {
		c := form[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(form[i:])
		if r == '’' || r == 'ʼ' {
			r = '\''
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += n
	}
	if n := len(dst); n > 1 && dst[n-1] == '\'' {
		dst = dst[:n-1]
	}
	return dst
}

// figure reads «20», «1 500» or «2,5».
func figure(form string) (float64, bool) {
	var v, scale float64
	for _, r := range form {
		switch {
		case '0' <= r && r <= '9':
			if scale > 0 {
				v += float64(r-'0') * scale
				scale /= 10
			} else {
				v = v*10 + float64(r-'0')
			}
		case r == ',' && scale == 0:
			scale = 0.1
		case unicode.IsSpace(r) || r == '.':
		default:
			return 0, false
		}
	}
	return v, v < 1e5
}
