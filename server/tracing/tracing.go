// Package tracing sends the spans of a server to an OpenTelemetry collector.
// The server itself knows only OpenTelemetry's interface; who embeds it may bring
// another provider.
//
// A collector that is slow or gone costs spans and nothing else: they wait in a
// queue of bounded length, and are dropped when it is full.
package tracing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
)

// Config says where spans go, and how many. The tags are for kong. What it does
// not name is read from OpenTelemetry's own environment variables: headers,
// certificates, compression and time of OTEL_EXPORTER_OTLP_*, the queue of
// OTEL_BSP_*, OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
type Config struct {
	// Endpoint is the collector's URL: http://host:port, or https for TLS. Empty:
	// nothing is traced.
	Endpoint string `help:"Collector of traces by OTLP over gRPC: http://HOST:4317, or https for TLS; off when empty." env:"DEPECHE_TRACE_ENDPOINT,OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT" default:"" placeholder:"URL"`
	// Ratio is the share of the traces that are kept, from 0 to 1, where the
	// caller has not decided. nil: as OTEL_TRACES_SAMPLER says, else
	// defaultRatio.
	Ratio *float64 `help:"Share of the calls, and of the articles of streams, that are traced where the caller has not decided; 0.01 unless OTEL_TRACES_SAMPLER is set." env:"DEPECHE_TRACE_RATIO" placeholder:"0..1"`
	// Flush bounds how long the last spans may take to be sent when the server
	// has drained.
	Flush time.Duration `help:"Time for the last traces to be sent when service has ended." env:"DEPECHE_TRACE_FLUSH" default:"3s"`
}

// SetDefaults sets every field that has a default, whatever it held.
func (c *Config) SetDefaults() { *c = Config{Flush: 3 * time.Second} }

// defaultRatio is a share that a busy server can bear: an article has some dozen
// spans.
const defaultRatio = 0.01

// ServiceName is the resource's service.name, unless OTEL_SERVICE_NAME names
// another.
const ServiceName = "depeche"

// Validate reports every fault at once.
func (c *Config) Validate() error {
	var faults []error
	if c.Endpoint != "" {
		if u, err := url.Parse(c.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			faults = append(faults, fmt.Errorf("trace-endpoint is %q: want http://host:port or https://host:port", c.Endpoint))
		}
		const grpc = "grpc"
		if protocol := cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL"), grpc); protocol != grpc {
			faults = append(faults, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q: traces are sent by grpc", protocol))
		}
	}
	if c.Ratio != nil && !(*c.Ratio >= 0 && *c.Ratio <= 1) { // NaN is out too
		faults = append(faults, fmt.Errorf("trace-ratio is %v: want 0 to 1", *c.Ratio))
	}
	if c.Flush < 0 {
		faults = append(faults, fmt.Errorf("trace-flush is %v: want at least 0s", c.Flush))
	}
	return errors.Join(faults...)
}

// off reports whether nothing is to be traced.
func (c *Config) off() bool {
	return c.Endpoint == "" || strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true")
}

// sampler is nil where the environment decides.
func (c *Config) sampler() sdktrace.Sampler {
	ratio := defaultRatio
	if c.Ratio != nil {
		ratio = *c.Ratio
	} else if os.Getenv("OTEL_TRACES_SAMPLER") != "" {
		return nil
	}
	return sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio))
}

// Provider makes spans and sends them. It is a trace.TracerProvider.
type Provider struct {
	*sdktrace.TracerProvider
	exporter *exporter
	flush    time.Duration
	logger   *zap.Logger
}

// New starts a provider; nil where nothing is to be traced. It does not wait for
// the collector, and logs when that cannot be reached. version is the resource's
// service.version.
func New(ctx context.Context, c Config, version string, logger *zap.Logger) (*Provider, error) {
	if err := c.Validate(); err != nil || c.off() {
		return nil, err
	}
	// What the environment says stands last, and so above the rest.
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithHost(),
		resource.WithProcessPID(),
		resource.WithAttributes(attribute.String("service.name", ServiceName), attribute.String("service.version", version)),
		resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("trace resource: %w", err)
	}
	otlp, err := otlptrace.New(ctx, otlptracegrpc.NewClient(otlptracegrpc.WithEndpointURL(c.Endpoint)))
	if err != nil {
		return nil, fmt.Errorf("trace-endpoint %s: %w", c.Endpoint, err)
	}
	sending := newExporter(otlp, logger.With(zap.String("endpoint", c.Endpoint)))
	options := []sdktrace.TracerProviderOption{sdktrace.WithResource(about), sdktrace.WithBatcher(sending)}
	if sampler := c.sampler(); sampler != nil {
		options = append(options, sdktrace.WithSampler(sampler))
	}
	return &Provider{
		TracerProvider: sdktrace.NewTracerProvider(options...),
		exporter:       sending,
		flush:          c.Flush,
		logger:         logger,
	}, nil
}

// Close sends the last spans, as many as can be sent within Config.Flush; the
// others are given up.
func (p *Provider) Close() {
	bound, cancel := context.WithTimeout(context.Background(), p.flush)
	defer cancel()
	defer context.AfterFunc(bound, p.exporter.giveUp)()
	defer p.exporter.giveUp()
	if err := p.Shutdown(context.WithoutCancel(bound)); err != nil {
		p.logger.Warn("traces did not end well", zap.Error(err))
	}
}
