// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"crypto/sha256"
	"fmt"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Identity tells records of one source apart: by source key, else by content.
func Identity(r *Record) string { return identity(r) }

// FindHolders gives those records an id whose declared key a live record holds already, of whatever
// source, and returns the others. It is for rows that only mention a customer, such as orders.
func (s *Service) FindHolders(ctx context.Context, records []*Record) ([]*Record, error) {
	var keys []Key
	for _, r := range records {
		keys = append(keys, declaredKeys(r.Keys)...)
	}
	holders, err := s.store.FindKeys(ctx, SortKeys(keys))
	if err != nil {
		return nil, err
	}
	byKey := make(map[Key]KeyHolder, len(holders))
	for _, h := range holders {
		// The lowest id is the oldest record: the same one every time the file is loaded.
		if known, ok := byKey[h.Key]; !ok || h.RecordID < known.RecordID {
			byKey[h.Key] = h
		}
	}
	var missing []*Record
	for _, r := range records {
		found := false
		for _, key := range r.Keys {
			if h, ok := byKey[key]; ok {
				r.ID, r.CustomerID, found = h.RecordID, h.CustomerID, true
				break
			}
		}
		if !found {
			missing = append(missing, r)
		}
	}
	return missing, nil
}

// OwnersOf returns the customers that the records belong to now.
func (s *Service) OwnersOf(ctx context.Context, recordIDs []int64) (map[int64]int64, error) {
	return s.store.OwnersOf(ctx, recordIDs)
}

// EnsureRecord returns the record that holds the key; when nobody holds it, a customer is made of whom
// nothing but the key is known. It joins the transaction of ctx.
func (s *Service) EnsureRecord(ctx context.Context, source, scheme, key string) (int64, error) {
	var id int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		from, err := s.EnsureSource(ctx, source)
		if err != nil {
			return err
		}
		kind, err := s.EnsureScheme(ctx, scheme, "")
		if err != nil {
			return err
		}
		value := NormalKey(key)
		if value == "" {
			return fault.New(fault.Invalid, "customer.bad_key", "{key} is no usable key.", "key", shorten(key))
		}
		record := &Record{SourceID: from.ID, SourceKey: value, Kind: RecordStub, Keys: []Key{{kind.ID, value}}}
		sum := sha256.Sum256(append([]byte("stub\x00"), value...))
		copy(record.Hash[:], sum[:])
		missing, err := s.FindHolders(ctx, []*Record{record})
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			if _, err := s.Ingest(ctx, &Slice{SourceID: from.ID, SchemeID: kind.ID, Records: missing}); err != nil {
				return err
			}
			if err := s.journal.Append(ctx, journal.Entry{
				Capability: "customer", Kind: "customer.created", SubjectKind: "customer",
				SubjectIDs: []int64{record.CustomerID}, RecordID: record.ID,
			}); err != nil {
				return fmt.Errorf("journal new customer: %w", err)
			}
			s.anchors.touch(1)
		}
		id = record.ID
		return nil
	})
	return id, err
}
