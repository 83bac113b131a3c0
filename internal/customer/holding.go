// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Holding is a live record that holds a key.
type Holding struct {
	Scheme     KeyScheme
	Value      string // as the person may see it
	RecordID   int64
	CustomerID int64
	HomeID     int64 // customer it belonged to before a merge
	Source     string
	ReceivedAt time.Time
}

// FindHolding returns the records that hold the key, in one scheme or in all declared ones; row scope is the
// caller's matter.
func (s *Service) FindHolding(ctx context.Context, scheme, value string) ([]Holding, error) {
	rules := s.rules.current(ctx)
	var keys []Key
	for _, k := range rules.schemes {
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
	list := make([]Holding, 0, len(holders))
	for _, h := range holders {
		r, err := s.store.FindRecord(ctx, h.RecordID)
		if err != nil {
			return nil, err
		}
		one := Holding{
			Scheme: *rules.schemes[h.Key.SchemeID], Value: maskedKey(ctx, h.Key.Value), RecordID: r.ID, CustomerID: h.CustomerID,
			HomeID: r.HomeID, ReceivedAt: r.ReceivedAt,
		}
		if source := rules.sources[r.SourceID]; source != nil {
			one.Source = source.Label
		}
		list = append(list, one)
	}
	return list, nil
}

// KeysShown returns the customer numbers of customers, as the person may see them.
func (s *Service) KeysShown(ctx context.Context, ids []int64) (map[int64][]ShownKey, error) {
	records, err := s.store.RecordsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	rules := s.rules.current(ctx)
	shown := map[int64][]ShownKey{}
	for id, list := range records {
		for _, r := range list {
			shown[id] = append(shown[id], shownKeys(ctx, rules, r)...)
		}
		slices.SortFunc(shown[id], func(a, b ShownKey) int { return strings.Compare(a.Scheme+"\x00"+a.Value, b.Scheme+"\x00"+b.Value) })
		shown[id] = slices.CompactFunc(shown[id], func(a, b ShownKey) bool { return a.Scheme == b.Scheme && a.Value == b.Value })
	}
	return shown, nil
}

// MaskKey returns a key as the person may see it.
func MaskKey(ctx context.Context, key string) string { return maskedKey(ctx, key) }

// Harmless keeps a spreadsheet from running a cell as a formula.
func Harmless(cell string) string { return harmless(cell) }
