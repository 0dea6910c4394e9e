package main

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// flagOf are the flags that set a field of the contract; the body is the file
// itself.
var flagOf = map[string]string{
	"article.id":           "the file's name",
	"article.title":        "--title",
	"article.time_zone":    "--time-zone",
	"article.publish_date": "--published",
	"article.publish_time": "--published",
	"article.content_type": "--charset",
}

// explain says why an article has no answer, in terms of the command line.
func explain(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "took too long"
	}
	s, ok := status.FromError(err)
	if !ok {
		return err.Error()
	}
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok && len(bad.GetFieldViolations()) > 0 {
			var faults []string
			for _, v := range bad.GetFieldViolations() {
				faults = append(faults, explainField(v.GetField(), v.GetDescription()))
			}
			return strings.Join(faults, "; ")
		}
	}
	switch s.Code() {
	case codes.Unavailable:
		return "the server cannot be reached: " + dialFault(s.Message())
	case codes.ResourceExhausted:
		return "the server has no room: " + s.Message()
	case codes.DeadlineExceeded:
		return "took too long"
	case codes.Unauthenticated:
		return "the server does not admit the caller: " + s.Message()
	case codes.InvalidArgument:
		return s.Message()
	}
	return "the server failed: " + s.Message() + " (" + s.Code().String() + ")"
}

// dialFault is the part of gRPC's message that says why no connection was made:
// «dial tcp 127.0.0.1:1: connect: connection refused».
func dialFault(message string) string {
	if _, fault, ok := strings.Cut(message, "Error while dialing: "); ok {
		return strings.TrimRight(fault, "\"")
	}
	for _, unresolved := range []string{"no children to pick from", "produced zero addresses"} {
		if strings.HasSuffix(message, unresolved) {
			return "no address is known by that name"
		}
	}
	return message
}

func explainField(field, description string) string {
	switch field {
	case "article.body", "article.text", "article.html", "article.raw":
		return description
	case "article.language":
		return "--language: is not a tag such as fr or fr-CA" // the rule is a regular expression
	case "options.min_confidence":
		return "--min-confidence: is not a number from 0 to 1" // the rule also holds for those that are none
	}
	if flag, ok := flagOf[field]; ok {
		return flag + ": " + description
	}
	if option, ok := strings.CutPrefix(field, "options."); ok {
		name, _, _ := strings.Cut(option, "[")
		return "--" + strings.ReplaceAll(name, "_", "-") + ": " + description
	}
	return field + ": " + description
}
