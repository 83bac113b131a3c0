// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"

	"dangol/internal/dataquality"
)

// SuggestedRelation is a relation that the data speaks for and nobody has decided about.
type SuggestedRelation struct {
	OtherID   int64    `json:"other_id"`
	OtherName string   `json:"other_name"`
	Kind      string   `json:"kind" enum:"employer,employee"`
	Reasons   []string `json:"reasons" doc:"company, brn, email, phone or address: what both have in common"`
}

const (
	// mostSuggested is how many relations are suggested at once.
	mostSuggested = 20
	// searchedFirms is how many customers with such a name are looked at.
	searchedFirms = 50
)

// SuggestRelations finds the company that a person names as the place of work among the customers, or for a
// company the people who name it. Family is suggested by households, which weigh much more evidence.
func (s *Service) SuggestRelations(ctx context.Context, id int64) ([]SuggestedRelation, error) {
	c, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	name := firmOf(c)
	if key := dataquality.CompanyKey(name); key == "" || c.Hidden {
		return nil, nil
	}
	found, err := s.search(ctx, ParseQuery(dataquality.CompanyKey(name)))
	if err != nil {
		return nil, err
	}
	hits, err := s.hydrate(ctx, found[:min(searchedFirms, len(found))])
	if err != nil {
		return nil, err
	}
	var list []SuggestedRelation
	for _, hit := range hits {
		reasons := sharedFirm(c, hit.Customer)
		if hit.Customer.ID == c.ID || len(reasons) == 0 {
			continue
		}
		known, err := s.RelationsAmong(ctx, []int64{c.ID, hit.Customer.ID})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(known, func(r Relation) bool { return r.Kind == "employer" || r.Kind == "employee" }) {
			continue // related, or declined
		}
		suggested := SuggestedRelation{OtherID: hit.Customer.ID, Kind: "employer", Reasons: reasons}
		if isFirm(c) {
			suggested.Kind = "employee"
		}
		masked := s.Masked(ctx, hit.Customer.Values)
		suggested.OtherName = masked.Text[FullName]
		if list = append(list, suggested); len(list) == mostSuggested {
			break
		}
	}
	return list, nil
}

func isFirm(c *Customer) bool {
	kind := c.Values.Text[KindField]
	return kind == "company" || kind == "dealer" || kind == "partner"
}

// firmOf is the name of the company itself, or of the one that a person works for.
func firmOf(c *Customer) string {
	if isFirm(c) && c.Values.Text[FullName] != "" {
		return c.Values.Text[FullName]
	}
	return c.Values.Text[Company]
}

// sharedFirm tells what a person and a company have in common; nothing when the names or the registration
// numbers differ: companies of one name are many, and a number is given once.
func sharedFirm(a, b *Customer) []string {
	if isFirm(a) == isFirm(b) || dataquality.CompanyKey(firmOf(a)) != dataquality.CompanyKey(firmOf(b)) {
		return nil
	}
	x, y := &a.Values.Text, &b.Values.Text
	if x[BRN] != "" && y[BRN] != "" && x[BRN] != y[BRN] {
		return nil
	}
	reasons := []string{"company"}
	for _, f := range []Field{BRN, Phone, Address} {
		if x[f] != "" && x[f] == y[f] {
			reasons = append(reasons, f.String())
		}
	}
	if domain := dataquality.CompanyDomain(x[Email]); domain != "" && domain == dataquality.CompanyDomain(y[Email]) {
		reasons = append(reasons, Email.String())
	}
	return reasons
}
