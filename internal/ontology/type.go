package ontology

// Type is an event type, numbered as in the contract. The zero Type is none.
type Type uint8

// Match says how faithful a code is.
type Match uint8

// The matches. Where a codebook has no such event there is no Coding.
const (
	Exact Match = iota + 1
	Narrow
	Broad
	Lossy
)

// Codebook names a published codebook.
type Codebook uint8

// The codebooks.
const (
	ACLED Codebook = iota + 1
	PLOVER
	CAMEO
)

// Coding is an event type in a published codebook.
type Coding struct {
	Codebook Codebook
	Event    string // ACLED event type, PLOVER event
	Mode     string // ACLED sub-event type, PLOVER mode
	Code     string // CAMEO
	Match    Match
	Loss     string // for Lossy, what the code misstates
}
