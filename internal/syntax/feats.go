package syntax

// Feats are the morphological features of a word that later stages read
// (universaldependencies.org/u/feat). Zero values are features not marked.
type Feats struct {
	Gender   Gender
	Number   Number
	Person   uint8 // 1, 2, 3
	Mood     Mood
	Tense    Tense
	VerbForm VerbForm
	Voice    Voice
	PronType PronType
	NumType  NumType
	Polarity Polarity
	Definite Definite
	Poss     bool
	Reflex   bool
}

// Gender is grammatical gender.
type Gender uint8

// The genders.
const (
	Masc Gender = iota + 1
	Fem
)

// Number is grammatical number.
type Number uint8

// The numbers.
const (
	Sing Number = iota + 1
	Plur
)

// Mood is verbal mood.
type Mood uint8

// The moods. Cnd is the conditional, hearsay's in French.
const (
	Ind Mood = iota + 1
	Sub
	Cnd
	Imp
)

// Tense is verbal tense. Imperf is UD's Tense=Imp.
type Tense uint8

// The tenses.
const (
	Pres Tense = iota + 1
	Past
	Imperf
	Fut
)

// VerbForm is a form of the verb.
type VerbForm uint8

// The forms.
const (
	Fin VerbForm = iota + 1
	Inf
	Part
	Ger
)

// Voice is verbal voice.
type Voice uint8

// The voices.
const (
	Act Voice = iota + 1
	Pass
)

// PronType is a kind of pronoun or determiner.
type PronType uint8

// The kinds of pronoun.
const (
	Prs PronType = iota + 1
	Relative
	Dem
	Indefinite
	Int
	Neg
	Art
	Tot
	Exc
	Rcp
)

// NumType is a kind of numeral.
type NumType uint8

// The kinds of numeral.
const (
	Card NumType = iota + 1
	Ord
)

// Polarity is negation.
type Polarity uint8

// The polarities.
const (
	NegPolarity Polarity = iota + 1
)

// Definite is a determiner's definiteness.
type Definite uint8

// The kinds of definiteness.
const (
	Def Definite = iota + 1
	Indef
)
