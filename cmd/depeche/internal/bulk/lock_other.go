//go:build !unix

package bulk

import "os"

// lock does nothing where files have no advisory locks: docs/bulk.md says so.
func lock(*os.File) error { return nil }
