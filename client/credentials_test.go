package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/credentials"
)

// The good cases are tested against a server, in internal/endtoend and
// cmd/depeche.
func TestTLSFilesAtFault(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files TLSFiles
		want  string
	}{
		"no authorities":         {TLSFiles{CA: junk + "2"}, "no such file"},
		"authorities at fault":   {TLSFiles{CA: junk}, "holds no certificate"},
		"certificate alone":      {TLSFiles{Cert: junk}, "needs its key"},
		"key alone":              {TLSFiles{Key: junk}, "needs its key"},
		"certificate at fault":   {TLSFiles{Cert: junk, Key: junk}, "PEM"},
		"certificate is nowhere": {TLSFiles{Cert: junk + "2", Key: junk}, "no such file"},
	} {
		if _, err := test.files.Credentials(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestTokensTravelEncrypted(t *testing.T) {
	if c, err := Dial("localhost:1", WithInsecure(), WithTokenFile("token")); err == nil {
		c.Close()
		t.Error("a token would be sent in the clear")
	}
	c, err := Dial("localhost:1", WithTransportCredentials(credentials.NewTLS(nil)), WithTokenFile("token"))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	file := &tokenFile{path: path}
	for _, step := range []struct{ name, content, want string }{
		{"none", "", ""},
		{"two", "a b", ""},
		{"two lines", "a\nb", ""},
		{"one", "abc\n", "Bearer abc"},
		{"renewed", " abd\r\n", "Bearer abd"},
		{"half written: the one before", "", "Bearer abd"},
		{"renewed again", "abe", "Bearer abe"},
	} {
		if err := os.WriteFile(path, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := file.GetRequestMetadata(t.Context())
		if got["authorization"] != step.want || (err == nil) != (step.want != "") {
			t.Errorf("%s: %q, %v", step.name, got["authorization"], err)
		}
		if err != nil && strings.Contains(err.Error(), "a b") {
			t.Errorf("%s: the error quotes the token: %v", step.name, err)
		}
	}
	if _, err := (&tokenFile{path: path + "2"}).GetRequestMetadata(t.Context()); err == nil {
		t.Error("no file, and no error")
	}
}
