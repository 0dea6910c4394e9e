package ontology

// Type is an event type, numbered as in the contract. The zero Type is none.
type Type uint8

// The event types, in the order of ontology.yaml, which says what they mean.
const (
	ArmedClash Type = iota + 1
	Offensive
	TerritoryCapture
	TerritoryHandover
	Withdrawal
	Siege
	AirStrike
	Shelling
	Explosion
	SuicideBombing
	GrenadeAttack
	ChemicalAttack
	Attack
	Killing
	Execution
	Abduction
	SexualViolence
	Torture
	PropertyDestruction
	Looting
	WeaponsDisruption
	Protest
	Riot
	MobViolence
	StrikeAction
	ProtestCrackdown
	Arrest
	LegalAction
	Investigation
	Expulsion
	Restriction
	Coup
	CyberAttack
	Mobilization
	BaseEstablished
	GroupChange
	Displacement
	Ceasefire
	Release
	Surrender
	Concession
	LeadershipChange
	Election
	Agreement
	Meeting
	SupportStatement
	Cooperation
	Aid
	Demand
	Accusation
	Rejection
	Threat
	Sanction

	typeEnd
)

var typeNames = [...]string{
	"",
	ArmedClash:          "ARMED_CLASH",
	Offensive:           "OFFENSIVE",
	TerritoryCapture:    "TERRITORY_CAPTURE",
	TerritoryHandover:   "TERRITORY_HANDOVER",
	Withdrawal:          "WITHDRAWAL",
	Siege:               "SIEGE",
	AirStrike:           "AIR_STRIKE",
	Shelling:            "SHELLING",
	Explosion:           "EXPLOSION",
	SuicideBombing:      "SUICIDE_BOMBING",
	GrenadeAttack:       "GRENADE_ATTACK",
	ChemicalAttack:      "CHEMICAL_ATTACK",
	Attack:              "ATTACK",
	Killing:             "KILLING",
	Execution:           "EXECUTION",
	Abduction:           "ABDUCTION",
	SexualViolence:      "SEXUAL_VIOLENCE",
	Torture:             "TORTURE",
	PropertyDestruction: "PROPERTY_DESTRUCTION",
	Looting:             "LOOTING",
	WeaponsDisruption:   "WEAPONS_DISRUPTION",
	Protest:             "PROTEST",
	Riot:                "RIOT",
	MobViolence:         "MOB_VIOLENCE",
	StrikeAction:        "STRIKE_ACTION",
	ProtestCrackdown:    "PROTEST_CRACKDOWN",
	Arrest:              "ARREST",
	LegalAction:         "LEGAL_ACTION",
	Investigation:       "INVESTIGATION",
	Expulsion:           "EXPULSION",
	Restriction:         "RESTRICTION",
	Coup:                "COUP",
	CyberAttack:         "CYBER_ATTACK",
	Mobilization:        "MOBILIZATION",
	BaseEstablished:     "BASE_ESTABLISHED",
	GroupChange:         "GROUP_CHANGE",
	Displacement:        "DISPLACEMENT",
	Ceasefire:           "CEASEFIRE",
	Release:             "RELEASE",
	Surrender:           "SURRENDER",
	Concession:          "CONCESSION",
	LeadershipChange:    "LEADERSHIP_CHANGE",
	Election:            "ELECTION",
	Agreement:           "AGREEMENT",
	Meeting:             "MEETING",
	SupportStatement:    "SUPPORT_STATEMENT",
	Cooperation:         "COOPERATION",
	Aid:                 "AID",
	Demand:              "DEMAND",
	Accusation:          "ACCUSATION",
	Rejection:           "REJECTION",
	Threat:              "THREAT",
	Sanction:            "SANCTION",
}

// String returns the contract's name of t, such as "ARMED_CLASH".
func (t Type) String() string { return typeNames[t] }

// ParseType returns the type of that name, and whether there is one.
func ParseType(name string) (Type, bool) {
	for t := Type(1); t < typeEnd; t++ {
		if typeNames[t] == name {
			return t, true
		}
	}
	return 0, false
}

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

// Condition is what a code may hang on: "drone", "target-armed".
type Condition string

// ConditionalCoding is a code with the condition under which it holds; an empty
// one always holds.
type ConditionalCoding struct {
	When Condition
	Coding
}

// Description is what an event type means.
type Description struct {
	Type      Type
	Family    string
	Meaning   string
	Symmetric bool // no direction: every party is an agent
	// Codings stand by codebook; of each the first whose condition holds is
	// the type's code.
	Codings []ConditionalCoding
}
