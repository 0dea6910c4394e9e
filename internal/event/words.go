package event

// wordClass names a set of words in words.yaml.
type wordClass string

// The classes of words, by what they do to an event in their scope.
const (
	wordsMissing   wordClass = "missing"   // who counts as missing, not as dead
	wordsCrowd     wordClass = "crowd"     // whose «de» counts its members: «un contingent de 200 hommes»
	wordsWeekday   wordClass = "weekday"   // days with a name
	wordsDaytime   wordClass = "daytime"   // a day seen from within: «dans la journée»
	wordsReport    wordClass = "report"    // say that it happened: «annoncer»
	wordsDeny      wordClass = "deny"      // say that it did not: «démentir»
	wordsCount     wordClass = "count"     // say how many there were: «dénombrer»
	wordsTurnout   wordClass = "turnout"   // who came, when they are counted: «participant»
	wordsDoubt     wordClass = "doubt"     // say so without being believed: «prétendre»
	wordsCite      wordClass = "cite"      // whose object is the source: «citant»
	wordsUtter     wordClass = "utter"     // say what is quoted before them: «…», a lancé X
	wordsLearn     wordClass = "learn"     // hear it from others: «a-t-on appris de»
	wordsCharge    wordClass = "charge"    // say it of somebody: «accuser d'avoir tué»
	wordsEnact     wordClass = "enact"     // say what will be: «annoncer»
	wordsComing    wordClass = "coming"    // nouns for what is to come when it is made known: «marche»
	wordsExpect    wordClass = "expect"    // expect it: «s'attendre à», «craindre»
	wordsDocument  wordClass = "document"  // what somebody speaks through: «communiqué»
	wordsIntend    wordClass = "intend"    // will do it: «prévoir», «espérer»
	wordsMean      wordClass = "mean"      // of these, who intend but what they do: «compter partir», not «compter les voix»
	wordsPossible  wordClass = "possible"  // may do it: «pouvoir», «menacer»
	wordsCall      wordClass = "call"      // want it from others: «exiger»
	wordsFail      wordClass = "fail"      // did not do it: «échouer»
	wordsSupport   wordClass = "support"   // lend a verb to a noun: «mener», «lancer»
	wordsUndergo   wordClass = "undergo"   // the same, for who suffers it: «subir»
	wordsOccur     wordClass = "occur"     // say of their subject that it happens: «éclater»
	wordsAffect    wordClass = "affect"    // whose subject strikes their object: «frapper»
	wordsForgo     wordClass = "forgo"     // of these, what denied leaves a plan: «renoncer»
	wordsAttempt   wordClass = "attempt"   // try to: «tenter»
	wordsModal     wordClass = "modal"     // did it, in a completed past: «a pu», «a dû»
	wordsSeem      wordClass = "seem"      // appear to: «sembler»
	wordsHappen    wordClass = "happen"    // lend a noun nothing but tense: «avoir lieu»
	wordsPhase     wordClass = "phase"     // nouns for a part of what happens: «le début de»
	wordsRecall    wordClass = "recall"    // of what is past: «anniversaire», «souvenir»
	wordsSpan      wordClass = "span"      // lengths of time beyond the news: «an»
	wordsFormer    wordClass = "former"    // adverbs of what is past: «jadis»
	wordsRumour    wordClass = "rumour"    // sources that nobody vouches for: «rumeur»
	wordsNegation  wordClass = "negation"  // «pas», «aucun»
	wordsOnly      wordClass = "only"      // «seulement», which undoes it
	wordsAccording wordClass = "according" // «selon»
	wordsHedge     wordClass = "hedge"     // «apparemment»
	wordsCondition wordClass = "condition" // «si»
	wordsAlly      wordClass = "ally"      // «soutenu par», «avec l'aide de»
	wordsSite      wordClass = "site"      // prepositions of place
	wordsTreaty    wordClass = "treaty"    // «l'accord d'Alger»
	wordsPlanned   wordClass = "planned"   // adjectives: «prévu»
	wordsPurpose   wordClass = "purpose"   // «pour»
	wordsPart      wordClass = "part"      // «la totalité de», «des dizaines de»
	wordsControl   wordClass = "control"   // whose object does what follows: «contraindre»
	wordsAllow     wordClass = "allow"     // whose «à» does what follows: «permettre à»
	wordsRanks     wordClass = "ranks"     // what stands for those in it: «dans les rangs de»
	wordsAttribute wordClass = "attribute" // say who did what happened: «imputer à»
	wordsCourt     wordClass = "court"     // who judges: «tribunal»
	wordsCulpable  wordClass = "culpable"  // who did what follows: «coupable de»
	wordsPatient   wordClass = "patient"   // who suffered what follows: «hospitalisé après»
	wordsSomebody  wordClass = "somebody"  // pronouns that stand for somebody not named: «ils»
	wordsBeside    wordClass = "beside"    // set somebody beside another: «aux côtés de»
	wordsMishap    wordClass = "mishap"    // what harms without anybody's meaning to: «accident», «s'écraser»
	wordsHarmed    wordClass = "harmed"    // say that people are dead or hurt, not that somebody meant it: «tuer»
	wordsJoin      wordClass = "join"      // whose subject does what stands behind «à»: «participer à»
	wordsOppose    wordClass = "oppose"    // set the sides of their subject against each other: «opposer»
	wordsSpeaker   wordClass = "speaker"   // pronouns for who speaks: «nous»
	// wordsSpeakerObject are the same where they are no subject: «me».
	wordsSpeakerObject wordClass = "speaker-object"
	// wordsUnaccusative are verbs that «être» conjugates and that have no
	// passive: «tomber».
	wordsUnaccusative wordClass = "unaccusative"
)

var wordClasses = []wordClass{
	wordsAccording,
	wordsAffect,
	wordsAllow,
	wordsAlly,
	wordsAttempt,
	wordsAttribute,
	wordsBeside,
	wordsCall,
	wordsCharge,
	wordsCite,
	wordsComing,
	wordsCondition,
	wordsControl,
	wordsCount,
	wordsCourt,
	wordsCrowd,
	wordsCulpable,
	wordsDaytime,
	wordsDeny,
	wordsDocument,
	wordsDoubt,
	wordsEnact,
	wordsExpect,
	wordsFail,
	wordsForgo,
	wordsFormer,
	wordsHappen,
	wordsHarmed,
	wordsHedge,
	wordsIntend,
	wordsJoin,
	wordsLearn,
	wordsMishap,
	wordsMean,
	wordsMissing,
	wordsModal,
	wordsNegation,
	wordsOccur,
	wordsOnly,
	wordsOppose,
	wordsPart,
	wordsPatient,
	wordsPhase,
	wordsPlanned,
	wordsPossible,
	wordsPurpose,
	wordsRanks,
	wordsRecall,
	wordsReport,
	wordsRumour,
	wordsSeem,
	wordsSite,
	wordsSomebody,
	wordsSpan,
	wordsSpeaker,
	wordsSpeakerObject,
	wordsSupport,
	wordsTreaty,
	wordsTurnout,
	wordsUnaccusative,
	wordsUndergo,
	wordsUtter,
	wordsWeekday,
}
