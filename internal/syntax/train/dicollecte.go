package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/depeche-events/depeche/internal/syntax"
)

// readDicollecte reads the Dicollecte lexicon of French with its forms written
// out: form, lemma and grammatical tags between tabs.
func readDicollecte(r io.Reader, name string) ([]syntax.Reading, error) {
	var out []syntax.Reading
	in := bufio.NewScanner(r)
	for line := 1; in.Scan(); line++ {
		col := strings.Split(in.Text(), "\t")
		if len(col) != 3 {
			return nil, fmt.Errorf("%s:%d: %d columns, want 3", name, line, len(col))
		}
		out = dicollecte(out, col[0], col[1], strings.Fields(col[2]))
	}
	return out, in.Err()
}

// dicollecte adds what the tags say of a form in the terms of Universal
// Dependencies.
func dicollecte(out []syntax.Reading, form, lemma string, tags []string) []syntax.Reading {
	var pos []syntax.UPOS
	var feats syntax.Feats
	var valency syntax.Valency
	var persons []syntax.Feats
	type finite struct {
		mood  syntax.Mood
		tense syntax.Tense
	}
	var finites []finite
	verb, infinitive, past, present := false, false, false, false
	auxiliary := false
	first, _ := utf8.DecodeRuneInString(lemma)
	for _, t := range tags {
		switch t {
		case "is:mas":
			feats.Gender = syntax.Masc
		case "is:fem":
			feats.Gender = syntax.Fem
		case "is:sg":
			feats.Number = syntax.Sing
		case "is:pl":
			feats.Number = syntax.Plur
		case "po:nom", "po:titr":
			if unicode.IsUpper(first) {
				pos = append(pos, syntax.PROPN)
			} else {
				pos = append(pos, syntax.NOUN)
			}
		case "po:prn", "po:patr", "po:npr":
			pos = append(pos, syntax.PROPN)
		case "po:adj":
			pos = append(pos, syntax.ADJ)
		case "po:adv", "po:negadv":
			pos = append(pos, syntax.ADV)
		case "po:prep", "po:prepv":
			pos = append(pos, syntax.ADP)
		case "po:cjco":
			pos = append(pos, syntax.CCONJ)
		case "po:cjsub":
			pos = append(pos, syntax.SCONJ)
		case "po:interj":
			pos = append(pos, syntax.INTJ)
		case "po:nb":
			pos = append(pos, syntax.NUM)
		case "po:det", "po:detpos", "po:detdem", "po:detind", "po:detneg", "po:detex":
			pos = append(pos, syntax.DET)
		case "po:prodem", "po:proind", "po:prorel", "po:proint", "po:propersuj", "po:properobj", "po:proneg", "po:proadv":
			pos = append(pos, syntax.PRON)
		case "po:infi":
			infinitive = true
		case "po:ppas":
			past = true
		case "po:ppre":
			present = true
		case "po:ipre":
			finites = append(finites, finite{syntax.Ind, syntax.Pres})
		case "po:iimp":
			finites = append(finites, finite{syntax.Ind, syntax.Imperf})
		case "po:ipsi":
			finites = append(finites, finite{syntax.Ind, syntax.Past})
		case "po:ifut":
			finites = append(finites, finite{syntax.Ind, syntax.Fut})
		case "po:cond":
			finites = append(finites, finite{syntax.Cnd, syntax.Pres})
		case "po:spre":
			finites = append(finites, finite{syntax.Sub, syntax.Pres})
		case "po:simp":
			finites = append(finites, finite{syntax.Sub, syntax.Imperf})
		case "po:impe":
			finites = append(finites, finite{syntax.Imp, syntax.Pres})
		default:
			if len(t) == 6 && t[:3] == "po:" && '1' <= t[3] && t[3] <= '3' {
				p := syntax.Feats{Person: t[3] - '0', Number: syntax.Sing}
				if t[4] == 'p' {
					p.Number = syntax.Plur
				}
				persons = append(persons, p)
			}
			if strings.HasPrefix(t, "po:v") && len(t) > 5 {
				verb = true
				auxiliary = t[4] == '0'
				letters := t[5:]
				for letter, v := range map[string]syntax.Valency{"i": syntax.Intransitive, "t": syntax.Transitive,
					"n": syntax.TransitiveIndirect, "q": syntax.Pronominal, "p": syntax.Pronominal, "r": syntax.Pronominal} {
					if strings.Contains(letters, letter) {
						valency |= v
					}
				}
			}
		}
	}
	add := func(p syntax.UPOS, f syntax.Feats) {
		out = append(out, syntax.Reading{Form: form, Lemma: lemma, UPOS: p, Feats: f, Valency: valency})
		if p == syntax.VERB && auxiliary {
			out = append(out, syntax.Reading{Form: form, Lemma: lemma, UPOS: syntax.AUX, Feats: f, Valency: valency})
		}
	}
	if !verb {
		for _, p := range pos {
			add(p, feats)
		}
		return out
	}
	if infinitive {
		add(syntax.VERB, syntax.Feats{VerbForm: syntax.Inf})
	}
	if past {
		add(syntax.VERB, syntax.Feats{VerbForm: syntax.Part, Tense: syntax.Past, Gender: feats.Gender, Number: feats.Number})
	}
	if present {
		add(syntax.VERB, syntax.Feats{VerbForm: syntax.Part, Tense: syntax.Pres})
	}
	for _, f := range finites {
		for _, p := range persons {
			add(syntax.VERB, syntax.Feats{VerbForm: syntax.Fin, Mood: f.mood, Tense: f.tense, Person: p.Person, Number: p.Number})
		}
	}
	return out
}
