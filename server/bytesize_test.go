package server

import "testing"

func TestByteSize(t *testing.T) {
	tests := []struct {
		text string
		size ByteSize
		back string
	}{
		{"0", 0, "0"},
		{"1000", 1000, "1000"},
		{"1024", 1 << 10, "1KiB"},
		{"64KiB", 64 << 10, "64KiB"},
		{"8MiB", 8 << 20, "8MiB"},
		{"1024MiB", 1 << 30, "1GiB"},
	}
	for _, test := range tests {
		var size ByteSize
		if err := size.UnmarshalText([]byte(test.text)); err != nil || size != test.size {
			t.Errorf("%q is %d, %v; want %d", test.text, size, err, test.size)
		}
		if got := size.String(); got != test.back {
			t.Errorf("%q is written %q, want %q", test.text, got, test.back)
		}
	}
	for _, text := range []string{"", "MiB", "8MB", "-1", "1.5MiB", "8 MiB", "9223372036854775807KiB"} {
		var size ByteSize
		if err := size.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %d", text, size)
		}
	}
}
