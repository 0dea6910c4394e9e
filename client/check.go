package client

import (
	"fmt"
	"unicode/utf8"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	errorDomain = "depeche.v1"

	// What a request adds to its article: tags, lengths, a sequence number and
	// the options of a unary call.
	envelopeBytes = 4 << 10
)

// check refuses an article that would break the connection instead of being
// answered. Everything else is the server's to judge.
func check(article *depechev1.Article, messageLimit int) error {
	if article == nil {
		return refusal("article", "INVALID_FIELD", "is missing")
	}
	for _, field := range stringFields(article) {
		if !utf8.ValidString(field.value) {
			return refusal("article."+field.name, "NOT_TEXT",
				fmt.Sprintf("is not UTF-8 at byte %d; text of another charset belongs in raw", validPrefix(field.value)))
		}
	}
	if size := proto.Size(article); size > messageLimit-envelopeBytes {
		return refusal(largestField(article), "BODY_TOO_LARGE",
			fmt.Sprintf("the article is %d bytes, more than a message of %d bytes can carry", size, messageLimit))
	}
	return nil
}

// refusal is a status of the shape that the server gives.
func refusal(field, reason, description string) error {
	refused, err := status.New(codes.InvalidArgument, field+": "+description).WithDetails(
		&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: field, Description: description},
		}},
	)
	if err != nil {
		return status.Error(codes.InvalidArgument, field+": "+description)
	}
	return refused.Err()
}

type stringField struct{ name, value string }

// stringFields are all string fields of an article, by their names in the
// contract; a test holds the list to it.
func stringFields(article *depechev1.Article) [9]stringField {
	return [...]stringField{
		{"text", article.GetText()},
		{"html", article.GetHtml()},
		{"title", article.GetTitle()},
		{"id", article.GetId()},
		{"content_type", article.GetContentType()},
		{"language", article.GetLanguage()},
		{"time_zone", article.GetTimeZone()},
		{"source", article.GetSource()},
		{"url", article.GetUrl()},
	}
}

// largestField names what makes an article large.
func largestField(article *depechev1.Article) string {
	name, size := "article.raw", len(article.GetRaw())
	for _, field := range stringFields(article) {
		if len(field.value) > size {
			name, size = "article."+field.name, len(field.value)
		}
	}
	return name
}

// validPrefix is the number of bytes before the first that is not UTF-8.
func validPrefix(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, width := utf8.DecodeRuneInString(s[i:]); width == 1 {
				return i
			}
		}
	}
	return len(s)
}
