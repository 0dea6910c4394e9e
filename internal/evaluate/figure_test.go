package evaluate

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBelow(t *testing.T) {
	r := scoreAnswers(t, nil)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	record, err := ReadRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	if fell := r.Below(record); fell != nil {
		t.Errorf("below itself: %q", fell)
	}
	record["typed"] += 0.0004
	record["agent"] += 0.001
	record["melody"] = 0.5
	fell := r.Below(record)
	if len(fell) != 2 || !strings.HasPrefix(fell[0], "agent is ") || fell[1] != "melody is not measured; 0.500 is recorded" {
		t.Errorf("fell: %q", fell)
	}
	for _, bad := range []string{"", "{}", `{"events": {"gold": 3}}`} {
		if _, err := ReadRecord([]byte(bad)); err == nil {
			t.Errorf("%q is no record", bad)
		}
	}
}
