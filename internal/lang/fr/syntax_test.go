package fr

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/depeche-events/depeche/internal/article"
	"github.com/depeche-events/depeche/internal/syntax"
	"github.com/depeche-events/depeche/internal/text"
)

var readers = sync.OnceValues(func() (*syntax.Model, *text.Language) {
	m, err := Syntax()
	if err != nil {
		panic(err)
	}
	lang, err := Text(nil)
	if err != nil {
		panic(err)
	}
	return m, lang
})

// analyze reads s as one segment.
func analyze(s string) (*text.Text, *syntax.Analysis) {
	m, lang := readers()
	d := &article.Document{Body: s, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(s)}}}}
	t := text.Split(context.Background(), d, lang)
	return t, m.Analyze(context.Background(), t)
}

// arcs writes every dependency as "head relation dependent".
func arcs(t *text.Text, a *syntax.Analysis) []string {
	var out []string
	for i, w := range a.Words {
		head := "ROOT"
		if w.Head >= 0 {
			head = t.Words[w.Head].Form
		}
		out = append(out, fmt.Sprintf("%s %s %s", head, w.Rel, t.Words[i].Form))
	}
	return out
}

// What the frames of events hang on. The sentences are our own.
func TestConstructions(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		arcs []string
	}{
		"active": {"L'armée bombarde la ville.", []string{"bombarde nsubj armée", "bombarde obj ville", "ROOT root bombarde"}},
		"passive with agent": {"Trois soldats ont été tués par des rebelles.",
			[]string{"tués nsubj:pass soldats", "tués obl:agent rebelles", "tués aux:pass été", "soldats nummod Trois"}},
		"relative of a subject": {"Le ministre qui a signé l'accord a démissionné.",
			[]string{"ministre acl:relcl signé", "signé nsubj qui", "signé obj accord", "démissionné nsubj ministre"}},
		"relative of an object": {"L'accord que le ministre a signé est contesté.",
			[]string{"accord acl:relcl signé", "signé nsubj ministre"}},
		"control":         {"Le gouvernement veut libérer les otages.", []string{"veut nsubj gouvernement", "veut xcomp libérer", "libérer obj otages"}},
		"coordination":    {"Les rebelles ont attaqué la ville et pillé le marché.", []string{"attaqué obj ville", "attaqué conj pillé", "pillé obj marché", "pillé cc et"}},
		"two subjects":    {"La France et l'Allemagne condamnent cette attaque.", []string{"condamnent nsubj France", "France conj Allemagne", "condamnent obj attaque"}},
		"nominalisation":  {"Le bombardement de l'hôpital par l'aviation a fait dix morts.", []string{"bombardement nmod hôpital", "fait nsubj bombardement", "fait obj morts"}},
		"reflexive":       {"Les combattants se sont retirés de la ville.", []string{"retirés nsubj combattants", "retirés aux:tense sont", "retirés obl:arg ville"}},
		"hearsay":         {"Le chef du groupe aurait été capturé dimanche.", []string{"capturé nsubj:pass chef", "capturé aux:tense aurait", "chef nmod groupe", "capturé obl:mod dimanche"}},
		"subject behind":  {"« Nous partirons », a déclaré le général.", []string{"déclaré nsubj général"}},
		"negation":        {"Le président n'a pas démissionné.", []string{"démissionné advmod n'", "démissionné advmod pas", "démissionné nsubj président"}},
		"completive":      {"Le porte-parole affirme que les troupes avancent.", []string{"affirme ccomp avancent", "avancent nsubj troupes", "avancent mark que"}},
		"participle":      {"Les manifestants arrêtés lundi ont été libérés.", []string{"manifestants acl arrêtés", "libérés nsubj:pass manifestants"}},
		"contraction":     {"Les casques bleus de l'ONU se rendront au Mali.", []string{"rendront nsubj casques", "Mali case à", "Mali det le"}},
		"apposition":      {"Le président malien, Amadou Diallo, a rencontré les rebelles.", []string{"Amadou flat:name Diallo", "rencontré nsubj président", "président appos Amadou"}},
		"clause of time":  {"Deux policiers sont morts quand une voiture a explosé.", []string{"explosé mark quand", "explosé nsubj voiture"}},
		"indirect object": {"Paris livrera des armes à Kiev.", []string{"livrera nsubj Paris", "livrera obj armes", "livrera obl:arg Kiev"}},
	} {
		t.Run(name, func(t *testing.T) {
			tx, a := analyze(c.text)
			got := arcs(tx, a)
			for _, want := range c.arcs {
				if !slices.Contains(got, want) {
					t.Errorf("%q: no %q in\n\t%s", c.text, want, strings.Join(got, "\n\t"))
				}
			}
		})
	}
}

// A day that stands alone hangs on the verb, with the place behind it.
func TestDaysHangOnTheVerb(t *testing.T) {
	for text, want := range map[string]string{
		"Des hommes ont pillé plusieurs magasins lundi à Durban.": "pillé obl:mod lundi",
		"Des soldats ont pris le pouvoir mercredi à Niamey.":      "pris obl:mod mercredi",
		"Des étudiants ont défilé samedi à Lomé.":                 "défilé obl:mod samedi",
		"L'attentat de lundi a fait dix morts.":                   "attentat nmod lundi",
	} {
		words, tree := analyze(text)
		if got := arcs(words, tree); !slices.Contains(got, want) {
			t.Errorf("%s: no %s in %v", text, want, got)
		}
	}
}

func TestMorphology(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		word string
		want string
	}{
		"conditional":     {"Le chef aurait été tué.", "aurait", "avoir AUX Mood=Cnd|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"},
		"participle":      {"Les villes libérées restent vides.", "libérées", "libérer VERB Gender=Fem|Number=Plur|Tense=Past|VerbForm=Part|Voice=Pass"},
		"infinitive":      {"Il veut négocier.", "négocier", "négocier VERB VerbForm=Inf"},
		"future":          {"Ils partiront demain.", "partiront", "partir VERB Mood=Ind|Number=Plur|Person=3|Tense=Fut|VerbForm=Fin"},
		"imperfect":       {"Les soldats tiraient.", "tiraient", "tirer VERB Mood=Ind|Number=Plur|Person=3|Tense=Imp|VerbForm=Fin"},
		"subjunctive":     {"Il faut que la paix vienne.", "vienne", "venir VERB Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"},
		"contraction":     {"Il va au Mali.", "le", "le DET Definite=Def|Gender=Masc|Number=Sing|PronType=Art"},
		"plural":          {"Les journaux sont parus.", "journaux", "journal NOUN Gender=Masc|Number=Plur"},
		"unknown verb":    {"Il a décryptalisé le message.", "décryptalisé", "décryptaliser VERB Gender=Masc|Number=Sing|Tense=Past|VerbForm=Part"},
		"first word":      {"Bombardée hier, la ville brûle.", "Bombardée", "bombarder VERB Gender=Fem|Number=Sing|Tense=Past|VerbForm=Part|Voice=Pass"},
		"proper noun":     {"Bamako a nié toute implication.", "Bamako", "Bamako PROPN"},
		"negated element": {"Il ne viendra pas.", "pas", "pas ADV Polarity=Neg"},
	} {
		t.Run(name, func(t *testing.T) {
			tx, a := analyze(c.text)
			for i, w := range a.Words {
				if tx.Words[i].Form != c.word {
					continue
				}
				if got := fmt.Sprintf("%s %s %s", w.Lemma, w.UPOS, w.Feats); !strings.HasPrefix(got, c.want) {
					t.Errorf("%q in %q: %s, want %s", c.word, c.text, got, c.want)
				}
				return
			}
			t.Errorf("no word %q in %q", c.word, c.text)
		})
	}
}

// The shipped model says from what it was made, and it was not made from what
// it is tested with.
func TestModelHeader(t *testing.T) {
	m, _ := readers()
	h := m.Header()
	if h.Language != "fr" || len(h.Sources) == 0 {
		t.Errorf("header %+v", h)
	}
	for _, s := range h.Sources {
		if len(s.SHA256) != 64 || s.Words == 0 {
			t.Errorf("source %+v", s)
		}
		for _, never := range []string{"gsd-ud-test", "sequoia-ud-test", "pud", "partut", "parseme"} {
			if strings.Contains(s.Name, never) {
				t.Errorf("the model was trained on %s", s.Name)
			}
		}
	}
}

// articles is text of our own, about as long as an article of 3 kB.
var articles = strings.Repeat(`L'armée syrienne a repris samedi aux djihadistes du groupe État islamique la ville antique de Palmyre, a annoncé un responsable militaire cité par l'agence officielle. Selon l'Observatoire, au moins douze civils, dont trois enfants, auraient été tués dans le bombardement d'un marché de la périphérie nord.
Le président, qui doit se rendre lundi à Genève, a assuré que les négociations reprendraient dès que les combats auraient cessé. Des centaines de manifestants se sont rassemblés mardi devant le palais de justice pour demander la libération des opposants arrêtés en mars.
« Nous ne céderons pas », a déclaré le porte-parole des rebelles, en accusant les forces gouvernementales d'avoir violé la trêve conclue sous l'égide de l'ONU. L'attaque, qui n'a pas été revendiquée, a fait 17 morts et une quarantaine de blessés, d'après un bilan encore provisoire.
`, 3)

// From text to trees, on one core.
func BenchmarkTextToTree(b *testing.B) {
	m, lang := readers()
	d := &article.Document{Body: articles, Segments: []article.Segment{{Kind: article.Prose, Span: article.Span{End: len(articles) - 1}}}}
	tokens := len(text.Split(context.Background(), d, lang).Tokens)
	b.SetBytes(int64(len(articles)))
	b.ReportAllocs()
	for b.Loop() {
		m.Analyze(context.Background(), text.Split(context.Background(), d, lang))
	}
	b.ReportMetric(float64(tokens)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
