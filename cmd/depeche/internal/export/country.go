package export

import (
	"strconv"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryName is the English name of a country by its ISO 3166-1 alpha-3 code:
// CLDR's, and the customary one where CLDR of the library is out of date or
// writes for menus. Empty where there is none.
func countryName(alpha3 string) string {
	if name, ok := customary[alpha3]; ok {
		return name
	}
	region, err := language.ParseRegion(alpha3)
	if err != nil || !region.IsCountry() {
		return ""
	}
	return display.English.Regions().Name(region)
}

var customary = map[string]string{
	"COD": "Democratic Republic of Congo",
	"COG": "Republic of Congo",
	"CIV": "Ivory Coast",
	"MMR": "Myanmar",
	"SWZ": "eSwatini",
	"MKD": "North Macedonia",
	"PSE": "Palestine",
	"HKG": "Hong Kong",
	"MAC": "Macau",
	"BIH": "Bosnia and Herzegovina",
}

// countryNumber is the ISO 3166-1 numeric code of a country.
func countryNumber(alpha3 string) string {
	region, err := language.ParseRegion(alpha3)
	if err != nil || region.M49() == 0 {
		return ""
	}
	return strconv.Itoa(region.M49())
}
