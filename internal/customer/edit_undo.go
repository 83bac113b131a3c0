// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// hashOf fingerprints what a record says.
func hashOf(r *Record) [16]byte {
	text := r.Values.appendNormal(append([]byte(r.Kind), 0))
	return xxh3.Hash128(appendKeys(text, r.Keys)).Bytes()
}

// Undo takes back one change of a customer: a hand edit, a merge, an un-merge, or making it. A field that
// was changed again since makes it fault.Conflict.
func (s *Service) Undo(ctx context.Context, id, entryID int64) (*Customer, error) {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		c, err := s.visible(ctx, id)
		if err != nil {
			return err
		}
		entry, err := s.journal.Find(ctx, entryID)
		if err != nil {
			return err
		}
		if !slices.Contains(entry.SubjectIDs, id) || entry.Capability != "customer" || entry.IsErased {
			return errNoUndo(entryID)
		}
		if entry.Kind == "customer.updated" || entry.Kind == "customer.created" {
			return s.undoEdit(ctx, c, &entry)
		}
		if err := auth.Check(ctx, "customer:merge"); err != nil {
			return err
		}
		switch entry.Kind {
		case "customer.merged":
			return s.undoMerge(ctx, &entry)
		case "customer.unmerged":
			return s.redoMerge(ctx, &entry)
		}
		return errNoUndo(entryID)
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(2)
	return s.store.Find(ctx, id)
}

func errNoUndo(entryID int64) error {
	return fault.New(fault.Invalid, "customer.no_undo", "Change {id} of this customer cannot be taken back here.", "id", entryID)
}

func (s *Service) redoMerge(ctx context.Context, entry *journal.Entry) error {
	var pair struct {
		SurvivorID int64 `json:"survivor_id"`
		OtherID    int64 `json:"other_id"`
	}
	if err := json.Unmarshal(entry.After, &pair); err != nil {
		return errNoUndo(entry.ID)
	}
	if err := s.store.dropParting(ctx, pair.SurvivorID, pair.OtherID); err != nil { // the un-merge has made it
		return err
	}
	return s.merge(ctx, MergePair{SurvivorID: pair.SurvivorID, OtherID: pair.OtherID, Reason: "manual"}, 0, nil)
}

// edit is what the journal keeps of a hand edit.
type edit struct {
	Staff map[string]struct {
		IsSet bool `json:"is_set"`
		Value any  `json:"value"`
	} `json:"staff"`
	Pins   map[string]int64 `json:"pins"`
	Values map[string]any   `json:"values"`
}

func (s *Service) undoEdit(ctx context.Context, c *Customer, entry *journal.Entry) error {
	var before, after edit
	if err := json.Unmarshal(entry.Before, &before); err != nil {
		return fmt.Errorf("read change %d: %w", entry.ID, err)
	}
	if len(entry.After) > 0 {
		if err := json.Unmarshal(entry.After, &after); err != nil {
			return fmt.Errorf("read change %d: %w", entry.ID, err)
		}
	}
	if len(before.Staff) == 0 {
		return errNoUndo(entry.ID)
	}
	for name, value := range after.Values {
		if _, isEdited := before.Staff[name]; isEdited && !sameValue(c.Values.current(name), value) {
			return fault.New(fault.Conflict, "customer.changed_since",
				"{field} was changed again after that; take back the later change first.", "field", name)
		}
	}
	ch, err := s.startChange(ctx, c)
	if err != nil {
		return err
	}
	for name, was := range before.Staff {
		ch.restore(name, was.IsSet, was.Value)
		ch.release[name] = before.Pins[name]
		if before.Pins[name] == pinnedToStaff {
			delete(ch.release, name)
			ch.fields[name] = true
		}
	}
	if c.AliasOf != 0 {
		return fault.New(fault.Conflict, "customer.already_merged",
			"Customer {id} was already merged into customer {into}; load the page again.", "id", c.ID, "into", c.AliasOf)
	}
	_, err = s.commitChange(ctx, ch, "customer.updated")
	return err
}

// restore puts back what staff had typed for a field before.
func (ch *change) restore(name string, isSet bool, value any) {
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		if isSet {
			ch.values.SetAttribute(attribute, value)
		} else {
			delete(ch.values.Attributes, attribute)
		}
		return
	}
	f, ok := fieldByName[name]
	if !ok {
		return
	}
	text, _ := value.(string)
	switch {
	case !isSet:
		ch.values.Unset(f)
	case value == nil:
		ch.values.Clear(f)
	default:
		ch.values.Set(f, text)
	}
	if f == FullName {
		ch.values.NameKey = ""
	}
}

// current is the value of a field or attribute of a golden row, nil when it has none.
func (v *Values) current(name string) any {
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		return v.Attributes[attribute]
	}
	if f, ok := fieldByName[name]; ok && v.Text[f] != "" {
		return v.Text[f]
	}
	return nil
}

func sameValue(a, b any) bool {
	return string(appendValue(nil, a)) == string(appendValue(nil, b))
}

// Pin makes the value of one record the golden one, whatever the rules say; record 0 lets the rules
// decide again.
func (s *Service) Pin(ctx context.Context, id int64, field string, recordID int64) (*Customer, error) {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		c, err := s.editable(ctx, id, 0)
		if err != nil {
			return err
		}
		if !s.isField(ctx, field) {
			return errUnknownField(field)
		}
		if err := s.checkPin(ctx, c, field, recordID); err != nil {
			return err
		}
		ch, err := s.startChange(ctx, c)
		if err != nil {
			return err
		}
		return s.commitPin(ctx, ch, field, recordID)
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(1)
	return s.store.Find(ctx, id)
}

func (s *Service) checkPin(ctx context.Context, c *Customer, field string, recordID int64) error {
	if recordID == 0 {
		return nil
	}
	r, err := s.store.FindRecord(ctx, recordID)
	if err != nil {
		return err
	}
	if _, has := r.Values.typed(field); r.CustomerID != c.ID || r.Withdrawn || !has {
		return fault.New(fault.Invalid, "customer.pin_foreign",
			"Record {record} does not belong to this customer or says nothing about {field}.", "record", recordID, "field", field)
	}
	return nil
}

func (s *Service) commitPin(ctx context.Context, ch *change, field string, recordID int64) error {
	ch.release[field] = recordID
	before := staffState(ch)
	changes, err := s.recompute(ctx, []int64{ch.customer.ID}, func(c *Customer) {
		pins := change{release: ch.release}
		pins.pin(c)
	})
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		return nil
	}
	done := changes[0]
	before["values"] = done.Before
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{done.Customer.ID},
		RecordID: done.RecordID, Before: jsonOf(before), After: jsonOf(map[string]any{"values": done.After, "pins": map[string]int64{field: recordID}}),
	})
}
