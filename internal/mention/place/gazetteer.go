package place

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The compiled gazetteer is read where it lies: a string of fixed-size records
// that a lookup reaches by hash, so that opening it costs a check of its
// bounds and no decoding. All numbers are little-endian.
//
//	magic     8 bytes "depgaz4\n"
//	counts    sectionCount × u32: how many records each section has
//	countries 5 bytes each: ISO 3166-1 alpha-3, alpha-2
//	entries   24 bytes each, see entryAt
//	heap      names, one byte each record
//	rules     rules of transliteration, text, one byte each record
//	names     directory of buckets+1 × u32, then 8 bytes for each name: the low
//	          32 bits of its key's hash, and the entry (20 bits) with flags (12);
//	          the bucket is the hash's high bits
//	loose     the same for loose keys
//	people    u32 each, sorted: the hashes' low half of given names
//	words     the same of words
//
// Keys themselves are not stored: 47 bits of hash stand for them, so that one
// lookup in five hundred million of unknown names finds a wrong place.
const (
	magic       = "depgaz4\n"
	entrySize   = 24
	bucketBits  = 15
	buckets     = 1 << bucketBits
	noPoint     = math.MinInt32
	entryBits   = 20
	maxEntries  = 1 << entryBits
	degreeScale = 1e5
	wikidataBit = 1 << 31
)

const (
	secCountries = iota
	secEntries
	secHeap
	secRules
	secNames
	secLoose
	secPeople
	secWords
	sectionCount
)

// A nameFlag says what a name is to its place, and what else it is.
type nameFlag uint32

const (
	primary     nameFlag = 1 << iota // a name that French or the place itself uses
	articleless                      // without the article that belongs to it
	commonWord                       // also a French word
	givenName                        // also a given name
	surname                          // also a surname
	seatName                         // an administrative area named by its seat's name
	listed                           // in the hand-made layer too, for being in the news
	wellKnown                        // French dictionaries of names have it
	capitalName                      // a country's capital, as French news names it; not in the file
)

// Gazetteer is an immutable table of places, safe for concurrent use.
type Gazetteer struct {
	data     string
	off, num [sectionCount]int
	rewrites *rewrites
}

// An entryID indexes a gazetteer's places.
type entryID uint32

type posting struct {
	entry entryID
	flags nameFlag
}

// entry is a place of the gazetteer.
type entry struct {
	kind       Kind
	country    uint8 // indexes the gazetteer's countries
	admin1     int32 // entry of the first-level division that it lies in, -1 where none
	point      Point
	located    bool
	population uint8   // 10^(n/16), 0 not known
	seat       uint8   // 3 a country's capital, 2 a first-level division's seat, 1 a lower one's
	radiusKM   float64 // of an area; 0 not known
}

// OpenGazetteer returns the gazetteer that data holds as the compile program
// writes it. It keeps data.
func OpenGazetteer(data string) (*Gazetteer, error) {
	g := &Gazetteer{data: data}
	head := len(magic) + 4*sectionCount
	if len(data) < head || data[:len(magic)] != magic {
		return nil, errors.New("gazetteer: no compiled gazetteer of this version; compile it again")
	}
	size := [sectionCount]int{5, entrySize, 1, 1, 8, 8, 4, 4}
	at := head
	for s := range sectionCount {
		g.num[s] = int(g.u32(len(magic) + 4*s))
		if s == secNames || s == secLoose {
			at += 4 * (buckets + 1)
		}
		g.off[s] = at
		at += g.num[s] * size[s]
		if at > len(data) {
			return nil, fmt.Errorf("gazetteer: cut short: %d bytes, section %d ends at %d", len(data), s, at)
		}
	}
	if at != len(data) {
		return nil, fmt.Errorf("gazetteer: %d bytes after the last section", len(data)-at)
	}
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}
	rules, err := parseRules(data[g.off[secRules]:][:g.num[secRules]])
	if err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}
	g.rewrites = newRewrites(rules)
	return g, nil
}

// check holds every index within its bounds, so that lookups need not.
func (g *Gazetteer) check() error {
	n := g.num[secEntries]
	if n > maxEntries {
		return fmt.Errorf("%d entries, at most %d", n, maxEntries)
	}
	for i := range n {
		at := g.off[secEntries] + i*entrySize
		name := g.u32(at + 12)
		switch {
		case int(name&0xFFFFFF)+int(name>>24) > g.num[secHeap]:
			return fmt.Errorf("entry %d: name outside the heap", i)
		case int(g.u16(at+16)) > n:
			return fmt.Errorf("entry %d: no such first-level division", i)
		case int(g.data[at+18]) >= g.num[secCountries]:
			return fmt.Errorf("entry %d: no such country", i)
		case Kind(g.data[at+19]) < Country || Kind(g.data[at+19]) > Terrain:
			return fmt.Errorf("entry %d: no such kind", i)
		}
	}
	for _, s := range []int{secNames, secLoose} {
		last := uint32(0)
		for b := range buckets + 1 {
			v := g.u32(g.off[s] - 4*(buckets+1) + 4*b)
			if v < last || int(v) > g.num[s] {
				return fmt.Errorf("section %d: bucket %d out of order", s, b)
			}
			last = v
		}
		for i := range g.num[s] {
			if int(g.u32(g.off[s]+8*i+4)&(maxEntries-1)) >= n {
				return fmt.Errorf("section %d: name %d of no entry", s, i)
			}
		}
	}
	return nil
}

func (g *Gazetteer) u16(at int) uint16 { return uint16(g.data[at]) | uint16(g.data[at+1])<<8 }

func (g *Gazetteer) u32(at int) uint32 {
	d := g.data[at : at+4]
	return uint32(d[0]) | uint32(d[1])<<8 | uint32(d[2])<<16 | uint32(d[3])<<24
}

// entryAt reads entry i:
//
//	0  u32 GeoNames id, or with the high bit a Wikidata item
//	4  i32 latitude, i32 longitude, in 1/100,000 degree
//	12 u24 offset in the heap, u8 length of the name
//	16 u16 1 + entry of the first-level division, 0 none
//	18 u8 country, u8 kind
//	20 u8 population, 10^(n/16), 0 not known; u8 seat; u16 radius in km
func (g *Gazetteer) entryAt(i entryID) entry {
	at := g.off[secEntries] + int(i)*entrySize
	e := entry{
		kind: Kind(g.data[at+19]), country: g.data[at+18], admin1: int32(g.u16(at+16)) - 1,
		population: g.data[at+20], seat: g.data[at+21], radiusKM: float64(g.u16(at + 22)),
	}
	if lat := int32(g.u32(at + 4)); lat != noPoint {
		e.located = true
		e.point = Point{Lat: float64(lat) / degreeScale, Lon: float64(int32(g.u32(at+8))) / degreeScale}
	}
	return e
}

// idAt returns the knowledge id of entry i.
func (g *Gazetteer) idAt(i entryID) string {
	id := g.u32(g.off[secEntries] + int(i)*entrySize)
	if id&wikidataBit != 0 {
		return "wikidata:Q" + strconv.Itoa(int(id&^wikidataBit))
	}
	return "geonames:" + strconv.Itoa(int(id))
}

// countries returns the ISO 3166-1 alpha-3 codes that entries index.
func (g *Gazetteer) countries() []string {
	out := make([]string, g.num[secCountries])
	for i := range out {
		out[i] = g.data[g.off[secCountries]+5*i:][:3]
	}
	return out
}

func (g *Gazetteer) nameAt(i entryID) string {
	name := g.u32(g.off[secEntries] + int(i)*entrySize + 12)
	return g.data[g.off[secHeap]+int(name&0xFFFFFF):][:name>>24]
}

// lookup appends to dst the places whose name's key has this hash.
func (g *Gazetteer) lookup(dst []posting, hash uint64) []posting {
	return g.find(dst, secNames, hash)
}

// lookupLoose appends to dst the places that a spelling of key may mean.
func (g *Gazetteer) lookupLoose(dst []posting, key []byte) []posting {
	var buf [64]byte
	return g.find(dst, secLoose, hashKey(g.rewrites.append(buf[:0], key)))
}

func (g *Gazetteer) find(dst []posting, section int, hash uint64) []posting {
	dir := g.off[section] - 4*(buckets+1) + 4*int(hash>>(64-bucketBits))
	low := uint32(hash)
	for i := int(g.u32(dir)); i < int(g.u32(dir+4)); i++ {
		at := g.off[section] + 8*i
		if g.u32(at) == low {
			v := g.u32(at + 4)
			dst = append(dst, posting{entry: entryID(v & (maxEntries - 1)), flags: nameFlag(v >> entryBits)})
		}
	}
	return dst
}

// isGivenName reports whether a given name has a key of this hash.
func (g *Gazetteer) isGivenName(hash uint64) bool { return g.in(secPeople, hash) }

// isWord reports whether a noun, adjective or the like has a key of this hash.
func (g *Gazetteer) isWord(hash uint64) bool { return g.in(secWords, hash) }

func (g *Gazetteer) in(section int, hash uint64) bool {
	low := uint32(hash)
	lo, hi := 0, g.num[section]
	for lo < hi {
		mid := (lo + hi) / 2
		if g.u32(g.off[section]+4*mid) < low {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < g.num[section] && g.u32(g.off[section]+4*lo) == low
}

// parseRules reads rules of transliteration, «from TAB to» a line.
func parseRules(s string) ([]rewrite, error) {
	var out []rewrite
	for line := range strings.Lines(s) {
		from, to, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || strings.TrimSuffix(from, "$") == "" {
			return nil, fmt.Errorf("rule of transliteration %q: want from, tab, to", line)
		}
		out = append(out, rewrite{from, to})
	}
	return out, nil
}
