package article

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"
)

// ErrBlank is a body in which nothing can be read: no bytes, only white space
// or, for HTML, no text.
var ErrBlank = errors.New("the body is blank")

// NotTextError is a body that is no text at all.
type NotTextError struct {
	// Found says what it seems to be, such as "application/pdf".
	Found string
}

func (e *NotTextError) Error() string { return "the body is not text but " + e.Found }

// NoticeKind says what a Notice is about.
type NoticeKind uint8

// The kinds of notice.
const (
	// CharsetGuessed: the charset of a raw body was not declared, or is not
	// the declared one.
	CharsetGuessed NoticeKind = iota + 1
	// CharsetReplaced: bytes that mean nothing in the charset were replaced by
	// U+FFFD.
	CharsetReplaced
	// MarkupInText: a body submitted as plain text holds markup.
	MarkupInText
)

// Notice is something that a careful reader of an article should know of how
// it was read.
type Notice struct {
	Kind    NoticeKind
	Message string
}

// Reading is an article's two texts, before they are cut into segments.
type Reading struct {
	Title, Body string
	// Converted: Body was made from HTML or from raw bytes, and is not the
	// text as submitted.
	Converted bool
	Notices   []Notice
	// hints are what the page's markup said of parts of Body, in order.
	hints []hint
}

// hint is what markup says of the part [begin, end) of a body.
type hint struct {
	begin, end int
	kind       SegmentKind
}

// Read reads a submitted article. The contentType of a Raw body may be empty;
// it is ignored for the other forms.
//
// A PlainText body is kept byte for byte. Of an HTML page the article is kept
// and the page around it is not; where no article is found, all text of the
// page is. The page's headline becomes the first line of the body unless the
// title, or the article itself, says the same.
//
// The error is ErrBlank or a *NotTextError.
func Read(title string, body []byte, form Form, contentType string) (*Reading, error) {
	r := &Reading{Title: title}
	var page bool
	switch form {
	case HTML:
		r.Body, page = validUTF8(string(body)), true
	case Raw:
		media, params, err := mime.ParseMediaType(contentType)
		if err != nil && media == "" {
			media = strings.TrimSpace(strings.ToLower(contentType))
		}
		if r.Body, r.Notices, err = decode(body, params["charset"]); err != nil {
			return nil, err
		}
		r.Converted = true
		page = isPage(r.Body, media)
	default:
		r.Body = validUTF8(string(body))
		if tags := countTags(r.Body); tags >= markupTags {
			r.Notices = append(r.Notices, Notice{MarkupInText,
				fmt.Sprintf("the text holds %d HTML tags and was read as plain text; submit it as html to have the article read from the page", tags)})
		}
	}
	if page {
		r.readPage(r.Body)
	}
	if isBlank(r.Body) {
		return nil, ErrBlank
	}
	return r, nil
}

// validUTF8 returns s, with U+FFFD for what is not UTF-8. The API's edge
// refuses such text; this keeps spans on rune boundaries whoever calls.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func isBlank(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isSpace(r) {
			return false
		}
		i += n
	}
	return true
}

// markupTags is the number of HTML tags that tell a page from a text which
// mentions a tag.
const markupTags = 3

// isPage reports whether a raw body is HTML: by its media type, or else by
// its look.
func isPage(s, media string) bool {
	switch media {
	case "text/html", "application/xhtml+xml":
		return true
	case "text/plain":
		return false
	}
	head := strings.TrimLeftFunc(s[:min(len(s), 1<<10)], isSpace)
	for _, p := range []string{"<!doctype html", "<html", "<head", "<body", "<?xml"} {
		if len(head) >= len(p) && strings.EqualFold(head[:len(p)], p) {
			return true
		}
	}
	return countTags(s) >= markupTags
}

// countTags counts the HTML tags of s that structure text. It stops counting
// at a hundred.
func countTags(s string) int {
	n := 0
	for n < 100 {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		s = s[i+1:]
		s = strings.TrimPrefix(s, "/")
		end := 0
		for end < len(s) && end < 12 && isNameByte(s[end]) {
			end++
		}
		if end == 0 || end == len(s) || !textTags[strings.ToLower(s[:end])] {
			continue
		}
		switch s[end] {
		case '>', ' ', '/', '\n', '\r', '\t':
			n++
		}
	}
	return n
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// textTags are the tags by which markup is told from text.
var textTags = map[string]bool{
	"html": true, "head": true, "body": true, "div": true, "p": true, "br": true, "span": true,
	"a": true, "b": true, "i": true, "em": true, "strong": true, "ul": true, "ol": true, "li": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "img": true, "table": true, "tr": true, "td": true,
	"blockquote": true, "figure": true, "figcaption": true, "article": true, "section": true,
	"script": true, "style": true, "font": true, "center": true,
}

// binaryType names what a body is that cannot be text by its first bytes.
func binaryType(body []byte, sniffed string) (string, bool) {
	media, _, _ := strings.Cut(sniffed, ";")
	class, _, _ := strings.Cut(media, "/")
	switch class {
	case "image", "audio", "video", "font":
		return media, true
	}
	switch media {
	case "application/octet-stream":
		return "unknown binary data", true
	case "text/plain", "text/html", "text/xml":
		return "", false
	}
	if bytes.HasPrefix(body, []byte("%!PS")) {
		return "", false
	}
	return media, true
}
