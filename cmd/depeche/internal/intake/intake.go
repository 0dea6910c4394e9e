// Package intake reads the files of the command line as articles. It decides
// in which form bytes are submitted; what they mean is the engine's to say.
package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	depechev1 "github.com/depeche-events/depeche/proto/depeche/v1"
)

// MaxFileBytes is the longest file that is read: no request message may be
// longer. The engine's body limit, which is lower, is the engine's to apply.
const MaxFileBytes = 8 << 20

// Stdin names standard input.
const Stdin = "-"

// ErrEmpty is a file of no bytes.
var ErrEmpty = errors.New("is empty")

// Form says how bytes are to be read.
type Form struct {
	// HTML: as a page, whatever the file is called.
	HTML bool
	// Charset is what the bytes are in; empty: UTF-8, else detected.
	Charset string
}

// Read returns the bytes of the file called name, or of stdin for Stdin. Its
// errors say what is wrong without the name.
func Read(name string, stdin io.Reader) ([]byte, error) {
	if name == Stdin {
		return readAll(stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, reason(err)
	}
	if info.IsDir() {
		return nil, errors.New("is a directory: name the files in it, such as " + filepath.Join(name, "*.txt"))
	}
	if info.Size() > MaxFileBytes {
		return nil, tooLarge(fmt.Sprintf("%d bytes", info.Size()))
	}
	return readAll(f)
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	switch {
	case err != nil:
		return nil, reason(err)
	case len(data) > MaxFileBytes:
		return nil, tooLarge("more")
	case len(data) == 0:
		return nil, ErrEmpty
	}
	return data, nil
}

func tooLarge(size string) error {
	return fmt.Errorf("is too large: at most %d bytes are read, and it holds %s", MaxFileBytes, size)
}

// reason is err without the operation and the path.
func reason(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("may not be read: permission denied")
	case errors.Is(err, syscall.EISDIR):
		return errors.New("is a directory")
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}

// SetBody puts the bytes of the file called name into the article, and the
// name as its id. UTF-8 goes as text or html, everything else, and whatever
// Form.Charset says the charset of, as raw.
func SetBody(article *depechev1.Article, name string, data []byte, form Form) {
	article.Id = strings.ToValidUTF8(name, "\uFFFD")
	page := form.HTML || hasPageName(name)
	switch {
	case form.Charset != "":
		article.Body = &depechev1.Article_Raw{Raw: data}
		media := "text/plain"
		if page {
			media = "text/html"
		}
		article.ContentType = mime.FormatMediaType(media, map[string]string{"charset": form.Charset})
	case !isUTF8Text(data):
		article.Body = &depechev1.Article_Raw{Raw: data}
		if page {
			article.ContentType = "text/html"
		}
	case page:
		article.Body = &depechev1.Article_Html{Html: string(data)}
	default:
		article.Body = &depechev1.Article_Text{Text: string(data)}
	}
}

func hasPageName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return true
	}
	return false
}

// isUTF8Text reports whether data can be submitted as a string. Text holds no
// NUL: bytes that do are UTF-16 or no text at all, which the engine tells.
func isUTF8Text(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0
}
