package kubernetes

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// What may be applied, and the kinds that each must render.
var targets = map[string][]string{
	"base":                 {"Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "Service", "Service", "Service", "ServiceAccount"},
	"overlays/development": {"Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "Service", "Service", "Service", "Service", "ServiceAccount"},
	"overlays/production": {"Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "PrometheusRule", "Service", "Service", "Service", "Service",
		"ServiceAccount", "ServiceMonitor"},
	"worker": {"Deployment", "NetworkPolicy"},
}

// manifest is a resource, as far as the tests look.
type manifest struct {
	APIVersion, Kind string
	Metadata         struct {
		Name   string
		Labels map[string]string
	}
	Spec struct {
		ClusterIP      string
		Selector       any
		Ports          []port
		ScaleTargetRef struct{ Kind, Name string }
		Endpoints      []struct{ Port string }
		Template       struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				TerminationGracePeriodSeconds int
				Containers                    []container
				Volumes                       []struct{ Name string }
			}
		}
	}
	source []byte
}

type port struct {
	Name       string
	Port       int
	TargetPort any
}

type container struct {
	Image string
	Args  []string
	Env   []struct{ Name, Value string }
	Ports []struct {
		Name          string
		ContainerPort int
	}
	VolumeMounts                                []struct{ Name string }
	StartupProbe, ReadinessProbe, LivenessProbe *struct {
		GRPC    struct{ Port int }
		HTTPGet struct{ Port string }
	}
}

func render(t *testing.T, target string) []manifest {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), target)
	if err != nil {
		t.Fatal(err)
	}
	var out []manifest
	for _, r := range resources.Resources() {
		m := manifest{source: []byte(r.MustYaml())}
		if err := yaml.Unmarshal(m.source, &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func TestManifestsKeepTheirSchemas(t *testing.T) {
	s := newSchemas(t)
	for target, want := range targets {
		var kinds []string
		for _, m := range render(t, target) {
			kinds = append(kinds, m.Kind)
			if err := s.validate(m.source); err != nil {
				t.Errorf("%s: %s %s: %v", target, m.Kind, m.Metadata.Name, err)
			}
		}
		if slices.Sort(kinds); !slices.Equal(kinds, want) {
			t.Errorf("%s renders %v, want %v", target, kinds, want)
		}
	}
}

// A schema that lets everything pass would hold nothing.
func TestSchemasRefuse(t *testing.T) {
	s := newSchemas(t)
	for name, wrong := range map[string]string{
		"unknown field":    "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 1}], sessionAfinity: None}\n",
		"wrong type":       "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: http}]}\n",
		"missing selector": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: x}]}}}\n",
		"custom resource":  "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: x}\nspec: {selector: {}, endpoints: [{prot: admin}]}\n",
	} {
		if s.validate([]byte(wrong)) == nil {
			t.Errorf("%s: passes", name)
		}
	}
}

// What refers to something else refers to something that is there.
func TestManifestsAgree(t *testing.T) {
	for target := range targets {
		all := render(t, target)
		for _, m := range all {
			switch m.Kind {
			case "Deployment":
				deploymentAgrees(t, target, &m)
			case "Service":
				selector, _ := m.Spec.Selector.(map[string]any)
				if d := selected(all, selector); d == nil {
					t.Errorf("%s: Service %s selects nothing", target, m.Metadata.Name)
				} else if p := m.Spec.Ports[0]; !hasPort(d, p.TargetPort) {
					t.Errorf("%s: Service %s: no port %v", target, m.Metadata.Name, p.TargetPort)
				}
			case "HorizontalPodAutoscaler":
				if !slices.ContainsFunc(all, func(o manifest) bool {
					return o.Kind == m.Spec.ScaleTargetRef.Kind && o.Metadata.Name == m.Spec.ScaleTargetRef.Name
				}) {
					t.Errorf("%s: scales %v, which is not there", target, m.Spec.ScaleTargetRef)
				}
			case "ServiceMonitor":
				if !slices.ContainsFunc(all, func(o manifest) bool {
					return o.Kind == "Service" && o.Spec.Ports[0].Name == m.Spec.Endpoints[0].Port && o.Metadata.Labels["app.kubernetes.io/name"] == "depeche"
				}) {
					t.Errorf("%s: scrapes a port %s that no Service has", target, m.Spec.Endpoints[0].Port)
				}
			}
		}
	}
	headless := 0
	for _, m := range render(t, "base") {
		if m.Metadata.Name == "depeche-servers" && m.Spec.ClusterIP == "None" {
			headless++
		}
	}
	if headless != 1 {
		t.Error("callers that balance themselves find no headless Service depeche-servers")
	}
}

func deploymentAgrees(t *testing.T, target string, m *manifest) {
	t.Helper()
	pod := &m.Spec.Template.Spec
	c := &pod.Containers[0]
	if !regexp.MustCompile(`^.+:(v\d+\.\d+\.\d+|dev)$`).MatchString(c.Image) {
		t.Errorf("%s: image %s has no version", target, c.Image)
	}
	for _, mount := range c.VolumeMounts {
		if !slices.ContainsFunc(pod.Volumes, func(v struct{ Name string }) bool { return v.Name == mount.Name }) {
			t.Errorf("%s: mounts %s, which is no volume", target, mount.Name)
		}
	}
	for _, probe := range []struct{ GRPC struct{ Port int } }{{c.StartupProbe.GRPC}, {c.ReadinessProbe.GRPC}, {c.LivenessProbe.GRPC}} {
		if p := probe.GRPC.Port; p != 0 && !hasPort(m, float64(p)) {
			t.Errorf("%s: probes port %d", target, p)
		}
	}
	// The drain must be over before the kill.
	known := environment(t, c.Args[0])
	bound := 3 * time.Second // --trace-flush
	for _, e := range c.Env {
		if !known[e.Name] {
			t.Errorf("%s: depeche %s knows no %s", target, c.Args[0], e.Name)
		}
		if e.Name == "DEPECHE_DRAIN_DELAY" || e.Name == "DEPECHE_DRAIN_TIMEOUT" {
			d, err := time.ParseDuration(e.Value)
			if err != nil {
				t.Errorf("%s: %s: %v", target, e.Name, err)
			}
			bound += d
		}
	}
	if grace := time.Duration(pod.TerminationGracePeriodSeconds) * time.Second; grace < bound+5*time.Second || grace > bound+30*time.Second {
		t.Errorf("%s: terminationGracePeriodSeconds is %v; a drain takes up to %v", target, grace, bound)
	}
}

func selected(all []manifest, selector map[string]any) *manifest {
	for i := range all {
		labels := all[i].Spec.Template.Metadata.Labels
		matches := all[i].Kind == "Deployment" && len(selector) > 0
		for k, v := range selector {
			matches = matches && labels[k] == v
		}
		if matches {
			return &all[i]
		}
	}
	return nil
}

func hasPort(m *manifest, name any) bool {
	for _, p := range m.Spec.Template.Spec.Containers[0].Ports {
		if name == p.Name || name == float64(p.ContainerPort) {
			return true
		}
	}
	return false
}

// environment returns the variables that a command of the program reads, from
// its help.
func environment(t *testing.T, command string) map[string]bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", "./cmd/depeche", command, "--help")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	help, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	known := map[string]bool{}
	for _, name := range regexp.MustCompile(`\$[A-Z_]+`).FindAllString(string(help), -1) {
		known[strings.TrimPrefix(name, "$")] = true
	}
	if len(known) < 10 {
		t.Fatalf("the help of %s names %s variables", command, strconv.Itoa(len(known)))
	}
	return known
}

// The operator's rules are those of ../observability, which has their tests.
// UPDATE_GOLDEN=1 writes them.
func TestRulesAreThoseOfObservability(t *testing.T) {
	const path, from = "components/monitoring/prometheusrule.yaml", "../observability/depeche.rules.yaml"
	source, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	var spec map[string]any
	if err := yaml.Unmarshal(source, &spec); err != nil {
		t.Fatal(err)
	}
	want, err := yaml.Marshal(map[string]any{
		"apiVersion": "monitoring.coreos.com/v1",
		"kind":       "PrometheusRule",
		"metadata":   map[string]any{"name": "depeche", "labels": map[string]any{"app.kubernetes.io/part-of": "depeche"}},
		"spec":       spec,
	})
	if err != nil {
		t.Fatal(err)
	}
	want = append([]byte("# Made of "+from+" by UPDATE_GOLDEN=1 go test.\n"), want...)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not made of %s as it stands (%v)", path, from, err)
	}
}
