package syntax

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

const modelFile = "../lang/fr/model/syntax.model"

// news is text of our own in the manner of an agency.
const news = `L' armée syrienne a repris samedi à les djihadistes de le groupe État islamique la ville antique de Palmyre , a annoncé un responsable militaire cité par l' agence officielle .
Selon l' Observatoire , au moins douze civils , dont trois enfants , auraient été tués dans le bombardement de un marché de la périphérie nord .
Le président , qui doit se rendre lundi à Genève , a assuré que les négociations reprendraient dès que les combats auraient cessé .
Des centaines de manifestants se sont rassemblés mardi devant le palais de justice pour demander la libération de les opposants arrêtés en mars .
« Nous ne céderons pas » , a déclaré le porte-parole de les rebelles , en accusant les forces gouvernementales de avoir violé la trêve conclue sous l' égide de l' ONU .
L' attaque , qui n' a pas été revendiquée , a fait 17 morts et une quarantaine de blessés , d' après un bilan encore provisoire .`

func newsSentences() (sentences [][]string, words int) {
	for line := range strings.Lines(news) {
		forms := strings.Fields(line)
		sentences = append(sentences, forms)
		words += len(forms)
	}
	return sentences, words
}

func loadModel(tb testing.TB) *Model {
	tb.Helper()
	name := modelFile
	if other := os.Getenv("SYNTAX_MODEL"); other != "" {
		name = other
	}
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	m, err := Load(data)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// cpuTime is the processor time used so far: what a busy machine cannot spoil.
func cpuTime() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// run prepares the sentences up to a stage and times what do does with them.
func benchmark(b *testing.B, do func(m *Model, s *scratch, forms []string)) {
	m := loadModel(b)
	sentences, words := newsSentences()
	s := new(scratch)
	for _, forms := range sentences {
		do(m, s, forms)
	}
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		for _, forms := range sentences {
			do(m, s, forms)
		}
	}
	b.ReportMetric(float64(words)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
	b.ReportMetric(float64(words)*float64(b.N)/(cpuTime()-start).Seconds(), "tokens/cpu-s")
}

func BenchmarkRead(b *testing.B) {
	benchmark(b, func(m *Model, s *scratch, forms []string) { m.readAll(s, forms) })
}

func BenchmarkTagger(b *testing.B) {
	benchmark(b, func(m *Model, s *scratch, forms []string) {
		m.readAll(s, forms)
		m.tagWords(s.words, s)
	})
}

func BenchmarkTagLemma(b *testing.B) {
	benchmark(b, func(m *Model, s *scratch, forms []string) {
		m.readAll(s, forms)
		m.tagWords(s.words, s)
		m.morphWords(s.words, s)
		m.lemmatise(s.words)
	})
}

func BenchmarkTree(b *testing.B) {
	benchmark(b, func(m *Model, s *scratch, forms []string) {
		m.readAll(s, forms)
		m.analyse(s)
	})
}

func BenchmarkLoad(b *testing.B) {
	name := modelFile
	if other := os.Getenv("SYNTAX_MODEL"); other != "" {
		name = other
	}
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		if _, err := Load(data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime()-start).Milliseconds())/float64(b.N), "cpu-ms/op")
}
