// Package ontology knows the event types and what published codebooks call
// them.
package ontology
