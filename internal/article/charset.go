package article

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// A charset is an encoding and the name that warnings tell.
type namedCharset struct {
	name     string
	encoding encoding.Encoding // nil: UTF-8
}

var (
	utf8Charset    = namedCharset{name: "utf-8"}
	utf16LECharset = namedCharset{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16BECharset = namedCharset{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	windows1252    = namedCharset{"windows-1252", charmap.Windows1252}
)

// boms are the byte order marks, the longer of two alike first.
var boms = []struct {
	mark    string
	charset namedCharset
}{
	{"\xEF\xBB\xBF", utf8Charset},
	{"\xFF\xFE\x00\x00", namedCharset{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)}},
	{"\x00\x00\xFE\xFF", namedCharset{"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)}},
	{"\xFF\xFE", utf16LECharset},
	{"\xFE\xFF", utf16BECharset},
}

// decode turns bytes of any charset into UTF-8. What decides, in this order:
// a byte order mark, the declared charset unless the bytes belie it, the one
// that an HTML page declares, and the look of the bytes.
func decode(body []byte, declared string) (string, []Notice, error) {
	for _, b := range boms {
		if bytes.HasPrefix(body, []byte(b.mark)) {
			text, notices := convert(body[len(b.mark):], b.charset)
			return text, notices, nil
		}
	}
	if cs, ok := wideCharset(body); ok {
		text, notices := convert(body, cs)
		if !strings.EqualFold(strings.TrimSpace(declared), cs.name) {
			notices = append([]Notice{guessed(cs, declared, "")}, notices...)
		}
		return text, notices, nil
	}
	if found, binary := binaryType(body, http.DetectContentType(body)); binary {
		return "", nil, &NotTextError{found}
	}
	if bytes.IndexByte(body, 0) >= 0 {
		return "", nil, &NotTextError{"binary data: it holds NUL bytes"}
	}

	isUTF8, isASCII := utf8.Valid(body), isASCII(body)
	reason := ""
	for _, label := range []string{declared, metaCharset(body)} {
		if label = strings.TrimSpace(label); label == "" {
			continue
		}
		cs, ok := lookupCharset(label)
		switch {
		case !ok:
			reason = "which is not known"
		case isASCII:
			return string(body), nil, nil
		case cs.encoding == nil && !isUTF8:
			reason = "which the bytes are not"
		case cs.encoding != nil && isUTF8 && !multibyte(cs):
			reason = "but the bytes are UTF-8"
		default:
			text, notices := convert(body, cs)
			return text, notices, nil
		}
		declared = label
		break
	}
	if isASCII {
		return string(body), nil, nil
	}
	cs := utf8Charset
	if !isUTF8 {
		cs = guessCharset(body)
	}
	text, notices := convert(body, cs)
	return text, append([]Notice{guessed(cs, declared, reason)}, notices...), nil
}

func guessed(cs namedCharset, declared, reason string) Notice {
	switch {
	case strings.TrimSpace(declared) == "":
		return Notice{CharsetGuessed, fmt.Sprintf("no charset was declared; the body was read as %s", cs.name)}
	case reason == "":
		return Notice{CharsetGuessed, fmt.Sprintf("the declared charset is %q; the body was read as %s", declared, cs.name)}
	}
	return Notice{CharsetGuessed, fmt.Sprintf("the declared charset is %q, %s; the body was read as %s", declared, reason, cs.name)}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func lookupCharset(label string) (namedCharset, bool) {
	e, name := charset.Lookup(label)
	switch {
	case e == nil, name == "replacement":
		return namedCharset{}, false
	case name == "utf-8":
		return utf8Charset, true
	case name == "utf-16le":
		return utf16LECharset, true
	case name == "utf-16be":
		return utf16BECharset, true
	}
	return namedCharset{name, e}, true
}

// multibyte reports whether cs writes letters in several bytes, so that valid
// UTF-8 may well be meant as it.
func multibyte(cs namedCharset) bool {
	switch cs.name {
	case "gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", utf16LECharset.name, utf16BECharset.name:
		return true
	}
	return false
}

// convert reads body as cs and tells of replaced bytes. NUL, which marks only
// padding in text, becomes a space.
func convert(body []byte, cs namedCharset) (string, []Notice) {
	var text string
	if cs.encoding == nil {
		text = string(body)
		if !utf8.ValidString(text) {
			text = replaceInvalid(body)
		}
	} else {
		out, _, err := transform.Bytes(cs.encoding.NewDecoder(), body)
		text = string(out)
		if err != nil || !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
	}
	text = strings.ReplaceAll(text, "\x00", " ")
	replaced := strings.Count(text, "\uFFFD")
	if cs.encoding == nil {
		replaced -= bytes.Count(body, []byte("\uFFFD"))
	}
	if replaced == 0 {
		return text, nil
	}
	return text, []Notice{{CharsetReplaced, fmt.Sprintf("%d places of the body mean nothing in %s and were replaced by U+FFFD", replaced, cs.name)}}
}

func replaceInvalid(body []byte) string { return string(bytes.ToValidUTF8(body, []byte("\uFFFD"))) }

// wideCharset tells UTF-16 without a byte order mark: text of European
// languages has a zero in nearly every other byte, always on the same side.
func wideCharset(body []byte) (namedCharset, bool) {
	sample := body[:min(len(body), 4<<10)&^1]
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
	}
	units := len(sample) / 2
	switch {
	case units < 4:
		return namedCharset{}, false
	case zeros[1] > units*3/4 && zeros[0] == 0:
		return utf16LECharset, true
	case zeros[0] > units*3/4 && zeros[1] == 0:
		return utf16BECharset, true
	}
	return namedCharset{}, false
}

// metaCharset returns the charset that a page declares in its first bytes, in
// a meta element or an XML declaration; empty: none.
func metaCharset(body []byte) string {
	head := bytes.ToLower(body[:min(len(body), 4<<10)])
	if !bytes.Contains(head, []byte("<meta")) && !bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) {
		return ""
	}
	for _, key := range []string{"charset", "encoding"} {
		rest := head
		for {
			i := bytes.Index(rest, []byte(key))
			if i < 0 {
				break
			}
			rest = bytes.TrimLeft(rest[i+len(key):], " \t\r\n")
			if len(rest) == 0 || rest[0] != '=' {
				continue
			}
			value := bytes.TrimLeft(rest[1:], " \t\r\n\"'")
			end := bytes.IndexAny(value, "\"' ;>/?\t\r\n")
			if end > 0 && end < 40 {
				return string(value[:end])
			}
		}
	}
	return ""
}

// westernCharsets are the charsets that French was written in before UTF-8,
// the likeliest first.
var westernCharsets = []struct {
	namedCharset
	table *charmap.Charmap
}{
	{windows1252, charmap.Windows1252},
	{namedCharset{"iso-8859-15", charmap.ISO8859_15}, charmap.ISO8859_15},
	{namedCharset{"macintosh", charmap.Macintosh}, charmap.Macintosh},
	{namedCharset{"ibm850", charmap.CodePage850}, charmap.CodePage850},
}

// guessCharset tells the charset of bytes that are not UTF-8. Each western
// charset is scored by how well its reading of the high bytes suits what
// stands beside them: letters in words, marks between them. Where none suits,
// the text is not western, and chardet's statistics decide.
func guessCharset(body []byte) namedCharset {
	sample := body[:min(len(body), 64<<10)]
	best, bestScore, high := windows1252, 0, 0
	for i, cs := range westernCharsets {
		score, n := westernFit(sample, cs.table)
		if high = n; i == 0 || score > bestScore {
			best, bestScore = cs.namedCharset, score
		}
	}
	if bestScore > high {
		return best
	}
	// Its detectors race, and DetectBest takes the first of equals: of all of
	// them the surest is taken here, by name where some are as sure.
	guesses, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		return windows1252
	}
	slices.SortFunc(guesses, func(a, b chardet.Result) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.Charset, b.Charset), strings.Compare(a.Language, b.Language))
	})
	if len(guesses) > 0 && guesses[0].Confidence >= 30 {
		if cs, ok := lookupCharset(guesses[0].Charset); ok && cs.encoding != nil {
			return cs
		}
	}
	return windows1252
}

// westernFit scores at most 2 for each of the n high bytes of sample.
func westernFit(sample []byte, table *charmap.Charmap) (score, n int) {
	letter := func(i int) bool {
		return i >= 0 && i < len(sample) && (isNameByte(sample[i]) || sample[i] >= utf8.RuneSelf && isFrenchLetter(table.DecodeByte(sample[i])))
	}
	for i, c := range sample {
		if c < utf8.RuneSelf {
			continue
		}
		n++
		r := table.DecodeByte(c)
		before, after := letter(i-1), letter(i+1)
		switch {
		case isFrenchLetter(r):
			if before || after {
				score += 2
			} else if r == 'à' || r == 'À' {
				score++
			}
		case r == '\u2019':
			if before && after {
				score += 2
			}
		case strings.ContainsRune("«»“”‘…–—°€\u00A0", r):
			if !before || !after {
				score++
			}
		default:
			score--
		}
	}
	return score, n
}

func isFrenchLetter(r rune) bool {
	return strings.ContainsRune("éèàêçôîûùâëïœÉÀÈÊÇÔÎŒüÂöñáíóúæÿÙÛËÏ", r)
}
