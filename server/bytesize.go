package server

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ByteSize is a number of bytes. As text it is a whole number with or without
// a binary unit: "4096", "64KiB", "8MiB", "1GiB".
type ByteSize int64

// byteUnits are the units of ByteSize as text, largest first.
var byteUnits = [...]struct {
	suffix string
	size   ByteSize
}{
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
}

// UnmarshalText reads a size as flags and the environment write it.
func (b *ByteSize) UnmarshalText(text []byte) error {
	number, size := string(text), ByteSize(1)
	for _, unit := range byteUnits {
		if digits, ok := strings.CutSuffix(number, unit.suffix); ok {
			number, size = digits, unit.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/int64(size) {
		return fmt.Errorf("%q is no size: want a whole number of bytes, KiB, MiB or GiB", text)
	}
	*b = ByteSize(n) * size
	return nil
}

// String writes the size in the largest unit that divides it.
func (b ByteSize) String() string {
	for _, unit := range byteUnits {
		if b != 0 && b%unit.size == 0 {
			return strconv.FormatInt(int64(b/unit.size), 10) + unit.suffix
		}
	}
	return strconv.FormatInt(int64(b), 10)
}
