package language

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/depeche-events/depeche/internal/article"
)

func detector(t testing.TB) *Detector {
	t.Helper()
	d, err := New(WordsFS())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDetect(t *testing.T) {
	d := detector(t)
	for _, tt := range []struct{ name, want, text string }{
		{"French dispatch", "fr", "Des hommes armés ont attaqué mardi soir un poste de police près de la frontière, tuant quatre agents, a indiqué le gouverneur."},
		{"French headline", "fr", "Deux morts dans un attentat à la voiture piégée près de la gare"},
		{"French in capitals", "fr", "LE PRESIDENT A RENCONTRE LES CHEFS DES PARTIS DE L'OPPOSITION DANS LA CAPITALE"},
		{"French without accents", "fr", "Le ministre des affaires etrangeres a declare que les negociations reprendraient dans la semaine."},
		{"French with African names", "fr", "Le capitaine Ouédraogo et le lieutenant Nguema, venus de Ouagadougou, ont rejoint Moundou où les attendait le sultan Abdoulaye Mahamat."},
		{"Québec French", "fr", "Le maire de Trois-Rivières s'est dit inquiet de la fin de semaine qui s'en vient, les pompiers n'ayant pas encore maîtrisé le brasier."},
		{"Swiss French", "fr", "Les Neuchâtelois ont rejeté dimanche l'initiative à septante-deux pour cent des voix, selon la chancellerie."},
		{"English", "en", "Gunmen attacked a police station near the border on Tuesday evening, killing four officers, the governor said."},
		{"Spanish", "es", "Hombres armados atacaron el martes por la noche un puesto de policía cerca de la frontera y mataron a cuatro agentes, según el gobernador."},
		{"Portuguese", "pt", "Homens armados atacaram na noite de terça-feira um posto da polícia perto da fronteira e mataram quatro agentes, disse o governador."},
		{"Italian", "it", "Uomini armati hanno attaccato martedì sera un posto di polizia vicino al confine, uccidendo quattro agenti, ha detto il governatore della regione."},
		{"Catalan", "ca", "Uns homes armats van atacar dimarts al vespre una comissaria prop de la frontera i van matar quatre agents, segons el governador."},
		{"Romanian", "ro", "Mai mulți bărbați înarmați au atacat marți seară un post de poliție din apropierea graniței și au ucis patru agenți, a declarat guvernatorul."},
		{"Occitan", "oc", "Los òmes armats an atacat lo pòst de polícia dins la vila e an tuat quatre agents, segon lo governador."},
		{"German", "de", "Bewaffnete Männer haben am Dienstagabend eine Polizeistation nahe der Grenze angegriffen und vier Beamte getötet, wie der Gouverneur sagte."},
		{"Dutch", "nl", "Gewapende mannen hebben dinsdagavond een politiepost bij de grens aangevallen en vier agenten gedood, zei de gouverneur."},
		{"Turkish", "tr", "Silahlı kişiler salı akşamı sınıra yakın bir karakola saldırdı ve dört polis öldü, vali bunun için daha çok destek istedi."},
		{"Polish", "pl", "Uzbrojeni mężczyźni zaatakowali we wtorek wieczorem posterunek policji przy granicy, jak podał gubernator, i zabili czterech funkcjonariuszy."},
		{"Haitian Creole", "ht", "Moun ak zam yo atake yon pòs lapolis nan vil la madi swa, yo touye kat polisye, se sa gouvènman an fè konnen."},
		{"Antillean Creole", "gcf", "Sé nonm-la rivé adan péyi-la pou yo palé épi moun anlè travay, mé pon moun pa té lé kouté yo."},
		{"Wolof", "wo", "Ay nit ñu bare dañu daje ci dëkk bi ngir wax ci li xew ci réew mi, waaye moom ñëwul."},
		{"Swahili", "sw", "Watu wenye silaha walishambulia kituo cha polisi katika mji wa mpakani na kuua maafisa wanne, serikali ya nchi hiyo ilisema."},
		{"Arabic", "ar", "هاجم مسلحون مساء الثلاثاء مركزا للشرطة قرب الحدود وقتلوا أربعة عناصر"},
		{"Persian", "fa", "مردان مسلح سه\u200cشنبه شب به یک پاسگاه پلیس در نزدیکی مرز حمله کردند و چهار مأمور را کشتند"},
		{"Russian", "ru", "Вооружённые люди напали во вторник вечером на полицейский участок у границы"},
		{"Ukrainian", "uk", "Озброєні люди напали у вівторок ввечері на поліцейську дільницю біля кордону"},
		{"Greek", "el", "Ένοπλοι επιτέθηκαν το βράδυ της Τρίτης σε αστυνομικό τμήμα"},
		{"Chinese", "zh", "武装人员周二晚上袭击了边境附近的一个警察局"},
		{"Japanese", "ja", "武装した男たちが火曜日の夜、国境近くの警察署を襲撃した"},

		{"nothing", Undetermined, ""},
		{"figures", Undetermined, "12 345 – 67 %"},
		{"one name", Undetermined, "Ouagadougou"},
		{"a row of names", Undetermined, "Moussa Traoré, Aminata Diallo, Jean Kouassi"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if g := d.Detect(tt.text); g.Tag != tt.want {
				t.Errorf("%s with confidence %.2f, want %s", g.Tag, g.Confidence, tt.want)
			}
		})
	}
}

// A page's own words are often English around a French article.
func TestDetectDocumentReadsWhatIsTold(t *testing.T) {
	page := strings.Repeat("Click here for all the news of the day that you have not read. ", 40)
	body := "Les secours ont retrouvé dans la nuit les corps des trois mineurs qui étaient portés disparus depuis lundi."
	doc := &article.Document{Body: page + body, Segments: []article.Segment{
		{Kind: article.Boilerplate, Span: article.Span{End: len(page)}, Reason: "navigation"},
		{Kind: article.Prose, Span: article.Span{Begin: len(page), End: len(page) + len(body)}},
	}}
	d := detector(t)
	if g := d.DetectDocument(doc); g.Tag != "fr" {
		t.Errorf("document: %+v", g)
	}
	if g := d.Detect(doc.Body); g.Tag != "en" {
		t.Errorf("whole page: %+v; the test tests nothing", g)
	}
}

func TestSampleEndsOnRunes(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"été", 9, "été"},
		{"été", 5, "été"},
		{"été", 4, "ét"},
		{"été", 1, ""},
		{"", 0, ""},
	} {
		if got := beginning(test.text, test.most); got != test.want {
			t.Errorf("%d bytes of %q are %q, want %q", test.most, test.text, got, test.want)
		}
	}
}

func TestSureOnlyWhereThereIsEnough(t *testing.T) {
	d := detector(t)
	short := d.Detect("Le gouvernement a démissionné")
	long := d.Detect("Le gouvernement a démissionné hier dans la soirée, après que les députés de la majorité ont voté la motion de censure.")
	if short.Confidence >= long.Confidence || long.Tag != "fr" || long.Confidence < 0.9 {
		t.Errorf("short %+v, long %+v", short, long)
	}
}

func TestNormalize(t *testing.T) {
	for _, tt := range []struct{ tag, want string }{
		{"fr", "fr"}, {"FR-ca", "fr-CA"}, {"fra", "fr"}, {"fr_BE", "fr-BE"}, {"ht", "ht"},
		{"", ""}, {"français", ""}, {"x", ""}, {"fr-", ""},
	} {
		got, err := Normalize(tt.tag)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: %q, %v, want %q", tt.tag, got, err, tt.want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{{"fr", "fr-CA", true}, {"fr-BE", "fr-CD", true}, {"fr", "ht", false}, {"fr", "und", false}, {"?", "?", false}} {
		if Same(tt.a, tt.b) != tt.want {
			t.Errorf("%s, %s: %v", tt.a, tt.b, !tt.want)
		}
	}
}

func TestNewTellsFaults(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"no tag", "tag\twords\nfrançais\tle\n", "words.tsv:2: tag \"français\""},
		{"not normal", "tag\twords\nfra\tle\n", "words.tsv:2: tag \"fra\""},
		{"no words", "tag\twords\nfr\t|\n", "words.tsv:2: no words"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(fstest.MapFS{"words.tsv": {Data: []byte(tt.file)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that tells %q", err, tt.want)
			}
		})
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("Le chat dort.")
	f.Add("\xff\x00é’")
	f.Add("ñandú ҷ 漢字 ا")
	d := detector(f)
	f.Fuzz(func(t *testing.T, text string) {
		g := d.Detect(text)
		if g.Confidence < 0 || g.Confidence > 1 || g.Tag == "" {
			t.Errorf("%+v", g)
		}
		if again := d.Detect(text); again != g {
			t.Errorf("%+v, then %+v", g, again)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	d := detector(b)
	text := strings.Repeat("Des hommes armés ont attaqué mardi soir un poste de police près de la frontière, tuant quatre agents, a indiqué le gouverneur. ", 25)
	b.SetBytes(int64(min(len(text), maxSample)))
	b.ReportAllocs()
	for b.Loop() {
		if d.Detect(text).Tag != "fr" {
			b.Fatal("not French")
		}
	}
}
