// SPDX-License-Identifier: Apache-2.0

package recognise_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dangol/internal/dataquality"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/fault"
)

// shared finds the folder of published data sets: DANGOL_SHARED, or shared/data beside the repository.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	roots := []string{os.Getenv("DANGOL_SHARED")}
	if dir, err := os.Getwd(); err == nil {
		for range 8 {
			roots = append(roots, filepath.Join(dir, "..", "shared", "data"), filepath.Join(dir, "shared", "data"))
			dir = filepath.Dir(dir)
		}
	}
	for _, root := range roots {
		path := filepath.Join(append([]string{root}, parts...)...)
		if _, err := os.Stat(path); root != "" && err == nil {
			return path
		}
	}
	t.Skipf("%s is not there", filepath.Join(parts...))
	return ""
}

// sums reads the file by its proposed mapping, as an import does, and adds up its numbers.
type sums struct {
	mapping  recognise.Mapping
	rows     int
	keys     map[string]bool
	amount   map[string]int64 // minor units by field
	quantity int64
	findings int
}

func load(t *testing.T, parts ...string) sums {
	t.Helper()
	f, err := reader.Open(shared(t, parts...), reader.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	s := sums{
		mapping: recognise.Propose(recognise.Input{Source: "shop", Headers: f.Shape().Headers(), Rows: f.Shape().Sample}),
		keys:    map[string]bool{}, amount: map[string]int64{},
	}
	for {
		row, _, err := f.Next()
		if errors.Is(err, io.EOF) {
			return s
		}
		if err != nil {
			t.Fatal(err)
		}
		s.rows++
		for _, c := range s.mapping.Columns {
			s.add(t, &c, row[c.Index])
		}
	}
}

func (s *sums) add(t *testing.T, c *recognise.Column, cell string) {
	t.Helper()
	switch c.Field {
	case recognise.FieldKey:
		key, _ := dataquality.Key(cell)
		s.keys[c.Scheme+" "+key] = true
	case recognise.FieldAmount, recognise.FieldDiscount, recognise.FieldCouponDiscount:
		amount, findings := dataquality.Money(cell, c.Currency)
		s.amount[c.Field] += amount.Minor
		s.findings += len(findings)
	case recognise.FieldQuantity:
		quantity, _, _ := dataquality.Quantity(cell)
		s.quantity += quantity
	case recognise.FieldOrderedAt, recognise.FieldRedeemedOn:
		if _, _, findings := dataquality.DateTime(cell, c.Format, nil); len(findings) > 0 {
			t.Fatalf("%s %q: %v", c.Header, cell, findings)
		}
	}
}

func TestCompleteJourneyTotals(t *testing.T) {
	t.Parallel()
	s := load(t, "completejourney", "transactions_sample.csv.gz")
	// FIGURES.md has sales of 233,935.20: seven digits as R prints them. The exact sum of the file is 233,935.24,
	// one value of 4.4e-16 left out.
	if s.rows != 75_000 || len(s.keys) != 2377 || s.amount[recognise.FieldAmount] != 23393524 || s.findings != 1 || s.amount[recognise.FieldDiscount] != 4018091 ||
		s.amount[recognise.FieldCouponDiscount] != 135671 || s.quantity != 7_784_694_000 {
		t.Errorf("%d rows, %d households, %v, %d", s.rows, len(s.keys), s.amount, s.quantity)
	}
}

func TestCdnowTotals(t *testing.T) {
	t.Parallel()
	s := load(t, "cdnow", "cdnow_sample.csv")
	if s.rows != 6919 || len(s.keys) != 2*2357 || s.amount[recognise.FieldAmount] != 24409194 {
		t.Errorf("sample: %d rows, %d keys, %v", s.rows, len(s.keys), s.amount)
	}
	s = load(t, "cdnow", "cdnow_master.csv.gz")
	if s.rows != 69659 || len(s.keys) != 23570 || s.amount[recognise.FieldAmount]/100 != 2500315 {
		t.Errorf("master: %d rows, %d keys, %v", s.rows, len(s.keys), s.amount)
	}
}

// The files of the two folders are recognised with no code of their own.
func TestSharedFilesAreRecognised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		folder, file string
		kind         recognise.Kind
		rows         int
		fields       []string
	}{
		{"completejourney", "demographics.csv", recognise.Customers, 801, []string{recognise.FieldKey, recognise.FieldAttribute}},
		{"completejourney", "campaigns.csv", recognise.Campaigns, 6589, []string{recognise.FieldKey, recognise.FieldCampaignKey}},
		{"completejourney", "campaign_descriptions.csv", recognise.Campaigns, 27, []string{recognise.FieldCampaignKey, recognise.FieldCampaignType, recognise.FieldStartOn, recognise.FieldEndOn}},
		{"completejourney", "coupons.csv.gz", recognise.Coupons, 116204, []string{recognise.FieldCouponKey, recognise.FieldProductKey, recognise.FieldCampaignKey}},
		{"completejourney", "coupon_redemptions.csv", recognise.Coupons, 2102, []string{recognise.FieldKey, recognise.FieldCouponKey, recognise.FieldRedeemedOn}},
		{"completejourney", "products.csv.gz", recognise.Products, 92331, []string{recognise.FieldProductKey, recognise.FieldDepartment, recognise.FieldBrand, recognise.FieldCategory}},
		{"completejourney", "promotions_sample.csv.gz", recognise.Products, 360535, []string{recognise.FieldProductKey}},
		{"cdnow", "cdnow_summary.csv", recognise.Customers, 2357, []string{recognise.FieldKey}},
		{"cdnow", "cdnow_summary_with_monetary.csv", recognise.Customers, 2357, []string{recognise.FieldKey}},
		{"cdnow", "clvtools_predictions.csv", recognise.Customers, 2357, []string{recognise.FieldKey}},
	} {
		s := load(t, c.folder, c.file)
		if s.mapping.Kind != c.kind || s.rows != c.rows || s.mapping.Validate() != nil {
			t.Errorf("%s: %s, %d rows, %v", c.file, s.mapping.Kind, s.rows, s.mapping.Validate())
		}
		for _, field := range c.fields {
			if !s.mapping.Has(field) {
				t.Errorf("%s: no column fills %s", c.file, field)
			}
		}
	}
	s := load(t, "cdnow", "donations_bgbb.csv") // counts of donors: nothing in it names one
	if err := s.mapping.Validate(); fault.CodeOf(err) != "mapping.no_key" {
		t.Errorf("donations: %v", err)
	}
}
