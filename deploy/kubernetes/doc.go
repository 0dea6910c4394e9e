// Package kubernetes holds the Kubernetes manifests to their schemas and to the
// program that they run. It is a module of its own, so that nobody else builds
// kustomize.
package kubernetes
