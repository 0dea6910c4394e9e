package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLexicon(t *testing.T) {
	article := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(article, []byte("Les rebelles ont zorgué la ville de Gao samedi."), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(t *testing.T, lexicon string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "more.yaml"), []byte(lexicon), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	t.Run("adds a sense", func(t *testing.T) {
		dir := write(t, "senses:\n  - rule: zorg\n    type: LOOTING\n    slots: {subject: AGENT, object: SITE}\n    verbs: [zorguer]\n    nouns: [zorguage]\n")
		got := depecheWith(t, loadEngine, nil, "extract", "--language", "fr", "--lexicon", dir, article)
		if got.code != exitOK || !strings.Contains(got.out, "(rule zorg)") {
			t.Errorf("exit %d\n%s\n%s", got.code, got.out, got.err)
		}
	})
	t.Run("folders that nothing is read from", func(t *testing.T) {
		dir := write(t, "senses: []\n") // more.yaml, and not in fr/events
		for _, args := range [][]string{{"--knowledge", dir}, {"--lexicon", t.TempDir()}} {
			got := depecheWith(t, loadEngine, nil, append([]string{"extract", article}, args...)...)
			if got.code != exitUsage || !strings.Contains(got.err, args[0]) || !strings.Contains(got.err, args[1]) {
				t.Errorf("%v: exit %d: %s", args, got.code, got.err)
			}
		}
	})
	t.Run("tells its faults", func(t *testing.T) {
		dir := write(t, "senses:\n  - rule: zorg\n    type: ZORGING\n    verbs: [zorguer]\n")
		got := depecheWith(t, loadEngine, nil, "extract", "--lexicon", dir, article)
		if got.code != exitUsage || !strings.Contains(got.err, dir) || !strings.Contains(got.err, `more.yaml:2: zorg: no event type "ZORGING"`) {
			t.Errorf("exit %d: %s", got.code, got.err)
		}
	})
}
