// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
)

// visible returns the golden row if the person may see it, else fault.NotFound: a foreign row looks like
// one that does not exist. It follows no alias.
func (s *Service) visible(ctx context.Context, id int64) (*Customer, error) {
	c, err := s.store.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !canSee(ctx, c) {
		return nil, errNotFound(id)
	}
	return c, nil
}

func canSee(ctx context.Context, c *Customer) bool {
	owner, _ := strconv.ParseInt(c.Values.Text[OwnerID], 10, 64) // empty is nobody
	return auth.ScopeOf(ctx).Reaches(c.Values.Text[Branch], owner)
}

// Resolve follows the aliases of merged customers to the one that has the records now.
func (s *Service) Resolve(ctx context.Context, id int64) (int64, error) {
	const deepest = 100 // merges into merges; more is a circle
	for range deepest {
		c, err := s.store.Find(ctx, id)
		if err != nil {
			return 0, err
		}
		if c.AliasOf == 0 {
			return c.ID, nil
		}
		id = c.AliasOf
	}
	return 0, fmt.Errorf("aliases of customer %d form a circle", id)
}

// Find returns a customer that the person may see; the id of a merged one gives the survivor.
func (s *Service) Find(ctx context.Context, id int64) (*Customer, error) {
	resolved, err := s.Resolve(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := s.visible(ctx, resolved)
	if err != nil {
		return nil, err
	}
	if err := s.logClear(ctx, "customer.read", []int64{c.ID}); err != nil {
		return nil, err
	}
	return c, nil
}

// logClear writes into the access log whose data is about to be shown in clear.
func (s *Service) logClear(ctx context.Context, work string, ids []int64) error {
	person := auth.From(ctx)
	if person.IsSystem || len(ids) == 0 || !auth.CanSeeClear(ctx) {
		return nil
	}
	return s.journal.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: work, Purpose: person.UnmaskPurpose,
		SubjectKind: "customer", SubjectIDs: ids,
	})
}

// Masked returns the values as the person may see them.
func (s *Service) Masked(ctx context.Context, v Values) Values {
	if auth.CanSeeClear(ctx) {
		return v
	}
	masked := v.Clone()
	for f := range fields {
		if fields[f].IsPersonal && masked.Text[f] != "" {
			masked.Text[f] = maskField(Field(f), masked.Text[f])
		}
	}
	attributes := s.rules.current(ctx).attributes
	for name, value := range masked.Attributes {
		if a := attributes[name]; a != nil && a.IsPersonal && value != nil {
			masked.Attributes[name] = hidden
		}
	}
	masked.NameKey, masked.Chosung = "", ""
	return masked
}

// hidden stands for values that have no partial mask.
const hidden = "***"

func maskField(f Field, value string) string {
	switch f {
	case FullName, NameLatin:
		return dataquality.MaskName(value)
	case Mobile, Phone:
		return dataquality.MaskPhone(value)
	case Email:
		return dataquality.MaskEmail(value)
	case BirthOn:
		return dataquality.MaskBirthDate(value)
	case Address:
		return dataquality.MaskAddress(value)
	}
	return hidden
}

// FindByKey returns the customers whose records hold the key; scheme "" looks in all schemes that are
// shown as customer numbers.
func (s *Service) FindByKey(ctx context.Context, scheme, value string) ([]*Customer, error) {
	var keys []Key
	for _, k := range s.rules.current(ctx).schemes {
		if k.Kind == "declared" && (scheme == "" || k.Name == scheme) {
			keys = append(keys, Key{SchemeID: k.ID, Value: NormalKey(value)})
		}
	}
	if scheme != "" && len(keys) == 0 {
		return nil, errNoScheme(scheme)
	}
	holders, err := s.store.FindKeys(ctx, SortKeys(keys))
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var ids []int64
	for _, h := range holders {
		if !seen[h.CustomerID] {
			seen[h.CustomerID] = true
			ids = append(ids, h.CustomerID)
		}
	}
	list, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	var visible []*Customer
	for _, c := range list {
		if canSee(ctx, c) {
			visible = append(visible, c)
		}
	}
	return visible, nil
}

// isField reports whether the name is a standard field or attr.<custom attribute>.
func (s *Service) isField(ctx context.Context, name string) bool {
	if _, ok := fieldByName[name]; ok {
		return true
	}
	attribute, ok := strings.CutPrefix(name, attributePrefix)
	return ok && s.rules.current(ctx).attributes[attribute] != nil
}

// Touched tells that many customers changed, so that the row numbers of lists are sampled again.
func (s *Service) Touched(n int) { s.anchors.touch(n) }
