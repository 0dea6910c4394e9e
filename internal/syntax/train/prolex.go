package main

import (
	"bufio"
	"io"
	"strings"

	"github.com/depeche-events/depeche/internal/syntax"
)

// readProlex reads a dictionary of proper names in the DELAF format,
// "form,lemma.Codes:ms:fp", and keeps the names of one word and the adjectives
// made from names.
func readProlex(r io.Reader) ([]syntax.Reading, error) {
	var out []syntax.Reading
	in := bufio.NewScanner(r)
	for in.Scan() {
		form, rest, ok := strings.Cut(in.Text(), ",")
		dot := strings.LastIndexByte(rest, '.')
		if !ok || dot < 0 {
			continue
		}
		lemma, codes := rest[:dot], rest[dot+1:]
		codes, inflections, _ := strings.Cut(codes, ":")
		class := strings.Split(codes, "+")
		r := syntax.Reading{Form: unescape(form), Lemma: unescape(lemma)}
		if r.Lemma == "" {
			r.Lemma = r.Form
		}
		if strings.ContainsAny(r.Form, " '’") {
			continue
		}
		switch {
		case class[0] == "A":
			r.UPOS = syntax.ADJ
			r.Form, r.Lemma = strings.ToLower(r.Form), strings.ToLower(r.Lemma)
		case len(class) > 1 && class[0] == "N" && (class[1] == "PR" || class[1] == "Prenom"):
			r.UPOS = syntax.PROPN
		default:
			continue
		}
		for _, i := range strings.Split(inflections, ":") {
			r.Feats = syntax.Feats{}
			if len(i) == 2 {
				r.Feats.Gender = map[byte]syntax.Gender{'m': syntax.Masc, 'f': syntax.Fem}[i[0]]
				r.Feats.Number = map[byte]syntax.Number{'s': syntax.Sing, 'p': syntax.Plur}[i[1]]
			}
			out = append(out, r)
		}
	}
	return out, in.Err()
}

// unescape undoes DELAF's marks: "=" is a hyphen or a space, "\" hides what follows.
func unescape(s string) string {
	return strings.NewReplacer(`\`, "", "=", "-").Replace(s)
}
