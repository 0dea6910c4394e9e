package article

import (
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What bounds the work on a hostile page. The finder of articles reads the
// text under an element again for every element around it, so its work grows
// with the text times its depth; a page beyond a bound is read whole instead.
const (
	maxFinderElements = 20_000
	maxFinderWork     = 64 << 20 // bytes of text, each times its depth
)

// readPage makes r's body from an HTML page.
func (r *Reading) readPage(page string) {
	r.Converted = true
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil { // nested deeper than the parser follows
		r.Body = tokenText(page)
		return
	}
	headline := onlyHeadline(doc)
	text := new(pageText)
	text.node(doc)
	if findable(doc) {
		if a, err := finder().ParseAndMutate(doc, nil); err == nil && a.Node != nil {
			if t := a.Title(); headline == "" || t != "" && !shareWord(headline, t) {
				headline = t // the only h1 is the outlet's name
			}
			found := new(pageText)
			found.node(a.Node)
			if 4*found.b.Len() > text.b.Len() || found.b.Len() >= minFound {
				text = found
			}
		}
	}
	text.finish()
	r.Body, r.hints = text.text(), text.hints
	r.putHeadline(strings.Join(strings.Fields(headline), " "))
}

// minFound is the least text, in bytes, for which the finder is believed
// where it left three quarters of a page's text behind.
const minFound = 400

// finder returns a finder of articles of bounded work.
func finder() *readability.Parser {
	p := readability.NewParser()
	p.MaxElemsToParse = maxFinderElements
	return &p
}

// putHeadline makes the page's headline the first line of the body, unless
// the title or the first line says it.
func (r *Reading) putHeadline(headline string) {
	if headline == "" || sameWords(headline, r.Title) {
		return
	}
	first, _, _ := strings.Cut(r.Body, "\n")
	if sameWords(headline, first) {
		return
	}
	shift := len(headline) + len("\n\n")
	if r.Body == "" {
		shift = len(headline)
		r.Body = headline
	} else {
		r.Body = headline + "\n\n" + r.Body
	}
	for i := range r.hints {
		r.hints[i].begin += shift
		r.hints[i].end += shift
	}
	r.hints = append([]hint{{0, len(headline), Heading}}, r.hints...)
}

// shareWord reports whether a and b have a word of some length in common.
func shareWord(a, b string) bool {
	wa, wb := appendWords(nil, a, 0, len(a)), appendWords(nil, b, 0, len(b))
	for i := range wa {
		for j := range wb {
			if wa[i].hash == wb[j].hash && wa[i].end-wa[i].begin >= 4 {
				return true
			}
		}
	}
	return false
}

// onlyHeadline returns the text of the page's h1 where it has exactly one
// that says something.
func onlyHeadline(doc *html.Node) string {
	var found []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.DataAtom == atom.H1 {
			var t pageText
			t.node(n)
			if s := strings.Join(strings.Fields(t.text()), " "); s != "" {
				found = append(found, s)
			}
			if len(found) > 1 {
				return ""
			}
		}
	}
	if len(found) == 1 && strings.Contains(found[0], " ") {
		return found[0]
	}
	return ""
}

// findable reports whether the finder's work on doc is bounded.
func findable(doc *html.Node) bool {
	elements, work := 0, 0
	depth := 0
	for n := doc; n != nil; {
		switch n.Type {
		case html.ElementNode:
			elements++
		case html.TextNode:
			work += len(n.Data) * depth
		}
		if elements > maxFinderElements || work > maxFinderWork {
			return false
		}
		if n.FirstChild != nil {
			n = n.FirstChild
			depth++
			continue
		}
		for n != nil && n.NextSibling == nil {
			n = n.Parent
			depth--
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return true
}

// pageText collects the text of a page: white space runs become one space,
// blocks stand in paragraphs of their own, rows and list items in lines.
type pageText struct {
	b     strings.Builder
	gap   int // line breaks owed before the next text
	space bool
	hints []hint
	pre   int // preformatted elements around the text
}

func (t *pageText) text() string { return t.b.String() }

// node adds the text under n. The parser bounds the depth.
func (t *pageText) node(n *html.Node) {
	var tag atom.Atom // the finder renames elements without their DataAtom
	switch n.Type {
	case html.TextNode:
		if t.pre > 0 {
			t.lines(n.Data)
		} else {
			t.words(n.Data)
		}
		return
	case html.DocumentNode:
	case html.ElementNode:
		switch tag = atom.Lookup([]byte(n.Data)); tag {
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Svg, atom.Math, atom.Iframe,
			atom.Object, atom.Embed, atom.Select, atom.Textarea, atom.Canvas, atom.Audio, atom.Video:
			return
		case atom.Br: // two of them make a paragraph
			t.gap, t.space = min(t.gap+1, 2), false
			return
		case atom.Hr:
			t.owe(2)
			return
		case atom.Td, atom.Th:
			t.space = true
		}
	default:
		return
	}
	breaks := blockBreaks(tag)
	t.owe(breaks)
	mark, kind := len(t.hints), tagKind(tag)
	begin := t.b.Len()
	if tag == atom.Pre {
		t.pre++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.node(c)
	}
	if tag == atom.Pre {
		t.pre--
	}
	if kind != 0 && t.b.Len() > begin {
		t.hints = append(t.hints[:mark], hint{begin, t.b.Len(), kind})
	}
	t.owe(breaks)
}

// owe asks for n line breaks before the next text; two make a paragraph.
func (t *pageText) owe(n int) {
	if n > 0 {
		t.gap, t.space = max(t.gap, n), false
	}
}

// lines adds preformatted text, whose line breaks count.
func (t *pageText) lines(s string) {
	for line := range strings.Lines(s) {
		t.words(line)
		if strings.HasSuffix(line, "\n") {
			t.gap = min(t.gap+1, 2)
		}
	}
}

// unseen are the marks that only say where a word may be broken.
var unseen = strings.NewReplacer("\u00AD", "", "\u200B", "", "\u2060", "", "\uFEFF", "")

// words adds running text.
func (t *pageText) words(s string) {
	if strings.ContainsAny(s, "\u00AD\u200B\u2060\uFEFF") {
		s = unseen.Replace(s)
	}
	for s != "" {
		i := strings.IndexFunc(s, isPageSpace)
		if i == 0 {
			t.space = true
			s = strings.TrimLeftFunc(s, isPageSpace)
			continue
		}
		if i < 0 {
			i = len(s)
		}
		if t.b.Len() > 0 {
			switch {
			case t.gap > 0:
				t.b.WriteString("\n\n"[:t.gap])
			case t.space:
				t.b.WriteByte(' ')
			}
		}
		t.gap, t.space = 0, false
		t.b.WriteString(s[:i])
		s = s[i:]
	}
}

// finish trims hints to the text that they speak of.
func (t *pageText) finish() {
	text := t.b.String()
	for i := range t.hints {
		h := &t.hints[i]
		h.begin, h.end = trim(text, h.begin, h.end)
	}
}

// isPageSpace is HTML's white space: a no-break space is text.
func isPageSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
}

// blockBreaks returns the line breaks that set an element apart: none for what stands
// in a line.
func blockBreaks(tag atom.Atom) int {
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Figure, atom.Figcaption,
		atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Pre, atom.Article, atom.Section, atom.Aside, atom.Header,
		atom.Footer, atom.Nav, atom.Main, atom.Form, atom.Address, atom.Details, atom.Div, atom.Caption, atom.Fieldset:
		return 2
	case atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Summary, atom.Button, atom.Option, atom.Legend, atom.Body, atom.Html, atom.Center:
		return 1
	}
	return 0
}

// tagKind returns the kind of segment that an element says its text is; 0:
// none.
func tagKind(a atom.Atom) SegmentKind {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return Heading
	case atom.Figcaption, atom.Caption:
		return Caption
	case atom.Nav, atom.Button:
		return Boilerplate
	}
	return 0
}

// tokenText returns the text of a page that is nested too deep for a tree,
// tag by tag.
func tokenText(page string) string {
	var t pageText
	z := html.NewTokenizer(strings.NewReader(page))
	hidden := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.text()
		case html.TextToken:
			if hidden == 0 {
				t.words(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			switch tok.DataAtom {
			case atom.Script, atom.Style, atom.Noscript, atom.Template:
				if tok.Type == html.StartTagToken {
					hidden++
				} else if tok.Type == html.EndTagToken && hidden > 0 {
					hidden--
				}
			case atom.Br:
				t.owe(1)
			default:
				t.owe(blockBreaks(tok.DataAtom))
			}
		}
	}
}
