package text

// number reads digits from b, with their separators, and what makes them an
// ordinal or belongs to a name such as «3D».
func (sc *scanner) number(b int) {
	i := sc.digits(b)
	// thousands: one to three digits, then groups of three behind a space
	if i-b <= 3 && sc.s[b] != '0' {
		for {
			c, n := sc.at(i)
			if n == 0 || c != space && c != apostrophe || sc.s[i] < ' ' || sc.digits(i+n)-(i+n) != 3 {
				break
			}
			if j := i + n + 3; j < len(sc.s) && c == space {
				if c, _ := classAt(sc.s, j); c == letter {
					break
				}
			}
			i += n + 3
		}
	}
	for i+1 < len(sc.s) {
		c := sc.s[i]
		if c != ',' && c != '.' && c != '/' && c != ':' && c != '-' || sc.s[i+1] < '0' || sc.s[i+1] > '9' {
			break
		}
		i = sc.digits(i + 1)
	}
	c, n := sc.at(i)
	if c == apostrophe && sc.wordAt(i+n) {
		sc.word(b, i) // 90's
		return
	}
	if c != letter {
		if c == hyphen || i < len(sc.s) && sc.s[i] == '.' {
			if e := sc.domain(b); e > 0 {
				sc.emit(b, e, Address, 0)
				return
			}
		}
		if _, n := sc.at(i); c == hyphen && sc.wordAt(i+n) && sc.clitic(i, maxClitics) == 0 {
			sc.word(b, i) // 4-temps
			return
		}
		sc.emit(b, i, Number, 0)
		return
	}
	e := i
	for e < len(sc.s) {
		c, n := classAt(sc.s, e)
		if c != letter {
			break
		}
		e += n
	}
	switch tail := sc.s[i:e]; {
	case in(sc.lang.units, tail):
		sc.emit(b, i, Number, 0)
		sc.emit(i, e, Letters, 0)
	case in(sc.lang.ordinals, tail) && !sc.wordAt(e):
		sc.emit(b, e, Number, 0)
	default:
		sc.word(b, i)
	}
}

func (sc *scanner) digits(i int) int {
	for i < len(sc.s) && '0' <= sc.s[i] && sc.s[i] <= '9' {
		i++
	}
	return i
}
