// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
)

// evidenceFields are the fields of a record that say who somebody is, in the order of the engine's columns.
// Province and district are left out: they repeat the address.
var evidenceFields = []customer.Field{
	customer.FullName, customer.NameLatin, customer.Mobile, customer.Phone, customer.Email, customer.BirthOn, customer.Sex,
	customer.PostalCode, customer.Address, customer.AddressDetail, customer.Company, customer.BRN, customer.CRN,
}

var evidenceColumns = func() []string {
	names := make([]string, len(evidenceFields))
	for i, f := range evidenceFields {
		names[i] = f.String()
	}
	return names
}()

// evidenceOf appends what a record says about who somebody is; values with a warning are no evidence.
func evidenceOf(dst []string, v *customer.Values) []string {
	for _, f := range evidenceFields {
		if v.IsDoubtful(f) {
			dst = append(dst, "")
			continue
		}
		dst = append(dst, v.Text[f])
	}
	return dst
}

func isBlank(values []string) bool {
	for _, value := range values {
		if value != "" {
			return false
		}
	}
	return true
}

// traits are what forbids that two customers are one.
type traits struct {
	kind, birth, sex string
	keys             []customer.Key // of one-per-person schemes
}

// base is the customer base while a run looks at it: one row a record.
type base struct {
	builder   *linkage.Builder
	records   []int64
	owners    []uint32 // index of the customer of each row
	customers []int64
	index     map[int64]uint32
	traits    []traits
	parted    map[[2]int64]bool
}

const (
	// readPage is how many records are read at once.
	readPage = 5000
)

// read loads the live records of the whole base, page by page.
func (s *Service) read(ctx context.Context, progress func(done, total int64)) (*base, error) {
	reader := s.customers.Store()
	total, err := reader.CountLive(ctx)
	if err != nil {
		return nil, err
	}
	schemes, err := reader.ListSchemes(ctx)
	if err != nil {
		return nil, err
	}
	unique := map[int64]bool{}
	for _, scheme := range schemes {
		unique[scheme.ID] = scheme.OnePerPerson
	}
	b := &base{builder: linkage.NewBuilder(evidenceColumns), index: map[int64]uint32{}}
	if b.parted, err = reader.AllPartings(ctx); err != nil {
		return nil, err
	}
	after, done := int64(0), int64(0)
	values := make([]string, 0, len(evidenceFields))
	for {
		page, err := reader.LiveAfter(ctx, after, readPage)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			after = r.ID
			values = evidenceOf(values[:0], &r.Values)
			b.add(r, values, unique)
		}
		if done += int64(len(page)); len(page) < readPage {
			break
		}
		progress(done, total)
	}
	if len(b.records) < 2 {
		return nil, errTooFew()
	}
	return b, nil
}

func (b *base) add(r *customer.Record, values []string, unique map[int64]bool) {
	at, known := b.index[r.CustomerID]
	if !known {
		at = uint32(len(b.customers))
		b.index[r.CustomerID] = at
		b.customers, b.traits = append(b.customers, r.CustomerID), append(b.traits, traits{})
	}
	t := &b.traits[at]
	for _, key := range r.Keys {
		if unique[key.SchemeID] {
			t.keys = append(t.keys, key)
		}
	}
	if kind := r.Values.Text[customer.KindField]; kind != "" {
		t.kind = kind
	}
	if birth := r.Values.Text[customer.BirthOn]; birth != "" && !r.Values.IsDoubtful(customer.BirthOn) {
		t.birth = birth
	}
	if sex := r.Values.Text[customer.Sex]; sex != "" {
		t.sex = sex
	}
	if isBlank(values) {
		return
	}
	b.builder.Add(values)
	b.records, b.owners = append(b.records, r.ID), append(b.owners, at)
}

// The reasons why two customers cannot be one.
const (
	conflictParted = "parted"
	conflictKey    = "key"
	conflictKind   = "kind"
	conflictPerson = "person"
)

// conflict tells why two customers cannot be one, "" when nothing forbids it.
func (b *base) conflict(x, y uint32) string {
	low, high := b.customers[x], b.customers[y]
	if low > high {
		low, high = high, low
	}
	if b.parted[[2]int64{low, high}] {
		return conflictParted
	}
	return clash(&b.traits[x], &b.traits[y])
}

func clash(x, y *traits) string {
	if kindOf(x.kind) != kindOf(y.kind) {
		return conflictKind
	}
	if x.birth != "" && y.birth != "" && x.birth != y.birth && x.sex != "" && y.sex != "" && x.sex != y.sex {
		return conflictPerson
	}
	for _, a := range x.keys {
		isShared, differs := false, false
		for _, c := range y.keys {
			if a.SchemeID == c.SchemeID {
				isShared, differs = isShared || a.Value == c.Value, true
			}
		}
		if differs && !isShared {
			return conflictKey
		}
	}
	return ""
}

func kindOf(kind string) string {
	if kind == "" {
		return customer.Kinds[0]
	}
	return kind
}

// pairOf orders two customers by id.
func (b *base) pairOf(x, y uint32) (low, high int64) {
	low, high = b.customers[x], b.customers[y]
	return min(low, high), max(low, high)
}

// String tells the size, for logs.
func (b *base) String() string {
	return fmt.Sprintf("%d records of %d customers", len(b.records), len(b.customers))
}
