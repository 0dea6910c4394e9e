package wire

import (
	"github.com/depeche-events/depeche/internal/ontology"
	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

func describeOntology(o *ontology.Ontology) *depechev1.DescribeOntologyResponse {
	out := &depechev1.DescribeOntologyResponse{Version: o.Version, Rules: o.Rules}
	for i := range o.Types {
		d := &o.Types[i]
		w := &depechev1.EventTypeDescription{
			Type:       depechev1.EventType(d.Type),
			Family:     depechev1.EventFamily(depechev1.EventFamily_value["EVENT_FAMILY_"+d.Family]),
			Definition: d.Meaning,
			Symmetric:  d.Symmetric,
		}
		for _, c := range d.Codings {
			words, _ := o.Meaning(c.When)
			w.Codings = append(w.Codings, &depechev1.CodingDescription{Coding: coding(c.Coding), Condition: words})
		}
		out.Types = append(out.Types, w)
	}
	return out
}
