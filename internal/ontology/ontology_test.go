package ontology

import (
	"strings"
	"testing"
)

func TestBuiltInIsSound(t *testing.T) {
	o, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range o.Types {
		if d.Meaning == "" {
			t.Errorf("%s has no meaning", d.Type)
		}
		if got, ok := ParseType(d.Type.String()); !ok || got != d.Type {
			t.Errorf("ParseType(%q) = %d, %v", d.Type, got, ok)
		}
	}
	if _, ok := ParseType("NO_SUCH"); ok {
		t.Error("ParseType takes any name")
	}
}

func TestCodings(t *testing.T) {
	o, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		typ   Type
		holds Condition
		want  string
	}{
		{"by default", AirStrike, "", "Explosions/Remote violence:Air/drone strike ASSAULT:aerial 195"},
		{"a condition picks one code and leaves the others", AirStrike, "drone", "Explosions/Remote violence:Air/drone strike ASSAULT:drone 195"},
		{"own territory", TerritoryCapture, "own-territory", "Battles:Government regains territory COERCE:seize 192"},
		{"foreign or rebel", TerritoryCapture, "", "Battles:Non-state actor overtakes territory COERCE:seize 192"},
		{"no code where the codebook has no such event", Election, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range o.Codings(tt.typ, func(c Condition) bool { return c == tt.holds }) {
				if c.Codebook == CAMEO {
					got = append(got, c.Code)
				} else {
					got = append(got, c.Event+":"+c.Mode)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("codings %q, want %q", s, tt.want)
			}
		})
	}
}

func TestFaultsAreTold(t *testing.T) {
	for _, tt := range []struct{ name, from, to, want string }{
		{"unknown match", "match: exact}", "match: perfect}", `no match "perfect"`},
		{"unknown condition", "when: drone", "when: zeppelin", `no condition "zeppelin"`},
		{"unknown family", "family: PROPERTY", "family: THINGS", `no family "THINGS"`},
		{"renamed type", "name: LOOTING", "name: PILLAGE", `"PILLAGE", not the contract's`},
		{"loss without lossy", "match: lossy, loss", "match: exact, loss", "a loss goes with match lossy"},
		{"no yaml", "version: 1", "version: [", "ontology.yaml: yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := strings.Replace(string(source), tt.from, tt.to, 1)
			if _, err := parse([]byte(src)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that tells %q", err, tt.want)
			}
		})
	}
}
