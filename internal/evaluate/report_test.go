package evaluate

import (
	"errors"
	"strings"
	"testing"
)

func TestDetail(t *testing.T) {
	var b strings.Builder
	r := scoreAnswers(t, &b)
	for _, want := range []string{"== sahel-convoi\n", "  MISS ", "  TYPE ", "  SPURIOUS ", "  DUPLICATE ", "  SLOT ", "  ERROR "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the detail", want)
		}
	}
	if len(r.Failed) != 1 || !strings.Contains(r.Failed[0], "otages-sahara: a trigger is a word") {
		t.Errorf("failed: %q", r.Failed)
	}
}

func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"l’Armée syrienne":       "armee syrienne",
		"Les États-Unis":         "etats unis",
		"d'Al-Qaïda":             "al qaida",
		"«Daesh»":                "daesh",
		"la":                     "",
		"Les Casques bleus (UN)": "casques bleus un",
		"№ 5":                    "no 5",
		"":                       "",
	} {
		if got := plain(name); got != want {
			t.Errorf("plain(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestWrite(t *testing.T) {
	r := scoreAnswers(t, nil)
	var plain, markdown strings.Builder
	if err := errors.Join(r.WriteText(&plain), r.WriteMarkdown(&markdown)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"typed          P 0.", "start          accuracy 0.", "calibration error", "NOT SCORED  otages-sahara"} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("no %q in\n%s", want, &plain)
		}
	}
	for _, want := range []string{"| typed | 0.", "| start | | | 0.", "| 0.9 to 1.0 |", "Not scored: otages-sahara"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("no %q in\n%s", want, &markdown)
		}
	}
}
