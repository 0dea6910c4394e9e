package article

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestReadPlainText(t *testing.T) {
	for _, tt := range []struct{ name, body string }{
		{"as submitted", "\ufeffUn titre\r\n\r\nUn texte.\u2028Une ligne.\u00a0\x00\n"},
		{"a tag that is spoken of", "La balise <p> ouvre un paragraphe."},
		{"signs that look like tags", "a < b et b > c, 3<4 et x<y"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", []byte(tt.body), PlainText, "text/html")
			if err != nil || r.Body != tt.body || r.Converted || len(r.Notices) != 0 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestReadTellsOfMarkup(t *testing.T) {
	r, err := Read("", []byte("<div><p>Un texte.</p></div>"), PlainText, "")
	if err != nil || len(r.Notices) != 1 || r.Notices[0].Kind != MarkupInText || !strings.Contains(r.Notices[0].Message, "4 HTML tags") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		body string
		form Form
		want string // of the error; empty: ErrBlank
	}{
		{"no bytes", "", PlainText, ""},
		{"white space", " \r\n\t\u00a0\u2028\ufeff\x00", PlainText, ""},
		{"no bytes raw", "", Raw, ""},
		{"byte order mark alone", "\xef\xbb\xbf", Raw, ""},
		{"a page without text", "<html><head><title></title><body><script>x()</script><p> </p></body></html>", HTML, ""},
		{"portable document", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", Raw, "application/pdf"},
		{"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00", Raw, "application/x-gzip"},
		{"zip, as a word processor's document", "PK\x03\x04\x14\x00\x06\x00", Raw, "application/zip"},
		{"picture", "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR", Raw, "image/png"},
		{"NUL bytes", "des mots \x00\x01\x02 et des octets", Raw, "binary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", []byte(tt.body), tt.form, "")
			var notText *NotTextError
			switch {
			case tt.want == "" && !errors.Is(err, ErrBlank):
				t.Errorf("%+v, %v, want ErrBlank", r, err)
			case tt.want != "" && (!errors.As(err, &notText) || !strings.Contains(notText.Found, tt.want)):
				t.Errorf("%+v, %v, want a NotTextError of %q", r, err, tt.want)
			}
		})
	}
}

// french holds what parts the western charsets.
const french = "À l’aube, l'armée a été chassée du cœur de la forêt : « c'est fini », dit-on là-bas. Où donc ? Ça coûte 20 € aux élèves."

func encode(t *testing.T, s string, cs interface {
	Bytes([]byte) ([]byte, error)
}) []byte {
	t.Helper()
	b, err := cs.Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadRaw(t *testing.T) {
	latin1 := strings.NewReplacer("’", "'", "œ", "oe", "€", "euros").Replace(french)
	latin9 := strings.ReplaceAll(french, "’", "'")
	dos := strings.NewReplacer("’", "'", "œ", "oe", "€", "euros").Replace(french)
	russian := "Вооружённые люди напали во вторник вечером на полицейский участок у границы, сообщил губернатор области."
	const guess, replaced = CharsetGuessed, CharsetReplaced
	for _, tt := range []struct {
		name        string
		body        []byte
		contentType string
		want        string
		notices     []NoticeKind
		names       string // what the first notice names
	}{
		{"ASCII", []byte("Un texte."), "", "Un texte.", nil, ""},
		{"UTF-8 declared", []byte(french), "text/plain; charset=UTF-8", french, nil, ""},
		{"UTF-8 not declared", []byte(french), "", french, []NoticeKind{guess}, "utf-8"},
		{"UTF-8 by its mark", []byte("\ufeff" + french), "", french, nil, ""},
		{"windows-1252 declared", encode(t, french, charmap.Windows1252.NewEncoder()), "text/plain; charset=windows-1252", french, nil, ""},
		{"windows-1252 declared as latin-1", encode(t, french, charmap.Windows1252.NewEncoder()), "text/plain; charset=ISO-8859-1", french, nil, ""},
		{"windows-1252 not declared", encode(t, french, charmap.Windows1252.NewEncoder()), "", french, []NoticeKind{guess}, "windows-1252"},
		{"latin-1 not declared", encode(t, latin1, charmap.ISO8859_1.NewEncoder()), "", latin1, []NoticeKind{guess}, "windows-1252"},
		{"latin-9 not declared", encode(t, latin9, charmap.ISO8859_15.NewEncoder()), "", latin9, []NoticeKind{guess}, "iso-8859-15"},
		{"latin-9 declared", encode(t, latin9, charmap.ISO8859_15.NewEncoder()), "text/plain; charset=iso-8859-15", latin9, nil, ""},
		{"Macintosh", encode(t, french[:len(french)-len(" Ça coûte 20 € aux élèves.")], charmap.Macintosh.NewEncoder()), "", french[:len(french)-len(" Ça coûte 20 € aux élèves.")], []NoticeKind{guess}, "macintosh"},
		{"DOS", encode(t, dos, charmap.CodePage850.NewEncoder()), "", dos, []NoticeKind{guess}, "ibm850"},
		{"Cyrillic", encode(t, russian, charmap.Windows1251.NewEncoder()), "", russian, []NoticeKind{guess}, "windows-1251"},
		{"UTF-16 by its mark", encode(t, french, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()), "", french, nil, ""},
		{"UTF-16 without mark", encode(t, french, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()), "", french, []NoticeKind{guess}, "utf-16be"},
		{"UTF-8 declared as latin-1", []byte(french), "text/plain; charset=iso-8859-1", french, []NoticeKind{guess}, "utf-8"},
		{"latin-1 declared as UTF-8", encode(t, latin1, charmap.ISO8859_1.NewEncoder()), "text/plain; charset=utf-8", latin1, []NoticeKind{guess}, "windows-1252"},
		{"unknown charset", encode(t, latin1, charmap.ISO8859_1.NewEncoder()), "text/plain; charset=klingon", latin1, []NoticeKind{guess}, `"klingon"`},
		{"bytes that mean nothing", []byte("\ufeffUn \xfftexte."), "", "Un \uFFFDtexte.", []NoticeKind{replaced}, "utf-8"},
		{"page that declares itself", []byte("<html><head><meta charset='iso-8859-1'></head><body><p>Un \xe9t\xe9.</p></body></html>"), "", "Un été.", nil, ""},
		{"page, old declaration", []byte("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><p>Un \xe9t\xe9 \x85</p>"), "text/html", "Un été …", nil, ""},
		{"page by its look", []byte("<div><p>Un texte.</p><p>Un autre.</p></div>"), "", "Un texte.\n\nUn autre.", nil, ""},
		{"no page by its type", []byte("<div><p>Un texte.</p></div>"), "text/plain", "<div><p>Un texte.</p></div>", nil, ""},
		{"type without sense", []byte("Un texte."), ";;;", "Un texte.", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Read("", tt.body, Raw, tt.contentType)
			if err != nil {
				t.Fatal(err)
			}
			if r.Body != tt.want || !r.Converted {
				t.Errorf("converted %v, body %q, want %q", r.Converted, r.Body, tt.want)
			}
			if len(r.Notices) != len(tt.notices) {
				t.Fatalf("notices %+v, want %v", r.Notices, tt.notices)
			}
			for i, n := range r.Notices {
				if n.Kind != tt.notices[i] || i == 0 && !strings.Contains(n.Message, tt.names) {
					t.Errorf("notice %+v, want kind %v that names %s", n, tt.notices[i], tt.names)
				}
			}
		})
	}
}
