package article

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"
)

// testSignals are signals of an invented language, so that these tests hold
// the mechanism and not a language's data.
func testSignals(t testing.TB) *Signals {
	t.Helper()
	s, err := ReadSignals(fstest.MapFS{
		"classes.tsv": {Data: []byte("class\tphrases\nnet\tBirdsong|Face Page\n")},
		"signals.tsv": {Data: []byte("reason\teffect\twhere\tmax\tphrase\n" +
			"follow\tboilerplate\tbegins\t8\tfollow us on {net}\n" +
			"related-headlines\topens-teasers\twhole\t\tsee also\n" +
			"related-link\tteaser\tbegins\t20\tsee also :\n" +
			"credit\tcaption\tends\t30\t© @\n" +
			"comments\topens-comments\twhole\t\t#? comments\n")},
		"kits.tsv":  {Data: []byte("reason\teffect\tkey\tother\nshare\tboilerplate\tbirdsong|share\tprint\n")},
		"terms.tsv": {Data: []byte("reason\tweight\tphrase\naddress\t1\tyou\nreport\t1\tthe said\nconsent\t2\tbiscuits\nconsent\t2\taccept\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkSegments fails where the segments of d break their promises: in order,
// apart, trimmed, on rune boundaries, and nothing left out.
func checkSegments(t testing.TB, d *Document) {
	t.Helper()
	at := map[Field]int{}
	fields := map[Field]string{Title: d.Title, Body: d.Body}
	uncovered := func(f Field, begin, end int) {
		if !isBlank(fields[f][begin:end]) {
			t.Errorf("%q of field %d stands in no segment", fields[f][begin:end], f)
		}
	}
	valid := map[Field]bool{Title: utf8.ValidString(d.Title), Body: utf8.ValidString(d.Body)}
	for i, s := range d.Segments {
		text := fields[s.Span.Field]
		if s.Span.Begin < at[s.Span.Field] || s.Span.Begin >= s.Span.End || s.Span.End > len(text) {
			t.Fatalf("segment %d is [%d,%d) after %d of %d bytes", i, s.Span.Begin, s.Span.End, at[s.Span.Field], len(text))
		}
		if i > 0 && !d.Segments[i-1].Span.Before(s.Span) {
			t.Errorf("segment %d is not in reading order", i)
		}
		uncovered(s.Span.Field, at[s.Span.Field], s.Span.Begin)
		at[s.Span.Field] = s.Span.End
		if begin, end := trim(text, s.Span.Begin, s.Span.End); begin != s.Span.Begin || end != s.Span.End {
			t.Errorf("segment %d is not trimmed: %q", i, d.Text(s.Span))
		}
		if valid[s.Span.Field] && !utf8.ValidString(d.Text(s.Span)) {
			t.Errorf("segment %d cuts a rune: %q", i, d.Text(s.Span))
		}
		if s.Kind < Heading || s.Kind > Boilerplate || (s.Reason != "") != !s.Kind.Told() {
			t.Errorf("segment %d has kind %d and reason %q", i, s.Kind, s.Reason)
		}
	}
	for f, text := range fields {
		uncovered(f, at[f], len(text))
	}
}

func FuzzSegment(f *testing.F) {
	for _, s := range []string{
		"", "Headline\n\nA sentence of the article stands here.\n\nsee also\n\nAnother headline", "\ufeffA\r\nB\u2028C\x00",
		strings.Repeat("wrapped at a width of some forty bytes or\n", 5), "3 comments\nfollow us on Face Page", "© ©\n:\n#",
		"LONDONLondon: glued words hereAnd there«you accept biscuits»",
	} {
		f.Add("", s)
		f.Add(s, s)
	}
	segmenter := NewSegmenter(testSignals(f))
	f.Fuzz(func(t *testing.T, title, body string) {
		r, err := Read(title, []byte(body), PlainText, "")
		if err != nil {
			return
		}
		r.Title = validUTF8(r.Title)
		d := segmenter.Segment(t.Context(), r)
		checkSegments(t, d)
		again := segmenter.Segment(t.Context(), r)
		if len(again.Segments) != len(d.Segments) {
			t.Fatalf("%d segments, then %d", len(d.Segments), len(again.Segments))
		}
		for i := range d.Segments {
			if d.Segments[i] != again.Segments[i] {
				t.Errorf("segment %d: %v, then %v", i, d.Segments[i], again.Segments[i])
			}
		}
	})
}

func FuzzReadHTML(f *testing.F) {
	for _, s := range []string{
		"<h1>A headline</h1><p>A paragraph.<p>Another.", "<div>" + strings.Repeat("<div>", 600) + "deep", "<pre>a\nb</pre><figcaption>c</figcaption>",
		"<script>x</script>", "<table><tr><td>a<td>b</table><ul><li>c<li>d</ul>", "<br><br>a<hr>b",
	} {
		f.Add([]byte(s))
	}
	segmenter := NewSegmenter(testSignals(f))
	f.Fuzz(func(t *testing.T, page []byte) {
		r, err := Read("", page, HTML, "")
		if err != nil {
			return
		}
		if !utf8.ValidString(r.Body) {
			t.Fatalf("%q is not UTF-8", r.Body)
		}
		checkSegments(t, segmenter.Segment(t.Context(), r))
	})
}

func FuzzReadRaw(f *testing.F) {
	for _, s := range []string{
		"plain", "l'\xe9t\xe9", "\xef\xbb\xbfa", "\xff\xfea\x00", "a\x00b\x00c\x00d\x00e\x00", "<meta charset=iso-8859-1>\xe9", "%PDF-1.4", "\x1f\x8b\x08", "<?xml encoding='x'?>",
	} {
		f.Add([]byte(s), "")
		f.Add([]byte(s), "text/html; charset=iso-8859-15")
		f.Add([]byte(s), "text/plain; charset=utf-16")
	}
	segmenter := NewSegmenter(testSignals(f))
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		r, err := Read("", body, Raw, contentType)
		if err != nil {
			return
		}
		if !utf8.ValidString(r.Body) || !r.Converted {
			t.Fatalf("%q is not UTF-8, or not told to be converted", r.Body)
		}
		checkSegments(t, segmenter.Segment(t.Context(), r))
	})
}

// A paragraph that a scraper broke into lines is one segment, with the words
// of all of them.
func TestBrokenLinesAreOneSegment(t *testing.T) {
	body := "A headline of the day\n\nThe river had risen in the night and\n\nflooded the lower town, where\nmany people live.\n\nA new paragraph begins here.\n"
	r, err := Read("", []byte(body), PlainText, "")
	if err != nil {
		t.Fatal(err)
	}
	d := NewSegmenter(testSignals(t)).Segment(t.Context(), r)
	checkSegments(t, d)
	if len(d.Segments) != 3 || !strings.HasSuffix(d.Text(d.Segments[1].Span), "many people live.") {
		for _, s := range d.Segments {
			t.Logf("%q", d.Text(s.Span))
		}
		t.Error("want the headline and two paragraphs")
	}
}

// Work grows with the text, not with its square: none of these would end in
// the time of a test otherwise.
func TestSegmentHostileText(t *testing.T) {
	const size = 1 << 20
	segmenter := NewSegmenter(testSignals(t))
	for _, unit := range []string{
		"a\n", "see also\n", "see also\nA headline like any other one\n", "share\nA headline like any other\n",
		"comments\n", "A line without an end and\ngoing on for ever\n", "«»", "A sentence. follow us. ", "Follow us. Follow us on Birdsong.",
		"a|", "© ", "wrapped at a width of some forty bytes or\n", "AbCdEf", "12 34 ", "\u2028x", "you accept biscuits ", "\x00\n", "http://a.b\n",
		"See also : A headline glued toThe sentence after it. ",
	} {
		body := "A headline of the day\n\nA sentence of the article stands here.\n\n" + strings.Repeat(unit, size/len(unit))
		r, err := Read("", []byte(body), PlainText, "")
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		d := segmenter.Segment(t.Context(), r)
		t.Logf("%q: %v, %d segments", unit, time.Since(start).Round(time.Millisecond), len(d.Segments))
		checkSegments(t, d)
		if len(d.Segments) == 0 || d.Segments[len(d.Segments)-1].Span.End > len(body) {
			t.Errorf("%q: %d segments", unit, len(d.Segments))
		}
	}
}
