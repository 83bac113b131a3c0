// SPDX-License-Identifier: Apache-2.0

package household

import "math"

// Human is what the search needs to know of a customer.
type Human struct {
	ID     int64
	Name   string // search key without spaces
	Family string // family name; "" when it could not be told apart
	Mobile uint64 // hash, 0 for none
	Phone  uint64 // hash of a landline, 0 for none
	Firm   uint64 // hash of the company, 0 for none
	Birth  int    // days since 1970, unknownBirth for none
	Sex    byte   // 'm', 'f' or 0
	Place  Place
}

// unknownBirth marks a missing date of birth.
const unknownBirth = math.MinInt32

// Reason is one piece of evidence; screens have a text for each.
type Reason string

// The reasons, for and against.
const (
	SameUnit       Reason = "same_unit"       // the same flat or room
	SameBuilding   Reason = "same_building"   // the same building, flat not given
	SameFamilyName Reason = "same_family"     // the same family name
	OtherFamily    Reason = "other_family"    // different family names
	SharedMobile   Reason = "shared_mobile"   // one mobile number for both
	SharedPhone    Reason = "shared_phone"    // one landline for both
	StatedRelation Reason = "stated_relation" // a person entered that they are family
	FamilyAges     Reason = "family_ages"     // ages of partners, or of parent and child
	SameFirm       Reason = "same_firm"       // the same company: probably an office
	Crowded        Reason = "crowded"         // many people at the place
	SamePerson     Reason = "same_person"     // may be one person twice: a case for a merge
)

// Evidence is what was found about two people.
type Evidence struct {
	WithID      int64    `json:"with_id"`
	Probability float64  `json:"probability"`
	Reasons     []Reason `json:"reasons"`
}

// The weights, in bits. m is how often the fact is seen between people who live together, u between two
// people of the base by chance; the weight is log2(m/u) (Fellegi and Sunter 1969, formula 10). u of the
// family name is counted in the base at hand, because Kim is a fifth of Korea and not of every customer
// base. The other numbers are judged; on the households of the demo company, whose truth is known, they were held
// against what is true (docs/benchmarks.md).
const (
	// Two customers at one flat: most live together, some are tenants one after the other.
	priorUnit = 0.80
	// Two customers of one building whose flats are unknown: mostly neighbours.
	priorBuilding = 0.12
	// Two customers of one firm, or with the number of a firm, at the address that goes with it: mostly colleagues;
	// only who lives where they work is a household.
	priorOffice = 0.08
	// Partners keep their names in Korea and children take one of them: of the pairs of a couple none shares a name,
	// with one child one of three, with two three of six; of a parent and a child half or all do.
	familyM     = 0.45
	mobileBits  = 7.0
	phoneBits   = 5.0
	relationBit = 8.0
	agesBits    = 0.8
	oddAgesBits = -0.4
	// crowdBits is taken off for each person beyond crowdFrom at the place.
	crowdBits = 1.0
	crowdFrom = 4
	// linkFrom is the probability from which on two people are taken to live together.
	linkFrom = 0.5
)

// Ages of partners and of parents, in years; P-DM and census tables give no sharper limits.
const (
	partnerGap = 12
	parentFrom = 18
	parentTo   = 50
	adultFrom  = 19 // Civil Act, article 4
)

// rates are what the base at hand tells.
type rates struct {
	familyU    float64         // chance that two people share a family name
	firmPhones map[uint64]bool // landlines that somebody with a company gave
}

// isOffice reports that the two are at work at their place: a company in common, or the landline of one.
func (r rates) isOffice(a, b *Human) bool {
	return a.Firm != 0 && a.Firm == b.Firm || a.Phone != 0 && a.Phone == b.Phone && r.firmPhones[a.Phone]
}

// ratesOf counts family names: Σ share² is the chance that two random people share one.
func ratesOf(people []Human) rates {
	counts, known := map[string]int{}, 0
	firmPhones := map[uint64]bool{}
	for i := range people {
		if people[i].Firm != 0 && people[i].Phone != 0 {
			firmPhones[people[i].Phone] = true
		}
		if f := people[i].Family; f != "" {
			counts[f]++
			known++
		}
	}
	if known < 100 { // too few to count; the share in Korea by the census of 2015 is about 0.10
		return rates{familyU: 0.10, firmPhones: firmPhones}
	}
	squares := 0 // whole numbers, so that the order of the map does not matter
	for _, n := range counts {
		squares += n * n
	}
	u := float64(squares) / float64(known) / float64(known)
	return rates{familyU: min(max(u, 0.001), 0.6), firmPhones: firmPhones}
}

func bits(m, u float64) float64 { return math.Log2(m / u) }

func probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }

// weigh judges two people of one place that holds so many people.
func (r rates) weigh(a, b *Human, isUnit, isStated bool, crowd int) Evidence {
	e := Evidence{WithID: b.ID}
	weight := bits(priorBuilding, 1-priorBuilding)
	first := SameBuilding
	isOffice := r.isOffice(a, b)
	if isUnit {
		weight, first = bits(priorUnit, 1-priorUnit), SameUnit
	}
	if isOffice {
		weight = bits(priorOffice, 1-priorOffice)
	}
	add := func(reason Reason, w float64) {
		e.Reasons = append(e.Reasons, reason)
		weight += w
	}
	add(first, 0)
	if a.Family != "" && b.Family != "" {
		if a.Family == b.Family {
			add(SameFamilyName, bits(familyM, r.familyU))
		} else {
			add(OtherFamily, bits(1-familyM, 1-r.familyU))
		}
	}
	if a.Mobile != 0 && a.Mobile == b.Mobile {
		add(SharedMobile, mobileBits)
	}
	if a.Phone != 0 && a.Phone == b.Phone && !isOffice {
		add(SharedPhone, phoneBits)
	}
	if isStated {
		add(StatedRelation, relationBit)
	}
	switch kin := kinOf(a, b); {
	case kin != "":
		add(FamilyAges, agesBits)
	case a.Birth != unknownBirth && b.Birth != unknownBirth:
		weight += oddAgesBits
	}
	if isOffice {
		add(SameFirm, 0)
	}
	if crowd > crowdFrom {
		add(Crowded, -crowdBits*float64(crowd-crowdFrom))
	}
	e.Probability = probability(weight)
	return e
}

const yearDays = 365.2425

// kinOf guesses from ages, sexes and names what b is to a: spouse, parent, child or sibling; "" for none.
func kinOf(a, b *Human) string {
	if a.Birth == unknownBirth || b.Birth == unknownBirth {
		return ""
	}
	gap := float64(a.Birth-b.Birth) / yearDays // positive: b is older
	same := a.Family != "" && a.Family == b.Family
	switch {
	case gap >= parentFrom && gap <= parentTo:
		return "parent"
	case -gap >= parentFrom && -gap <= parentTo:
		return "child"
	case math.Abs(gap) <= partnerGap && !same && a.Sex != 0 && b.Sex != 0 && a.Sex != b.Sex:
		return "spouse"
	case math.Abs(gap) < parentFrom && same:
		return "sibling"
	}
	return ""
}
