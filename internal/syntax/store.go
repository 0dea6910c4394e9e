package syntax

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A model file is a line that names the format, a line of JSON that says what
// the model was made from (so that `head -2` shows it), and then the parts of the
// model: each its length as it stands and its length packed by zstd, both
// varints, and its bytes. The parts are unpacked at the same time.

const magic = "depeche syntax model 2"

// maxTableWords bounds a table, maxLexiconBits the logarithm of the lexicon's
// slots: no more is allocated for a file that is not a model.
const (
	maxTableWords  = 1 << 22
	maxLexiconBits = 22
)

// maxPartBytes bounds the unpacked size of a part of a model.
const maxPartBytes = 64 << 20

// Save writes the model to w.
func (m *Model) Save(w io.Writer) error {
	header, err := json.Marshal(m.header)
	if err != nil {
		return err
	}
	out := append([]byte(magic+"\n"), header...)
	out = append(out, '\n')
	parts := []func(*encoder){
		func(e *encoder) { e.base(m) },
		func(e *encoder) { e.lexicon(m.lexicon) },
		func(e *encoder) { e.lemmas(m) },
	}
	for _, t := range m.tables() {
		parts = append(parts, func(e *encoder) { e.table(t) })
	}
	// One goroutine, so that the same model gives the same bytes.
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	for _, write := range parts {
		var e encoder
		write(&e)
		z := pack.EncodeAll(e.b, nil)
		out = binary.AppendUvarint(out, uint64(len(e.b)))
		out = binary.AppendUvarint(out, uint64(len(z)))
		out = append(out, z...)
	}
	_, err = w.Write(out)
	return err
}

// Load reads a model that Save wrote. It keeps nothing of data.
func Load(data []byte) (*Model, error) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(first) != magic {
		return nil, fmt.Errorf("syntax model: not one: it begins %.40q, want %q", first, magic)
	}
	line, rest, _ := bytes.Cut(rest, []byte("\n"))
	m := &Model{}
	if err := json.Unmarshal(line, &m.header); err != nil {
		return nil, fmt.Errorf("syntax model: header: %w", err)
	}
	file := decoder{b: rest}
	if err := file.part(func(d *decoder) { d.base(m) })(); err != nil {
		return nil, fmt.Errorf("syntax model: %w", err)
	}
	parts := []func(*decoder){
		func(d *decoder) { m.lexicon = d.lexicon(m.tags) },
		func(d *decoder) { d.lemmas(m) },
	}
	for k, t := range m.tables() {
		parts = append(parts, func(d *decoder) { d.table(t, strides[k]) })
	}
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, read := range parts {
		load := file.part(read)
		wg.Go(func() { errs[i] = load() })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("syntax model: %w", err)
	}
	m.derive()
	m.version = fmt.Sprintf("%s-%x", m.header.Language, sha256.Sum256(data))[:len(m.header.Language)+13]
	return m, nil
}

// part takes the next part off d and returns what unpacks it and reads it.
func (d *decoder) part(read func(*decoder)) (load func() error) {
	size := d.below(maxPartBytes)
	packed := d.bytes(d.count())
	err := d.err
	return func() error {
		if err != nil {
			return err
		}
		unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPartBytes))
		if err != nil {
			return err
		}
		defer unpack.Close()
		// Room is made for what is announced only as far as the bytes could hold it.
		raw, err := unpack.DecodeAll(packed, make([]byte, 0, min(size, 64*len(packed))))
		if err != nil {
			return err
		}
		if len(raw) != size {
			return errShort
		}
		p := decoder{b: raw}
		read(&p)
		return p.err
	}
}

// tables returns the tables in the order of the file, strides their strides.
func (m *Model) tables() [4]*table { return [...]*table{&m.tagger, &m.morph, &m.parser, &m.labeller} }

var strides = [...]int{stride(int(numCoarse)), 1, stride(numTransitions), stride(len(relNames))}

type encoder struct{ b []byte }

func (e *encoder) uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)   { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) base(m *Model) {
	e.uint(uint64(m.width))
	e.uint(uint64(m.margin))
	e.uint(uint64(len(m.tags.tags)))
	for _, t := range m.tags.tags {
		v := t.Feats.vector()
		e.b = append(append(e.b, byte(t.UPOS)), v[:]...)
	}
	for _, tags := range m.byCoarse {
		e.uint(uint64(len(tags)))
		for _, t := range tags {
			e.uint(uint64(t))
		}
	}
}

// lexicon writes the entries in the order of the table's slots, so that the
// table is filled without a search.
func (e *encoder) lexicon(l *lexicon) {
	e.strings(l.lemmas)
	e.b = append(e.b, l.valency...)
	e.uint(uint64(l.bits))
	e.uint(uint64(len(l.first) - 1))
	gap := uint64(0)
	for i, n := range l.slot {
		if n == 0 {
			gap++
			continue
		}
		e.uint(gap)
		gap = 0
		e.b = binary.LittleEndian.AppendUint32(e.b, l.check[i])
	}
	for _, n := range l.slot {
		if n != 0 {
			e.uint(uint64(len(l.of(int(n) - 1))))
		}
	}
	for _, n := range l.slot {
		if n == 0 {
			continue
		}
		for _, a := range l.of(int(n) - 1) {
			e.uint(uint64(a.tag))
			e.uint(uint64(a.lemma))
		}
	}
}

func (e *encoder) strings(ss []string) {
	e.uint(uint64(len(ss)))
	for _, s := range ss {
		e.string(s)
	}
}

func (e *encoder) lemmas(m *Model) {
	e.strings(m.knownLemmas)
	e.b = append(e.b, m.knownValency...)
	e.uint(uint64(len(m.known)))
	last := uint64(0)
	for _, k := range sortedKeys(m.known) {
		e.uint(k - last)
		e.uint(uint64(m.known[k]))
		last = k
	}
	e.uint(uint64(len(m.rules)))
	for _, r := range m.rules {
		lower := uint64(0)
		if r.Lower {
			lower = 1
		}
		e.uint(uint64(r.Cut)<<1 | lower)
		e.string(r.Add)
	}
	e.uint(uint64(len(m.endings)))
	lastEnding := uint32(0)
	for _, k := range sortedKeys(m.endings) {
		e.uint(uint64(k - lastEnding))
		e.uint(uint64(m.endings[k]))
		lastEnding = k
	}
}

// table writes runs of zeros and of other weights by turns.
func (e *encoder) table(t *table) {
	e.uint(uint64(32 - t.shift))
	e.uint(uint64(t.stride))
	w := make([]int16, len(t.w)*lanesPerWord)
	for k, v := range t.w {
		unpack(v, w[k*lanesPerWord:])
	}
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == 0 {
			j++
		}
		e.uint(uint64(j - i))
		i = j
		for j < len(w) && w[j] != 0 {
			j++
		}
		e.uint(uint64(j - i))
		for ; i < j; i++ {
			e.int(int64(w[i]))
		}
	}
}

type decoder struct {
	b   []byte
	err error
}

var errShort = errors.New("ends too early or is damaged")

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) fail() {
	d.b = nil
	if d.err == nil {
		d.err = errShort
	}
}

// count reads a number of things that take at least one byte each.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) bytes(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail()
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

// strings reads strings that share one allocation.
func (d *decoder) strings() []string {
	n := d.count()
	out := make([]string, n)
	start := d.b
	at := make([]int, n)
	lengths := make([]int, n)
	for i := range out {
		lengths[i] = d.count()
		at[i] = len(start) - len(d.b)
		d.bytes(lengths[i])
	}
	if d.err != nil {
		return nil
	}
	all := string(start[:len(start)-len(d.b)])
	for i := range out {
		out[i] = all[at[i] : at[i]+lengths[i]]
	}
	return out
}

func (d *decoder) base(m *Model) {
	m.width = int(d.uint())
	if m.width < 1 || m.width > 1<<10 {
		d.fail()
	}
	m.margin = int32(d.below(1 << 30))
	n := d.count()
	if n == 0 {
		d.fail()
	}
	m.tags = newTagset()
	m.tags.tags = m.tags.tags[:0]
	for range n {
		b := d.bytes(1 + len(featValues))
		if d.err != nil {
			return
		}
		t := tag{UPOS(b[0]), featsOf([len(featValues)]uint8(b[1:]))}
		if t.UPOS > X {
			d.fail()
			return
		}
		m.tags.tags = append(m.tags.tags, t)
	}
	for c := range m.byCoarse {
		tags := make([]uint16, d.below(maxCandidates+1))
		for i := range tags {
			tags[i] = uint16(d.below(n))
		}
		m.byCoarse[c] = tags
	}
}

// below reads a number less than n.
func (d *decoder) below(n int) int {
	v := d.uint()
	if v >= uint64(n) {
		d.fail()
		return 0
	}
	return int(v)
}

func (d *decoder) lexicon(tags *tagset) *lexicon {
	l := &lexicon{lemmas: d.strings()}
	l.valency = bytes.Clone(d.bytes(len(l.lemmas)))
	l.bits = uint(d.below(maxLexiconBits + 1))
	n := d.count()
	if d.err != nil || n > 1<<l.bits*4/5 {
		d.fail()
		return l
	}
	l.check = make([]uint32, 1<<l.bits)
	l.slot = make([]uint32, 1<<l.bits)
	i := uint64(0)
	for e := range n {
		i += d.uint()
		c := d.bytes(4)
		if d.err != nil || i >= uint64(len(l.slot)) {
			d.fail()
			return l
		}
		l.slot[i], l.check[i] = uint32(e)+1, binary.LittleEndian.Uint32(c)
		i++
	}
	l.first = make([]uint32, n+1)
	for e := range n {
		l.first[e+1] = l.first[e] + uint32(d.below(1<<16))
	}
	if int(l.first[n]) > len(d.b) {
		d.fail()
		return l
	}
	l.analyses = make([]analysis, l.first[n])
	for i := range l.analyses {
		l.analyses[i] = analysis{tag: uint16(d.below(len(tags.tags))), lemma: uint32(d.below(len(l.lemmas)))}
	}
	if d.err == nil {
		l.classify(tags)
	}
	return l
}

func (d *decoder) lemmas(m *Model) {
	m.knownLemmas = d.strings()
	m.knownValency = bytes.Clone(d.bytes(len(m.knownLemmas)))
	n := d.count()
	m.known = make(map[uint64]uint32, n)
	last := uint64(0)
	for range n {
		last += d.uint()
		m.known[last] = uint32(d.below(len(m.knownLemmas)))
	}
	m.rules = make([]lemmaRule, d.count())
	for i := range m.rules {
		v := d.below(1 << 9)
		m.rules[i] = lemmaRule{Lower: v&1 != 0, Cut: uint8(v >> 1), Add: string(d.bytes(d.count()))}
	}
	n = d.count()
	m.endings = make(map[uint32]uint16, n)
	ending := uint32(0)
	for range n {
		ending += uint32(d.uint())
		m.endings[ending] = uint16(d.below(len(m.rules)))
	}
}

func (d *decoder) table(t *table, stride int) {
	bits := uint(d.below(25))
	if got := d.below(maxRow + 1); got != stride || bits == 0 || stride<<bits > maxTableWords {
		d.fail()
		return
	}
	t.shift, t.stride = 32-bits, stride
	t.w = make([]uint64, tableWords(bits, stride))
	n := len(t.w) * lanesPerWord
	for i := 0; i < n; {
		i += d.below(n - i + 1)
		run := d.below(n - i + 1)
		if d.err != nil {
			return
		}
		b := d.b
		for range run {
			v, k := binary.Varint(b)
			if k <= 0 {
				d.fail()
				return
			}
			b = b[k:]
			// A weight is added to its word, borrows and all.
			t.w[i/lanesPerWord] += uint64(v) << (16 * (i % lanesPerWord))
			i++
		}
		d.b = b
	}
}
