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

func TestCombine(t *testing.T) {
	day := Time{Kind: Point, Start: Date{2015, 5, 3}, End: Date{2015, 5, 3}, Precision: Day, First: 4, Last: 5}
	evening := day
	evening.PartOfDay, evening.First, evening.Last = Evening, 7, 9
	month := Time{Kind: Point, Start: Date{2015, 5, 0}, End: Date{2015, 5, 0}, Precision: Month, First: 1, Last: 2, Explicit: true}
	since := Time{Kind: Point, Start: Date{2015, 4, 0}, Precision: Between}
	other := Time{Kind: Point, Start: Date{2014, 5, 3}, End: Date{2014, 5, 3}, Precision: Day}

	if got, ok := Combine(day, evening); !ok || got.PartOfDay != Evening || got.First != 4 || got.Last != 9 {
		t.Errorf("day and its evening: %+v, %v", got, ok)
	}
	if got, ok := Combine(month, day); !ok || got.Start.Day != 3 || !got.Explicit {
		t.Errorf("month and a day of it: %+v, %v", got, ok)
	}
	if got, ok := Combine(since, day); !ok || got.Start.Day != 3 {
		t.Errorf("an open time and a day in it: %+v, %v", got, ok)
	}
	if _, ok := Combine(day, other); ok {
		t.Error("two days make no time")
	}
	if _, ok := Combine(day, Time{Kind: Duration}); ok {
		t.Error("a day and a duration make no time")
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
