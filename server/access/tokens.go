package access

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
)

// entry is a token that is admitted. Only its hash is kept: who reads the file
// cannot call. SHA-256 needs no salt and no stretching here, since the tokens
// are random and nobody can guess one.
type entry struct {
	name string
	hash [sha256.Size]byte
}

var tokenName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@/-]{0,63}$`)

// parseTokens reads lines of a name and a hash in hexadecimal; «#» begins a
// comment. A name may have several tokens, so that one can be replaced while
// both are in use. A file without tokens admits nobody. The error tells the
// line and not what it holds: it may be a token put there by mistake.
func parseTokens(content []byte) ([]entry, error) {
	var entries []entry
	seen := make(map[[sha256.Size]byte]bool)
	n := 0
	for line := range bytes.Lines(content) {
		n++
		line, _, _ = bytes.Cut(line, []byte("#"))
		words := bytes.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 {
			return nil, fmt.Errorf("line %d: want a name and a hash", n)
		}
		if !tokenName.Match(words[0]) {
			return nil, fmt.Errorf("line %d: the name must be 1 to 64 letters, digits and ._@/-", n)
		}
		e := entry{name: string(words[0])}
		if len(words[1]) != hex.EncodedLen(len(e.hash)) {
			return nil, fmt.Errorf("line %d: want the SHA-256 of the token, 64 hexadecimal digits", n)
		}
		if _, err := hex.Decode(e.hash[:], words[1]); err != nil {
			return nil, fmt.Errorf("line %d: want the SHA-256 of the token, 64 hexadecimal digits", n)
		}
		if seen[e.hash] {
			return nil, fmt.Errorf("line %d: the token of an earlier line", n)
		}
		seen[e.hash] = true
		entries = append(entries, e)
	}
	return entries, nil
}

// find returns the entry of a token's hash. It compares them all, and every
// byte of each, so that the time it takes tells nothing.
func find(entries []entry, hash [sha256.Size]byte) (found entry, ok bool) {
	index := -1
	for i := range entries {
		same := subtle.ConstantTimeCompare(entries[i].hash[:], hash[:])
		index = subtle.ConstantTimeSelect(same, i, index)
	}
	if index < 0 {
		return entry{}, false
	}
	return entries[index], true
}

// tokenBytes is how long a new token is, before it is written in base64.
const tokenBytes = 32

// NewToken makes a random token for the name, and the line of the token file
// that admits it.
func NewToken(name string) (token, line string, err error) {
	if !tokenName.MatchString(name) {
		return "", "", fmt.Errorf("%q: the name must be 1 to 64 letters, digits and ._@/-", name)
	}
	random := make([]byte, tokenBytes)
	rand.Read(random) // never fails
	token = base64.RawURLEncoding.EncodeToString(random)
	return token, fmt.Sprintf("%s %x", name, sha256.Sum256([]byte(token))), nil
}
