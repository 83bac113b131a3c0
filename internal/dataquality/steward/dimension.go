// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"time"

	"dangol/internal/customer"
)

// Dimension is one way in which data can be good.
type Dimension string

// The dimensions. Their definitions follow DAMA UK, "The six primary dimensions for data quality assessment"
// (2013), and the inherent characteristics of ISO/IEC 25012:2008; accuracy against the real world cannot be
// seen from inside a database and is not measured.
const (
	// Completeness is the share of values that are there (DAMA: stored data against 100 % complete). A field
	// that a source gives for fewer than one record in a hundred is not expected of it.
	Completeness Dimension = "completeness"
	// Validity is the share of given values that keep the rules of their kind (DAMA: conforms to the syntax
	// of its definition): nothing refused, doubtful or typed to get past a form.
	Validity Dimension = "validity"
	// Consistency is the share of values that agree with the golden record, of those that at least two
	// sources know (DAMA: absence of difference between representations of a thing).
	Consistency Dimension = "consistency"
	// Freshness is the mean of max(0, 1 − age/lifetime) of the values (timeliness of Ballou, Wang, Pazer and
	// Tayi 1998, Management Science 44(4), with exponent 1; "currentness" of ISO/IEC 25012).
	Freshness Dimension = "freshness"
	// Uniqueness is the share of records that are the only one of their source for a person, and of contact
	// values that belong to one person (DAMA: nothing is recorded more than once).
	Uniqueness Dimension = "uniqueness"
)

// Dimensions are all of them, in the order of screens.
var Dimensions = []Dimension{Completeness, Validity, Consistency, Freshness, Uniqueness}

// watched are the fields that are judged.
var watched = []customer.Field{
	customer.FullName, customer.Mobile, customer.Email, customer.BirthOn, customer.Sex, customer.Address, customer.PostalCode,
}

const year = 365 * 24 * time.Hour

// lifetimes say after what time a value that nobody confirmed tells nothing any more: people in Korea move
// and change numbers every few years (judged). Name, sex and birth do not age.
var lifetimes = map[customer.Field]time.Duration{
	customer.Mobile: 5 * year, customer.Email: 5 * year, customer.Address: 5 * year, customer.PostalCode: 5 * year,
}

// fresh is what is left of a value of the age, 0 to 1.
func fresh(f customer.Field, age time.Duration) float64 {
	lifetime := lifetimes[f]
	if lifetime == 0 {
		return 1
	}
	return min(max(1-float64(max(age, 0))/float64(lifetime), 0), 1)
}

// Kind is a kind of issue, and so a worklist.
type Kind string

// The kinds of issues.
const (
	Invalid      Kind = "invalid"      // no usable value, though a source gave something
	Doubtful     Kind = "doubtful"     // the value is kept but probably wrong
	Unreachable  Kind = "unreachable"  // no mobile, telephone, e-mail or address at all
	Unproven     Kind = "unproven"     // consent claimed without evidence
	Returned     Kind = "returned"     // messages or letters to it come back
	Contradicted Kind = "contradicted" // sources give different dates of birth or sexes
	Stale        Kind = "stale"        // old postal code, divided region, number no longer in service, too old
	Shared       Kind = "shared"       // the same number or address of mail for several people
	Disagreement Kind = "disagreement" // departments hold different values
)

// Kinds are all worklists, in the order of screens.
var Kinds = []Kind{Invalid, Doubtful, Returned, Contradicted, Stale, Unproven, Shared, Unreachable, Disagreement}
