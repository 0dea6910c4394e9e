package timex

import (
	"testing"
	"time"
)

func TestDateValid(t *testing.T) {
	for _, tt := range []struct {
		d    Date
		want bool
	}{
		{Date{2015, 5, 3}, true}, {Date{2015, 5, 0}, true}, {Date{2015, 0, 0}, true}, {Date{2012, 2, 29}, true}, {Date{2000, 2, 29}, true},
		{Date{}, false}, {Date{2015, 2, 29}, false}, {Date{1900, 2, 29}, false}, {Date{2015, 2, 30}, false}, {Date{2015, 13, 1}, false},
		{Date{2015, 0, 3}, false}, {Date{999, 1, 1}, false}, {Date{3000, 1, 1}, false}, {Date{2015, 4, 31}, false}, {Date{2015, 1, -1}, false},
	} {
		if got := tt.d.Valid(); got != tt.want {
			t.Errorf("%v valid: %v", tt.d, got)
		}
	}
}

func TestDateCompare(t *testing.T) {
	for _, tt := range []struct {
		a, b Date
		want int
	}{
		{Date{2015, 5, 3}, Date{2015, 5, 4}, -1}, {Date{2015, 5, 3}, Date{2015, 5, 3}, 0}, {Date{2015, 5, 3}, Date{2015, 5, 0}, 0},
		{Date{2015, 5, 0}, Date{2015, 0, 0}, 0}, {Date{2015, 5, 0}, Date{2015, 6, 1}, -1}, {Date{2016, 0, 0}, Date{2015, 12, 31}, 1},
	} {
		if got := tt.a.Compare(tt.b); got != tt.want {
			t.Errorf("%v against %v: %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := tt.b.Compare(tt.a); got != -tt.want {
			t.Errorf("%v against %v: %d, want %d", tt.b, tt.a, got, -tt.want)
		}
	}
}

func TestDateMoves(t *testing.T) {
	if got := (Date{2012, 2, 28}).AddDays(2); got != (Date{2012, 3, 1}) {
		t.Errorf("two days on: %v", got)
	}
	if got := (Date{2012, 1, 15}).AddMonths(-2); got != (Date{2011, 11, 0}) {
		t.Errorf("two months back: %v", got)
	}
	if a, b := (Date{2015, 5, 10}).week(); a != (Date{2015, 5, 4}) || b != (Date{2015, 5, 10}) {
		t.Errorf("week of a Sunday: %v to %v", a, b)
	}
	if got := (Date{2015, 5, 4}).Weekday(); got != time.Monday {
		t.Errorf("%v", got)
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []Date{{1818, 3, 22}, {1943, 4, 25}, {2000, 4, 23}, {2012, 4, 8}, {2015, 4, 5}, {2024, 3, 31}} {
		if got := easter(want.Year); got != want {
			t.Errorf("Easter %d is %v, want %v", want.Year, got, want)
		}
	}
}

func TestTimeCompare(t *testing.T) {
	ref := Date{2015, 5, 6}
	for _, tt := range []struct {
		name       string
		start, end Date
		want       int
	}{
		{"past day", Date{2015, 5, 5}, Date{2015, 5, 5}, -1}, {"same day", ref, ref, 0}, {"this month", Date{2015, 5, 0}, Date{2015, 5, 0}, 0},
		{"past year", Date{2014, 0, 0}, Date{2014, 0, 0}, -1}, {"coming year", Date{2016, 0, 0}, Date{2016, 0, 0}, 1},
		{"since", Date{2014, 0, 0}, Date{}, 0}, {"until before", Date{}, Date{2014, 0, 0}, -1}, {"from tomorrow", Date{2015, 5, 7}, Date{}, 1},
		{"unresolved", Date{}, Date{}, 0},
	} {
		x := Time{Kind: Point, Start: tt.start, End: tt.end}
		if got := x.Compare(ref); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
