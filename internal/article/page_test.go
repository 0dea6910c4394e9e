package article

import (
	"fmt"
	"strings"
	"testing"
)

// paragraphs are enough text for an article to be found by.
var paragraphs = func() string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "<p>Le %d mars, la rivière est sortie de son lit dans la nuit, a dit le maire, et plusieurs quartiers de la ville ont été évacués par les pompiers.</p>\n", i+1)
	}
	return b.String()
}()

const articlePage = `<!DOCTYPE html><html lang="fr"><head><title>La rivière déborde - Le Journal</title><meta property="og:title" content="La rivière déborde">
<style>p{color:red}</style></head><body>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/m">Monde</a></li></ul></nav>
<header><h1>La rivière déborde dans la nuit</h1></header>
<article><figure><img src="a.jpg"><figcaption>Une rue de la ville, mardi.</figcaption></figure>
%s<h2>Des renforts attendus</h2>%s<ul><li>un pont fermé</li><li>deux écoles closes</li></ul></article>
<aside><a href="/x">Un autre titre</a></aside><script>track("tout")</script><footer>Mentions légales</footer></body></html>`

func TestReadPage(t *testing.T) {
	html := fmt.Sprintf(articlePage, paragraphs, paragraphs)
	r, err := Read("", []byte(html), HTML, "")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(r.Body, "\n\n")
	if lines[0] != "La rivière déborde dans la nuit" {
		t.Errorf("first line %q, want the headline", lines[0])
	}
	for _, want := range []string{"Une rue de la ville, mardi.", "Des renforts attendus", "un pont fermé\ndeux écoles closes"} {
		if !strings.Contains(r.Body, want) {
			t.Errorf("%q is lost", want)
		}
	}
	for _, gone := range []string{"track", "color", "Mentions"} {
		if strings.Contains(r.Body, gone) {
			t.Errorf("%q is no text of the article", gone)
		}
	}
	d := NewSegmenter(testSignals(t)).Segment(t.Context(), r)
	checkSegments(t, d)
	kinds := map[string]SegmentKind{}
	for _, s := range d.Segments {
		kinds[d.Text(s.Span)] = s.Kind
	}
	for text, want := range map[string]SegmentKind{
		"La rivière déborde dans la nuit": Heading, "Des renforts attendus": Heading, "Une rue de la ville, mardi.": Caption,
	} {
		if kinds[text] != want {
			t.Errorf("%q is of kind %d, want %d", text, kinds[text], want)
		}
	}
}

func TestReadPageHeadline(t *testing.T) {
	html := fmt.Sprintf(articlePage, paragraphs, paragraphs)
	for _, tt := range []struct{ name, title, html, first string }{
		{"the title says the same", "LA RIVIERE DEBORDE DANS LA NUIT", html, "Une rue de la ville, mardi."},
		{"the title says another thing", "Inondations", html, "La rivière déborde dans la nuit"},
		{"the only h1 is the outlet", "", strings.Replace(html, "La rivière déborde dans la nuit", "Journal du Fleuve et des Îles", 1), "La rivière déborde"},
		{"a fragment", "", "<h1>Un titre de trois mots</h1><p>Un texte.</p>", "Un titre de trois mots"},
		{"no headline", "", "<p>Un texte.</p>", "Un texte."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read(tt.title, []byte(tt.html), HTML, "")
			if err != nil {
				t.Fatal(err)
			}
			first, rest, _ := strings.Cut(r.Body, "\n")
			if first != tt.first {
				t.Errorf("first line %q, want %q", first, tt.first)
			}
			if strings.Contains(rest, tt.first) {
				t.Errorf("%q stands twice", tt.first)
			}
		})
	}
}

func TestReadPageKeepsBlocks(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"breaks", "Un<br>deux<br><br>trois", "Un\ndeux\n\ntrois"},
		{"white space", "<p>  Un \n\t deux  </p> <p>trois</p>", "Un deux\n\ntrois"},
		{"inline", "<p>L'<b>arm</b>ée a <a href=#>repris</a>la ville</p>", "L'armée a reprisla ville"},
		{"cells", "<table><tr><td>un</td><td>deux</td></tr><tr><td>trois</td></tr></table>", "un deux\ntrois"},
		{"preformatted", "<pre>Un texte\ncoupé.\n\nUn autre.</pre>", "Un texte\ncoupé.\n\nUn autre."},
		{"unseen marks", "<p>pre\u00admier</p>", "premier"},
		{"entities", "<p>&laquo;&nbsp;Non&nbsp;&raquo; &amp; l&rsquo;&eacute;t&eacute;</p>", "«\u00a0Non\u00a0» & l’été"},
		{"hidden", "<p>a</p><noscript>b</noscript><template>c</template><p>d</p>", "a\n\nd"},
		{"text without tags", "Une ligne.\nUne autre.", "Une ligne. Une autre."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", []byte(tt.html), HTML, "")
			if err != nil || r.Body != tt.want {
				t.Errorf("%q, %v, want %q", r.Body, err, tt.want)
			}
		})
	}
}

// What is too deep or too large for the finder of articles is still read.
func TestReadHostilePages(t *testing.T) {
	for _, tt := range []struct{ name, html string }{
		{"too deep for a tree", strings.Repeat("<div>", 5000) + "du texte"},
		{"deep with much text", strings.Repeat("<div>", 400) + strings.Repeat("du texte ", 50_000)},
		{"many elements", strings.Repeat("<i>du</i> <b>texte</b> ", 40_000)},
		{"never closed", strings.Repeat("<a href='", 20_000) + "'>du texte"},
		{"tables in tables", strings.Repeat("<table><tr><td>du texte", 100)},
		{"misnested", strings.Repeat("<b><p></b>du texte", 3000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", []byte(tt.html), HTML, "")
			if err != nil || !strings.Contains(r.Body, "texte") {
				t.Errorf("%v", err)
			}
		})
	}
}

func BenchmarkReadPage(b *testing.B) {
	html := []byte(fmt.Sprintf(articlePage, strings.Repeat(paragraphs, 2), strings.Repeat(paragraphs, 2)))
	b.SetBytes(int64(len(html)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("", html, HTML, ""); err != nil {
			b.Fatal(err)
		}
	}
}
