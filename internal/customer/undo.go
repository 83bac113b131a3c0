// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Undo says what UndoSlice is to take back.
type Undo struct {
	BatchID  int64
	EntryID  int64 // bulk journal entry of the undo
	PersonID int64
	// WasUndone reports whether an older batch has been undone, so that its records do not come back.
	WasUndone func(batchID int64) bool
	// InUse returns those of the records that facts of other batches are attached to; nil means none.
	InUse func(ctx context.Context, recordIDs []int64, batchID int64) ([]int64, error)
}

// UndoMerges parts the customers that records of the batch had shown to be one, newest merge first. It
// runs before UndoSlice, in the caller's transaction.
func (s *Service) UndoMerges(ctx context.Context, batchID int64) error {
	for cursor := int64(0); ; {
		entries, err := s.journal.List(ctx, journal.Filter{Capability: "customer", Kind: "customer.merged", Batch: batchID, Cursor: cursor, Limit: 500})
		if err != nil {
			return fmt.Errorf("find merges of batch %d: %w", batchID, err)
		}
		for i := range entries {
			if err := s.undoMerge(ctx, &entries[i]); err != nil {
				return err
			}
			cursor = entries[i].ID
		}
		if len(entries) < 500 {
			return nil
		}
	}
}

func (s *Service) undoMerge(ctx context.Context, entry *journal.Entry) error {
	var pair struct {
		SurvivorID int64 `json:"survivor_id"`
		OtherID    int64 `json:"other_id"`
	}
	if err := json.Unmarshal(entry.After, &pair); err != nil || pair.OtherID == 0 {
		return nil // erased since; there is nothing left to part
	}
	other, err := s.store.Find(ctx, pair.OtherID)
	if fault.Is(err, fault.NotFound) || err == nil && other.AliasOf != pair.SurvivorID {
		return nil // a person has parted or merged them otherwise meanwhile
	}
	if err != nil {
		return err
	}
	survivor, err := s.Resolve(ctx, pair.SurvivorID)
	if err != nil || survivor != pair.SurvivorID {
		return err
	}
	return s.revive(ctx, survivor, other.ID, "batch undone")
}

// revive gives an alias back everything that came with it.
func (s *Service) revive(ctx context.Context, survivorID, aliasID int64, reason string) error {
	links, err := s.store.linksOf(ctx, survivorID)
	if err != nil {
		return err
	}
	tree, err := s.store.aliasTree(ctx, survivorID)
	if err != nil {
		return err
	}
	var moving []link
	moved := map[int64]bool{}
	for _, l := range links {
		for at := l.homeID; at != 0 && at != survivorID; at = tree[at] {
			if at == aliasID {
				moving = append(moving, l)
				moved[l.recordID] = true
				break
			}
		}
	}
	if err := s.store.moveSome(ctx, moving, aliasID); err != nil {
		return err
	}
	target := parting{id: aliasID}
	changes, err := s.recompute(ctx, []int64{survivorID, aliasID}, func(c *Customer) {
		switch c.ID {
		case survivorID:
			c.Pins = withoutPins(c.Pins, moved)
		case aliasID:
			c.AliasOf = 0
			c.Pins = target.pinsFor(c.Pins, moved)
		}
	})
	if err != nil {
		return err
	}
	if err := s.follow(ctx, survivorID, aliasID); err != nil {
		return err
	}
	return s.logMerge(ctx, "customer.unmerged", survivorID, aliasID, reason, 0, slices.Sorted(maps.Keys(moved)), changes)
}

// UndoSlice withdraws up to limit records of the batch, brings back the versions they had replaced, and
// computes the customers anew. It returns how many it withdrew; the caller repeats until that is 0.
func (s *Service) UndoSlice(ctx context.Context, u Undo, limit int) (int, error) {
	records, err := s.store.liveOfBatch(ctx, u.BatchID, limit)
	if err != nil || len(records) == 0 {
		return 0, err
	}
	ids := make([]int64, len(records))
	keys := map[int64][]Key{}
	customers := make([]int64, len(records))
	for i, r := range records {
		ids[i], customers[i] = r.ID, r.CustomerID
		keys[r.ID] = r.Keys
	}
	if err := s.store.Withdraw(ctx, ids, keys); err != nil {
		return 0, err
	}
	back, err := s.bringBack(ctx, u, records)
	if err != nil {
		return 0, err
	}
	if err := s.keepStubs(ctx, u, records, back); err != nil {
		return 0, err
	}
	changes, err := s.recompute(ctx, customers, func(c *Customer) { followPins(c, back) })
	if err != nil {
		return 0, err
	}
	logged := make([]journal.Change, len(changes))
	for i := range changes {
		kind := "customer.updated"
		if changes[i].Customer.Hidden {
			kind = "customer.withdrawn"
		}
		logged[i] = changes[i].journal(kind)
	}
	return len(records), s.journal.AppendChunks(ctx, u.EntryID, logged)
}

// bringBack revives the newest version before each record that no undone batch has brought, and returns
// which record took the place of which.
func (s *Service) bringBack(ctx context.Context, u Undo, records []*Record) (map[int64]int64, error) {
	back := map[int64]int64{}
	var revived []int64
	keys := map[int64][]Key{}
	for _, r := range records {
		for at := r.Replaces; at != 0; {
			older, err := s.store.FindRecord(ctx, at)
			if err != nil {
				return nil, fmt.Errorf("find the version before record %d: %w", r.ID, err)
			}
			if older.Withdrawn && (older.BatchID == 0 || older.BatchID != u.BatchID && !u.WasUndone(older.BatchID)) {
				revived = append(revived, older.ID)
				keys[older.ID] = older.Keys
				back[r.ID] = older.ID
				break
			}
			at = older.Replaces
		}
	}
	return back, s.store.Revive(ctx, revived, keys)
}

// keepStubs leaves a record with nothing but its key where facts of other batches hang on it, so that
// their customer does not vanish with the file that described it.
func (s *Service) keepStubs(ctx context.Context, u Undo, records []*Record, back map[int64]int64) error {
	if u.InUse == nil {
		return nil
	}
	var alone []int64
	byID := map[int64]*Record{}
	for _, r := range records {
		if back[r.ID] == 0 {
			alone = append(alone, r.ID)
			byID[r.ID] = r
		}
	}
	used, err := u.InUse(ctx, alone, u.BatchID)
	if err != nil || len(used) == 0 {
		return err
	}
	ids, err := s.db.NextIDs(ctx, "records", len(used))
	if err != nil {
		return err
	}
	stubs := make([]*Record, len(used))
	reasons := make([]string, len(used))
	for i, id := range used {
		r := byID[id]
		stubs[i] = &Record{
			ID: ids[i], SourceID: r.SourceID, SourceKey: r.SourceKey, Kind: RecordStub, ReceivedAt: database.Time(ctx),
			Keys: declaredKeys(r.Keys), Replaces: r.ID, CustomerID: r.CustomerID, HomeID: r.HomeID, Hash: r.Hash,
		}
		stubs[i].Hash[0] ^= 0xff // not the content that was withdrawn
		reasons[i] = "version"
	}
	return s.store.InsertRecords(ctx, stubs, reasons, u.PersonID)
}

func declaredKeys(keys []Key) []Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k Key) bool { return k.SchemeID == EmailAndName || k.SchemeID == MobileAndName })
}
