package evaluate

import (
	"testing"
)

func TestAlign(t *testing.T) {
	gold := []GoldName{{Key: "army", Names: []string{"armée", "soldats"}}, {Key: "rebels", Names: []string{"rebelles", "soldats"}}}
	a := align([]named{
		{"1", []string{"armee", "soldats"}},
		{"2", []string{"soldats"}}, // both have it: the first one
		{"3", []string{"rebelles"}},
		{"4", []string{"onu"}},
	}, gold)
	for id, want := range map[string]string{"1": "army", "2": "army", "3": "rebels", "4": "?4", "5": "?5"} {
		if got := a.of(id); got != want {
			t.Errorf("%s means %q, want %q", id, got, want)
		}
	}
	if ids, keys, strange := a.count(); ids != 3 || keys != 2 || strange != 1 {
		t.Errorf("count %d %d %d", ids, keys, strange)
	}
}
