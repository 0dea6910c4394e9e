package article

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestReadSignalsTellsFaults(t *testing.T) {
	good := map[string]string{
		"classes.tsv": "class\tphrases\nnet\tBirdsong\n",
		"signals.tsv": "reason\teffect\twhere\tmax\tphrase\nfollow\tboilerplate\tbegins\t\tfollow us on {net}\n",
		"kits.tsv":    "reason\teffect\tkey\tother\nshare\tboilerplate\tshare\tprint\n",
		"terms.tsv":   "reason\tweight\tphrase\nconsent\t2\tbiscuits\n",
	}
	for _, tt := range []struct{ name, file, row, want string }{
		{"class without phrases", "classes.tsv", "net\t", "classes.tsv:3: a class needs"},
		{"class within a class", "classes.tsv", "more\t{net}", "classes.tsv:3:"},
		{"unknown effect", "signals.tsv", "x\tdeletes\twhole\t\ty", `signals.tsv:3: effect "deletes"`},
		{"unknown place", "signals.tsv", "x\tteaser\tmiddle\t\ty", `signals.tsv:3: where "middle"`},
		{"no number of words", "signals.tsv", "x\tteaser\twhole\tmany\ty", `signals.tsv:3: max "many"`},
		{"reason that is no stable word", "signals.tsv", "Lire Aussi\tteaser\twhole\t\ty", `signals.tsv:3: reason "Lire Aussi"`},
		{"unknown class", "signals.tsv", "x\tteaser\twhole\t\t{bird}", "signals.tsv:3: phrase \"{bird}\": no class {bird}"},
		{"empty phrase", "signals.tsv", "x\tteaser\twhole\t\t", "signals.tsv:3: a phrase is empty"},
		{"phrase of marks", "signals.tsv", "x\tteaser\twhole\t\ta / b", `signals.tsv:3: phrase "a / b": no word in "/"`},
		{"phrase that asks for nothing", "signals.tsv", "x\tteaser\twhole\t\ta? *", "signals.tsv:3: phrase \"a? *\" asks for nothing"},
		{"kit without key", "kits.tsv", "x\tteaser\t\ty", "kits.tsv:3: a kit needs key words"},
		{"weight", "terms.tsv", "x\t0\ty", `terms.tsv:3: weight "0"`},
		{"too many reasons", "terms.tsv", "a\t1\ty\nb\t1\ty\nc\t1\ty\nd\t1\ty\ne\t1\ty\nf\t1\ty\ng\t1\ty\nh\t1\ty", "terms.tsv:10: \"h\" is one of more than 8 reasons"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range good {
				if name == tt.file {
					text += tt.row + "\n"
				}
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if _, err := ReadSignals(fsys); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that tells %q", err, tt.want)
			}
		})
	}
}

func TestMatchElements(t *testing.T) {
	classes := map[string][]string{"net": {"Birdsong", "Face Page"}}
	for _, tt := range []struct {
		phrase, text string
		want         bool // the phrase is found at the beginning
	}{
		{"follow us", "Follow us!", true},
		{"follow us", "follow them", false},
		{"follow/join us", "Join us", true},
		{"follow us on {net}", "follow us on face page", true},
		{"follow us on {net}", "follow us on the page", false},
		{"follow us? on {net}", "follow on Birdsong", true},
		{"follow * on {net}", "follow all that we do on Birdsong", true},
		{"follow * on {net}", "follow a b c d e f g on Birdsong", false},
		{"see also :", "See also: a thing", true},
		{"see also? :", "See : a thing", true},
		{"see also? :", "See a thing", false},
		{"# comments", "12 comments", true},
		{"# comments", "no comments", false},
		{"by @", "by Jean de La Tour", true},
		{"by @", "by night", false},
		{"by @ for {net}", "by Jean Dupont for Birdsong", true},
		{"@ with {net}", "20 Minutes with Birdsong", true},
	} {
		e, err := parsePhrase(tt.phrase, classes)
		if err != nil {
			t.Fatal(err)
		}
		if got := matchElements(e, appendWords(nil, tt.text, 0, len(tt.text)), 0) >= 0; got != tt.want {
			t.Errorf("%q in %q: %v", tt.phrase, tt.text, got)
		}
	}
}

// What a signal says gives way to what a sentence of an article says.
func TestSignalsGiveWay(t *testing.T) {
	s := NewSegmenter(testSignals(t))
	for _, tt := range []struct {
		name, line string
		want       SegmentKind
	}{
		{"signal", "follow us on Birdsong", Boilerplate},
		{"beyond its length", "follow us on Birdsong is what the minister of the interior wrote on the wall of his office", Prose},
		{"dense and spoken to the reader", "you accept our biscuits", Boilerplate},
		{"dense but reported", "The minister said you accept biscuits, the said biscuits, and the said said no more of it.", Prose},
		{"dense within quotation marks", "« You accept biscuits on every page of this web », reads a note on the door of the ministry today.", Prose},
		{"row of buttons", "Share Birdsong Print 12", Boilerplate},
		{"row with another word", "Share the power among all parties, the envoy asked on Monday.", Prose},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", []byte("The headline of a long day\n\nA sentence of the article stands here.\n\n"+tt.line+"\n\nAnother sentence of the article stands here."), PlainText, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range s.Segment(t.Context(), r).Segments {
				if r.Body[g.Span.Begin:g.Span.End] == tt.line && g.Kind != tt.want {
					t.Errorf("kind %d (%s), want %d", g.Kind, g.Reason, tt.want)
				}
			}
		})
	}
}
