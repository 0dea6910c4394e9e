package report

import (
	"io"
	"strings"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// WriteOntology prints the event types by family: what each means and its
// codes in published codebooks.
func WriteOntology(w io.Writer, o *depechev1.DescribeOntologyResponse, opts Options) error {
	p := page{width: max(opts.Width, minWidth), colour: opts.Colour}
	p.line(0, "Ontology "+clean(o.GetVersion())+", "+count(len(o.GetTypes()), "event type"))
	var family depechev1.EventFamily
	for _, t := range o.GetTypes() {
		if t.GetFamily() != family {
			family = t.GetFamily()
			p.blank()
			p.line(0, p.paint(heading, strings.TrimPrefix(family.String(), "EVENT_FAMILY_")))
		}
		p.blank()
		p.line(2, p.paint(heading, strings.TrimPrefix(t.GetType().String(), "EVENT_TYPE_"))+" "+clean(t.GetDefinition()))
		for _, c := range t.GetCodings() {
			p.line(4, coding(c))
		}
	}
	if len(o.GetRules()) > 0 {
		p.blank()
		p.line(0, p.paint(heading, "How types that meet are told apart"))
		for _, rule := range o.GetRules() {
			p.line(2, "- "+clean(rule))
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// coding tells a code: «ACLED Battles / Armed clash (narrow) if ...».
func coding(d *depechev1.CodingDescription) string {
	c := d.GetCoding()
	s := strings.TrimPrefix(c.GetCodebook().String(), "CODEBOOK_")
	for i, part := range []string{c.GetCode(), c.GetEvent(), c.GetMode()} {
		switch {
		case part == "":
		case i == 2 && c.GetEvent() != "":
			s += " / " + part
		default:
			s += " " + part
		}
	}
	s += " (" + word(c.GetMatch().String(), "CODING_MATCH_")
	if c.GetLoss() != "" {
		s += ": " + c.GetLoss()
	}
	s += ")"
	if d.GetCondition() != "" {
		s += " if " + d.GetCondition()
	}
	return clean(s)
}
