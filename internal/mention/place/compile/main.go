// Compile writes the gazetteer that depeche embeds, from GeoNames, Natural
// Earth, iso-codes, Prolex and Dicollecte as they lie in a data directory:
//
//	go run ./internal/mention/place/compile -data ../shared/data -places internal/lang/fr/places
//
// The same data gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/depeche-events/depeche/internal/mention/place"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("compile: ")
	data := flag.String("data", "../shared/data", "directory of the source `files`")
	places := flag.String("places", "internal/lang/fr/places", "directory of countries.tsv and transliteration.tsv; gazetteer.bin is written there")
	flag.Parse()
	if err := run(*data, *places); err != nil {
		log.Fatal(err)
	}
}

func run(data, places string) error {
	src, err := gather(data, os.DirFS(places))
	if err != nil {
		return err
	}
	out, err := place.Compile(*src)
	if err != nil {
		return err
	}
	if _, err := place.OpenGazetteer(string(out)); err != nil {
		return fmt.Errorf("what was written cannot be read: %w", err)
	}
	names := 0
	for _, p := range src.Places {
		names += len(p.Names)
	}
	log.Printf("%d places, %d names, %d KB", len(src.Places), names, len(out)>>10)
	return os.WriteFile(filepath.Join(places, "gazetteer.bin"), out, 0o644)
}
