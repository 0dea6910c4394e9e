package main

// The parts of an OpenAPI 3.1 document that are used here, in the order in which
// they are written.

type document struct {
	OpenAPI    string                `yaml:"openapi"`
	Info       info                  `yaml:"info"`
	Servers    []server              `yaml:"servers"`
	Security   []map[string][]string `yaml:"security"`
	Paths      map[string]path       `yaml:"paths"`
	Components components            `yaml:"components"`
}

type info struct {
	Title       string  `yaml:"title"`
	Version     string  `yaml:"version"`
	Description string  `yaml:"description"`
	License     license `yaml:"license"`
}

type license struct {
	Name       string `yaml:"name"`
	Identifier string `yaml:"identifier"`
}

type server struct {
	URL string `yaml:"url"`
}

type path struct {
	Get  *operation `yaml:"get,omitempty"`
	Post *operation `yaml:"post,omitempty"`
}

type operation struct {
	ID          string              `yaml:"operationId"`
	Summary     string              `yaml:"summary"`
	Description string              `yaml:"description"`
	Parameters  []parameter         `yaml:"parameters,omitempty"`
	RequestBody *body               `yaml:"requestBody,omitempty"`
	Responses   map[string]response `yaml:"responses"`
}

type parameter struct {
	Name        string  `yaml:"name"`
	In          string  `yaml:"in"`
	Description string  `yaml:"description"`
	Schema      *schema `yaml:"schema"`
}

type body struct {
	Required bool             `yaml:"required"`
	Content  map[string]media `yaml:"content"`
}

type response struct {
	Description string           `yaml:"description"`
	Content     map[string]media `yaml:"content"`
}

type media struct {
	Schema *schema `yaml:"schema"`
}

type components struct {
	Schemas         map[string]*schema  `yaml:"schemas"`
	SecuritySchemes map[string]security `yaml:"securitySchemes"`
}

type security struct {
	Type        string `yaml:"type"`
	Scheme      string `yaml:"scheme"`
	Description string `yaml:"description"`
}

type schema struct {
	Ref                  string             `yaml:"$ref,omitempty"`
	Type                 string             `yaml:"type,omitempty"`
	Format               string             `yaml:"format,omitempty"`
	ContentEncoding      string             `yaml:"contentEncoding,omitempty"`
	Description          string             `yaml:"description,omitempty"`
	Enum                 []string           `yaml:"enum,omitempty"`
	Pattern              string             `yaml:"pattern,omitempty"`
	Minimum              *float64           `yaml:"minimum,omitempty"`
	Maximum              *float64           `yaml:"maximum,omitempty"`
	MinItems             *uint64            `yaml:"minItems,omitempty"`
	MaxItems             *uint64            `yaml:"maxItems,omitempty"`
	Items                *schema            `yaml:"items,omitempty"`
	Properties           map[string]*schema `yaml:"properties,omitempty"`
	Required             []string           `yaml:"required,omitempty"`
	OneOf                []*schema          `yaml:"oneOf,omitempty"`
	AdditionalProperties *bool              `yaml:"additionalProperties,omitempty"`
}
