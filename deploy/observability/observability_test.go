// Package observability holds what watches servers: a dashboard and rules. Its
// tests read them as Prometheus does, against a real server. It is a module of
// its own, because Prometheus's parser brings more than the service needs.
package observability

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

const (
	rulesFile     = "depeche.rules.yaml"
	dashboardFile = "dashboard.json"
	operations    = "../../docs/operations.md"
)

// testTimeout ends a test that hangs; no test depends on its length.
const testTimeout = 2 * time.Minute

var promQL = parser.NewParser(parser.Options{})

// rules reads the rules as Prometheus does.
func rules(t *testing.T) (records, alerts []rulefmt.Rule) {
	t.Helper()
	groups, faults := rulefmt.ParseFile(rulesFile, false, model.LegacyValidation, promQL, slog.Default())
	for _, fault := range faults {
		t.Error(fault)
	}
	if t.Failed() {
		t.FailNow()
	}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			if rule.Record != "" {
				records = append(records, rule)
			} else {
				alerts = append(alerts, rule)
			}
		}
	}
	return records, alerts
}

// dashboard is what the tests need of Grafana's model.
type dashboard struct {
	UID    string `json:"uid"`
	Panels []struct {
		ID          int    `json:"id"`
		Type        string `json:"type"`
		Title       string `json:"title"`
		Description string `json:"description"`
		GridPos     struct {
			H, W, X, Y int
		} `json:"gridPos"`
		Targets []struct {
			Expr string `json:"expr"`
		} `json:"targets"`
	} `json:"panels"`
	Templating struct {
		List []struct {
			Name       string `json:"name"`
			Definition string `json:"definition"`
		} `json:"list"`
	} `json:"templating"`
}

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	data, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatalf("%s: %v", dashboardFile, err)
	}
	return d
}

// grafana stands in for what Grafana puts in the place of its variables.
var grafana = strings.NewReplacer("$__rate_interval", "5m", "$job", "depeche", "$instance", ".*")

// query is one expression, and where it stands.
type query struct{ where, expr string }

func queries(t *testing.T) (queries []query) {
	t.Helper()
	records, alerts := rules(t)
	for _, rule := range slices.Concat(records, alerts) {
		queries = append(queries, query{rulesFile + " " + rule.Record + rule.Alert, rule.Expr})
	}
	for _, panel := range readDashboard(t).Panels {
		for _, target := range panel.Targets {
			queries = append(queries, query{dashboardFile + " " + panel.Title, grafana.Replace(target.Expr)})
		}
	}
	return queries
}

// exposition is what one scrape gives: label sets by series name.
type exposition map[string][]map[string]string

var (
	sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? `)
	pair   = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"`)
)

// scrape asks a server for its metrics.
func scrape(t *testing.T, address string) exposition {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testTimeout}
	response, err := client.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("scrape: %s, %v", response.Status, err)
	}
	got := make(exposition)
	for line := range strings.Lines(string(body)) {
		found := sample.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		set := make(map[string]string)
		for _, p := range pair.FindAllStringSubmatch(found[2], -1) {
			set[p[1]] = p[2]
		}
		got[found[1]] = append(got[found[1]], set)
	}
	return got
}

// serve builds the program, runs it as a process, lets it answer one unary call
// and one stream, and returns what it exposes.
func serve(t *testing.T) exposition {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	t.Cleanup(cancel)
	dir := t.TempDir()
	binary := filepath.Join(dir, "depeche")
	run := func(name string, args ...string) {
		t.Helper()
		command := exec.CommandContext(ctx, name, args...)
		command.Dir = "../.."
		command.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GOWORK=") })
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	run("go", "build", "-o", binary, "./cmd/depeche")

	server := exec.CommandContext(ctx, binary, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--drain-delay", "0s")
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, log)
		if err := server.Wait(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	serving := make(map[string]string) // addresses by what is served
	for entries := json.NewDecoder(log); serving["admin"] == "" || serving["calls"] == ""; {
		var entry struct{ Msg, What, Address string }
		if err := entries.Decode(&entry); err != nil {
			t.Fatalf("serve: %v", err)
		}
		if entry.Msg == "serving" {
			serving[entry.What] = entry.Address
		}
	}
	run(binary, "extract", "--server", serving["calls"], "examples/mali-reprise.txt")
	run(binary, "stream", "--server", serving["calls"], "--in", "examples/corpus.jsonl", "--out", filepath.Join(dir, "out.jsonl"))
	return scrape(t, serving["admin"])
}

// Labels that a scrape adds.
var targetLabels = []string{model.JobLabel, model.InstanceLabel}

// Every series that a rule or panel asks for is there, with the labels and the
// values that it asks for.
func TestQueriesFindTheirMetrics(t *testing.T) {
	exposed := serve(t)
	exposed["up"] = []map[string]string{{}} // Prometheus's own
	records, _ := rules(t)
	for _, record := range records {
		exposed[record.Record] = seriesOf(t, record.Expr, exposed)
	}
	for _, q := range queries(t) {
		for _, fault := range check(t, q.expr, exposed) {
			t.Errorf("%s: %s", q.where, fault)
		}
	}
	if table := documented(t); !t.Failed() {
		for name := range exposed {
			family := regexp.MustCompile("_(bucket|sum|count)$").ReplaceAllString(name, "")
			if strings.HasPrefix(name, "depeche_") && !slices.Contains(table, family) {
				t.Errorf("%s is exposed and not in %s", family, operations)
			}
		}
		for _, name := range table {
			if exposed[name] == nil && exposed[name+"_bucket"] == nil {
				t.Errorf("%s is in %s and not exposed", name, operations)
			}
		}
	}
}

// A test that finds no fault in anything would find none in these.
func TestFaultyQueriesAreFound(t *testing.T) {
	exposed := exposition{"a_total": {{"reason": "OK"}, {"reason": "INTERNAL"}}}
	for expr, want := range map[string]int{
		`sum by (job, reason) (rate(a_total{job="x", reason!="OK"}[5m]))`: 0,
		`rate(b_total[5m])`:                   1,
		`a_total{reason="FAULT"}`:             1,
		`a_total{cause="OK"}`:                 1,
		`sum by (cause) (a_total)`:            1,
		`a_total{reason=~"INT.*"} / b_total`:  1,
		`a_total{reason=~"EXT.*"} or b_total`: 2,
	} {
		if faults := check(t, expr, exposed); len(faults) != want {
			t.Errorf("%s: %q, want %d", expr, faults, want)
		}
	}
}

// check tells what an expression asks for that is not exposed.
func check(t *testing.T, expr string, exposed exposition) (faults []string) {
	t.Helper()
	parsed, err := promQL.ParseExpr(expr)
	if err != nil {
		return []string{err.Error()}
	}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch node := node.(type) {
		case *parser.VectorSelector:
			sets := exposed[node.Name]
			if sets == nil {
				faults = append(faults, "there is no "+node.Name)
				break
			}
			for _, m := range node.LabelMatchers {
				if m.Name != model.MetricNameLabel && !slices.Contains(targetLabels, m.Name) && !matches(m, sets) {
					faults = append(faults, fmt.Sprintf("no %s has %s", node.Name, m))
				}
			}
		case *parser.AggregateExpr:
			read := seriesOf(t, node.Expr.String(), exposed)
			for _, name := range node.Grouping {
				if !slices.Contains(targetLabels, name) && !slices.ContainsFunc(read, func(set map[string]string) bool { _, ok := set[name]; return ok }) {
					faults = append(faults, fmt.Sprintf("nothing in %s has the label %s", node.Expr, name))
				}
			}
		}
		return nil
	})
	return faults
}

// matches reports whether a series has the label, and one the value.
func matches(m *labels.Matcher, sets []map[string]string) bool {
	return slices.ContainsFunc(sets, func(set map[string]string) bool {
		value, ok := set[m.Name]
		return ok && m.Matches(value)
	})
}

// seriesOf are the label sets of the series that an expression reads.
func seriesOf(t *testing.T, expr string, exposed exposition) (sets []map[string]string) {
	t.Helper()
	parsed, err := promQL.ParseExpr(expr)
	if err != nil {
		t.Fatal(err)
	}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if selector, ok := node.(*parser.VectorSelector); ok {
			sets = append(sets, exposed[selector.Name]...)
		}
		return nil
	})
	return sets
}

// documented are the metrics in the tables of the operations guide.
func documented(t *testing.T) (names []string) {
	t.Helper()
	guide, err := os.ReadFile(operations)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile("(?m)^\\| `(depeche_[a-z_]+)`").FindAllStringSubmatch(string(guide), -1) {
		names = append(names, found[1])
	}
	return names
}

// Who is woken finds in the guide what to do.
func TestAlertsHaveRunbooks(t *testing.T) {
	guide, err := os.ReadFile(operations)
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, found := range regexp.MustCompile(`(?m)^### (Depeche\w+)$`).FindAllStringSubmatch(string(guide), -1) {
		sections = append(sections, found[1])
	}
	_, alerts := rules(t)
	var names []string
	for _, alert := range alerts {
		names = append(names, alert.Alert)
		if !slices.Contains(sections, alert.Alert) {
			t.Errorf("%s has no section in %s", alert.Alert, operations)
		}
		if want := "docs/operations.md#" + strings.ToLower(alert.Alert); !strings.HasSuffix(alert.Annotations["runbook_url"], want) {
			t.Errorf("%s: runbook_url is %q, want …%s", alert.Alert, alert.Annotations["runbook_url"], want)
		}
		if alert.Annotations["summary"] == "" || !slices.Contains([]string{"critical", "warning"}, alert.Labels["severity"]) {
			t.Errorf("%s has no summary or severity", alert.Alert)
		}
	}
	for _, section := range sections {
		if !slices.Contains(names, section) {
			t.Errorf("%s has a section for %s, which is no alert", operations, section)
		}
	}
}

func TestDashboard(t *testing.T) {
	d := readDashboard(t)
	ids := make(map[int]bool)
	taken := make(map[[2]int]string) // cells of the grid
	for _, panel := range d.Panels {
		if ids[panel.ID] {
			t.Errorf("%s: the id %d is another panel's", panel.Title, panel.ID)
		}
		ids[panel.ID] = true
		if panel.Type != "row" && (panel.Description == "" || len(panel.Targets) == 0) {
			t.Errorf("%s has no description or no query", panel.Title)
		}
		at := panel.GridPos
		if at.X+at.W > 24 {
			t.Errorf("%s stands out of the grid", panel.Title)
		}
		for x := at.X; x < at.X+at.W; x++ {
			for y := at.Y; y < at.Y+at.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s covers %s", panel.Title, other)
				}
				taken[[2]int{x, y}] = panel.Title
			}
		}
	}
}

// Every alert fires on series that are amiss, and on none that are not.
func TestAlertsFire(t *testing.T) {
	const steady = "0+60x2000" // one a second
	var covered []string
	for _, tt := range []struct {
		alert, amiss, well string
	}{
		{"DepecheDown", `up{job="depeche", instance="a"} 0x2000`, `up{job="depeche", instance="a"} 1x2000`},
		{"DepecheAbsent", `up{job="other"} 1x2000`, `up{job="depeche"} 0x2000`},
		{"DepecheRestarts",
			`process_start_time_seconds{job="depeche"} 0+300x2000`,
			`process_start_time_seconds{job="depeche"} 300x2000`},
		{"DepecheDrainStuck", `depeche_draining 1x2000`, `depeche_draining 0x2000`},
		{"DepecheInternalErrors", articles("INTERNAL", "0+1x2000", steady), articles("INTERNAL", "0x2000", steady)},
		{"DepecheManyInternalErrors", articles("INTERNAL", "0+6x2000", steady), articles("INTERNAL", "0+1x2000", steady)},
		{"DepecheCallFaults",
			`depeche_failed_calls_total{method="StreamEvents", reason="INTERNAL"} 0+1x2000`,
			`depeche_failed_calls_total{method="StreamEvents", reason="SATURATED"} 0+100x2000`},
		{"DepecheBudgetExceeded", articles("BUDGET_EXCEEDED", "0+1x2000", steady), articles("NOT_TEXT", "0+1x2000", steady)},
		{"DepecheStuck",
			"depeche_workers_busy{instance=\"a\"} 2x2000\ndepeche_article_seconds_count{instance=\"a\"} 7x2000",
			"depeche_workers_busy{instance=\"a\"} 2x2000\ndepeche_article_seconds_count{instance=\"a\"} 0+1x2000"},
		{"DepecheShedding", articles("SATURATED", "0+2x2000", steady), articles("SATURATED", "0x2000", steady)},
		{"DepecheCallsWait",
			histogram("depeche_wait_seconds", `call="unary"`, "4"),
			histogram("depeche_wait_seconds", `call="unary"`, "0.5") + "\n" + histogram("depeche_wait_seconds", `call="stream"`, "4")},
		{"DepecheSlow", histogram("depeche_article_seconds", `job="depeche"`, "4"), histogram("depeche_article_seconds", `job="depeche"`, "0.5")},
		{"DepecheStreamsFull", "depeche_streams 120x2000\ndepeche_streams_limit 128x2000", "depeche_streams 100x2000\ndepeche_streams_limit 128x2000"},
		{"DepecheOpenCallsFull", "depeche_open_calls 4000x2000\ndepeche_open_calls_limit 4096x2000", "depeche_open_calls 400x2000\ndepeche_open_calls_limit 4096x2000"},
		{"DepecheConnectionsFull", "depeche_connections 1000x2000\ndepeche_connections_limit 1024x2000", "depeche_connections 9x2000\ndepeche_connections_limit 1024x2000"},
		{"DepecheMemory",
			"process_resident_memory_bytes{job=\"depeche\"} 980x2000\ngo_gc_gomemlimit_bytes{job=\"depeche\"} 1000x2000",
			"process_resident_memory_bytes{job=\"depeche\"} 980x2000\ngo_gc_gomemlimit_bytes{job=\"depeche\"} 9e18x2000"},
		{"DepecheFileDescriptors",
			"process_open_fds{job=\"depeche\"} 900x2000\nprocess_max_fds{job=\"depeche\"} 1000x2000",
			"process_open_fds{job=\"depeche\"} 90x2000\nprocess_max_fds{job=\"depeche\"} 1000x2000"},
		{"DepecheMixedVersions",
			"depeche_engine_info{instance=\"a\", model=\"1\"} 1x2000\ndepeche_engine_info{instance=\"b\", model=\"2\"} 1x2000",
			"depeche_engine_info{instance=\"a\", model=\"1\"} 1x2000\ndepeche_engine_info{instance=\"b\", model=\"1\"} 1x2000"},
		{"DepecheFewerEvents",
			articles("OK", steady, "0x2000") + "\njob:depeche_events_per_extraction:1h 2x1900 0.5x100",
			articles("OK", steady, "0x2000") + "\njob:depeche_events_per_extraction:1h 2x1900 1.9x100"},
	} {
		t.Run(tt.alert, func(t *testing.T) {
			if !fires(t, tt.alert, tt.amiss) {
				t.Error("does not fire")
			}
			if fires(t, tt.alert, tt.well) {
				t.Error("fires on what is well")
			}
		})
		covered = append(covered, tt.alert)
	}
	_, alerts := rules(t)
	for _, alert := range alerts {
		if !slices.Contains(covered, alert.Alert) {
			t.Errorf("nothing shows that %s fires", alert.Alert)
		}
	}
}

// articles are those of a reason beside those that are well.
func articles(reason, those, others string) string {
	return fmt.Sprintf("depeche_articles_total{call=\"unary\", reason=%q} %s\ndepeche_articles_total{call=\"stream\", reason=\"OK\"} %s", reason, those, others)
}

// histogram has all its observations, one a second, between a half of bound and
// bound.
func histogram(name, label, bound string) string {
	half := map[string]string{"4": "2", "0.5": "0.25"}[bound]
	return fmt.Sprintf("%[1]s_bucket{%[2]s, le=%[3]q} 0x2000\n%[1]s_bucket{%[2]s, le=%[4]q} 0+60x2000\n%[1]s_bucket{%[2]s, le=\"+Inf\"} 0+60x2000",
		name, label, half, bound)
}

// memory holds series by name and gives them as a database would.
type memory map[string][]storage.Series

func (m memory) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: m.selectSeries}, nil
}

func (m memory) selectSeries(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found selection
	for _, series := range slices.Concat(slices.Collect(maps.Values(m))...) {
		if !slices.ContainsFunc(matchers, func(match *labels.Matcher) bool { return !match.Matches(series.Labels().Get(match.Name)) }) {
			found = append(found, series)
		}
	}
	return &found
}

// selection gives one series after the other.
type selection []storage.Series

func (s *selection) Next() bool {
	if len(*s) > 0 && (*s)[0] == nil {
		*s = (*s)[1:]
	}
	return len(*s) > 0
}

func (s *selection) At() storage.Series {
	series := (*s)[0]
	(*s)[0] = nil // taken: Next goes on
	return series
}

func (*selection) Err() error                        { return nil }
func (*selection) Warnings() annotations.Annotations { return nil }

// point is a sample of a series.
type point struct {
	chunks.Sample
	at    int64 // ms
	value float64
}

func (p point) T() int64                 { return p.at }
func (p point) ST() int64                { return 0 }
func (p point) F() float64               { return p.value }
func (p point) Type() chunkenc.ValueType { return chunkenc.ValFloat }

func (m memory) add(about labels.Labels, points []chunks.Sample) {
	name := about.Get(model.MetricNameLabel)
	m[name] = append(m[name], storage.NewListSeries(about, points))
}

// end is when alerts are evaluated: at the last sample of the series, which have
// one a minute.
var end = time.Unix(0, 0).Add(2000 * time.Minute)

// fires evaluates an alert after the records. Its duration is left aside: the
// series are steady.
func fires(t *testing.T, name, series string) bool {
	t.Helper()
	database := make(memory)
	for line := range strings.SplitSeq(series, "\n") {
		about, values, err := promQL.ParseSeriesDesc(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var points []chunks.Sample
		for i, v := range values {
			points = append(points, point{at: time.Duration(i * int(time.Minute)).Milliseconds(), value: v.Value})
		}
		database.add(about, points)
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1_000_000, Timeout: testTimeout, Parser: promQL})
	result := func(query promql.Query, err error) *promql.Result {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		result := query.Exec(t.Context())
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		return result
	}

	records, alerts := rules(t)
	for _, record := range records {
		if database[record.Record] != nil {
			continue // the test brings its own
		}
		matrix, err := result(engine.NewRangeQuery(t.Context(), database, nil, record.Expr, end.Add(-10*time.Minute), end, time.Minute)).Matrix()
		if err != nil {
			t.Fatal(err)
		}
		for _, recorded := range matrix {
			var points []chunks.Sample
			for _, p := range recorded.Floats {
				points = append(points, point{at: p.T, value: p.F})
			}
			database.add(labels.NewBuilder(recorded.Metric).Set(model.MetricNameLabel, record.Record).Labels(), points)
		}
	}
	i := slices.IndexFunc(alerts, func(r rulefmt.Rule) bool { return r.Alert == name })
	if i < 0 {
		t.Fatal("is no alert")
	}
	vector, err := result(engine.NewInstantQuery(t.Context(), database, nil, alerts[i].Expr, end)).Vector()
	if err != nil {
		t.Fatal(err)
	}
	return len(vector) > 0
}
