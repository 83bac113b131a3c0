// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Patch is what staff typed: values by field name or attr.<attribute>; nil empties a field.
type Patch map[string]any

// staffKey is the source key under which everything that staff typed for one customer is kept.
func staffKey(customerID int64) string { return "C" + strconv.FormatInt(customerID, 10) }

// change is one hand edit while it is worked out.
type change struct {
	customer *Customer
	old      *Record          // staff's record before, nil when there is none
	values   Values           // staff's values after
	fields   map[string]bool  // fields that are pinned to the new record
	release  map[string]int64 // fields whose pin is set to another record, 0 for none
	findings []dataquality.Finding
	recordID int64 // staff's record after, 0 when nothing is left of it
	keys     []Key
}

// Update takes over what staff typed. It is kept as a record of the source staff and pinned, so that no
// import overrules it. version is the one that was shown; another one is fault.Conflict.
func (s *Service) Update(ctx context.Context, id, version int64, patch Patch) (*Customer, int64, error) {
	var entryID int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		c, err := s.editable(ctx, id, version)
		if err != nil {
			return err
		}
		ch, err := s.startChange(ctx, c)
		if err != nil {
			return err
		}
		if err := s.apply(ctx, ch, patch); err != nil {
			return err
		}
		entryID, err = s.commitChange(ctx, ch, "customer.updated")
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	s.anchors.touch(1)
	c, err := s.store.Find(ctx, id)
	return c, entryID, err
}

// editable returns the golden row for writing.
func (s *Service) editable(ctx context.Context, id, version int64) (*Customer, error) {
	c, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.AliasOf != 0 {
		return nil, fault.New(fault.Conflict, "customer.already_merged",
			"Customer {id} was already merged into customer {into}; load the page again.", "id", c.ID, "into", c.AliasOf)
	}
	if err := s.refuseErased(ctx, c); err != nil {
		return nil, err
	}
	if version != 0 && version != c.Version {
		return nil, errChanged(id, c.Version)
	}
	return c, nil
}

func (s *Service) startChange(ctx context.Context, c *Customer) (*change, error) {
	ch := &change{customer: c, fields: map[string]bool{}, release: map[string]int64{}}
	versions, err := s.store.FindStaff(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if len(versions) > 0 {
		if ch.old, err = s.store.FindRecord(ctx, versions[0].RecordID); err != nil {
			return nil, err
		}
		ch.values, ch.keys = ch.old.Values.Clone(), declaredKeys(ch.old.Keys)
	}
	return ch, nil
}

// apply normalises what was typed and lays it over what staff had typed before.
func (s *Service) apply(ctx context.Context, ch *change, patch Patch) error {
	if len(patch) == 0 {
		return fault.New(fault.Invalid, "customer.nothing_to_change", "Name at least one field to change.")
	}
	typed := map[Field]string{}
	rules := s.qualityRules(ctx)
	attributes := s.rules.current(ctx).attributes
	for name, value := range patch {
		if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
			a := attributes[attribute]
			if a == nil || a.ArchivedAt != nil {
				return errUnknownField(name)
			}
			checked, err := a.Check(value, rules)
			if err != nil {
				return err
			}
			ch.values.SetAttribute(attribute, checked)
			ch.fields[name] = true
			continue
		}
		f, ok := fieldByName[name]
		if !ok {
			return errUnknownField(name)
		}
		text, err := textOf(name, value)
		if err != nil {
			return err
		}
		typed[f] = text
	}
	return s.applyFields(ch, typed, rules)
}

func textOf(name string, value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		if len(v) > 64<<10 {
			return "", fault.New(fault.TooLarge, "customer.value_too_long", "The value of {field} is longer than 64 KB.", "field", name)
		}
		return strings.ReplaceAll(strings.TrimSpace(v), "\x00", ""), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case json.Number:
		return v.String(), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	}
	return "", fault.New(fault.Invalid, "customer.bad_value", "The value of {field} must be text.", "field", name)
}

func (s *Service) applyFields(ch *change, typed map[Field]string, rules dataquality.Rules) error {
	keepGroups(ch, typed)
	row := dataquality.NewRow(rules)
	row.Reset()
	for f, text := range typed {
		if in := fields[f].input; in != dataquality.NoField && text != "" {
			redacted, _ := dataquality.Redact(text)
			row.Set(in, "", redacted)
		}
	}
	row.Finish()
	read := FromRow(row)
	ch.findings = row.Findings()
	for f, text := range typed {
		name := fields[f].Name
		ch.fields[name] = true
		value := read.Text[f]
		if f == OwnerID {
			value = text
		}
		switch {
		case text == "":
			ch.values.Clear(f)
			continue
		case value == "" || f == OwnerID && !isID(text):
			return refused(name, text, ch.findings)
		}
		ch.values.Set(f, value)
	}
	for _, f := range []Field{Sido, Sigungu, BirthCalendar} { // read out of the address or the date
		if read.Text[f] != "" && ch.values.Text[f] != read.Text[f] {
			ch.values.Set(f, read.Text[f])
			ch.fields[fields[f].Name] = true
		}
	}
	ch.values.NameKey = dataquality.SearchKey(ch.values.Text[FullName])
	ch.values.doubtful = 0 // a person has looked at it
	return nil
}

// keepGroups takes the other parts of an address (or birthday) over when one of them is edited: values of
// one group always come from one record.
func keepGroups(ch *change, typed map[Field]string) {
	for g, head := range groupHeads {
		members := groupMembers(g)
		edited := false
		for _, f := range members {
			_, ok := typed[f]
			edited = edited || ok
		}
		if !edited {
			continue
		}
		_, headTyped := typed[head]
		for _, f := range members {
			if _, ok := typed[f]; ok {
				continue
			}
			if headTyped && (f == Sido || f == Sigungu) {
				ch.values.Unset(f) // read anew out of the new address
				continue
			}
			if old := ch.customer.Values.Text[f]; old != "" {
				ch.values.Set(f, old)
				ch.fields[fields[f].Name] = true
			}
		}
	}
}

func isID(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n > 0
}

// refused says why a typed value cannot be kept.
func refused(name, text string, findings []dataquality.Finding) error {
	for _, f := range findings {
		if f.Field == name {
			return fault.New(fault.Invalid, f.Code, "{message} {remedy}", "field", name, "value", shorten(text), "message", f.Message, "remedy", f.Remedy, "rule", f.Rule)
		}
	}
	return fault.New(fault.Invalid, "customer.bad_value", "{value} is no usable value for {field}.", "value", shorten(text), "field", name)
}

// commitChange writes the new version of staff's record, computes the customer anew and journals both.
func (s *Service) commitChange(ctx context.Context, ch *change, kind string) (int64, error) {
	c := ch.customer
	before := staffState(ch)
	if err := s.replaceStaff(ctx, ch); err != nil {
		return 0, fmt.Errorf("keep what staff typed for customer %d: %w", c.ID, err)
	}
	changes, err := s.recompute(ctx, []int64{c.ID}, func(c *Customer) { ch.pin(c) })
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		return 0, nil
	}
	done := changes[0]
	if !canSee(ctx, done.Customer) && !done.Customer.Hidden {
		return 0, fault.New(fault.Forbidden, "customer.out_of_reach",
			"You may not move a customer to a branch or owner outside your own rows.")
	}
	before["values"] = done.Before
	return s.journal.AppendID(ctx, journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{c.ID}, RecordID: done.RecordID,
		Before: jsonOf(before), After: jsonOf(map[string]any{"values": done.After}),
	})
}

// staffState is what an undo needs: staff's values and pins of the fields before the change.
func staffState(ch *change) map[string]any {
	typed, pins := map[string]any{}, map[string]int64{}
	names := maps.Clone(ch.fields)
	for name := range ch.release {
		names[name] = true
	}
	for name := range names {
		typed[name] = map[string]any{"is_set": false}
		if ch.old != nil {
			if value, ok := ch.old.Values.typed(name); ok {
				typed[name] = map[string]any{"is_set": true, "value": value}
			}
		}
		pins[name] = ch.customer.Pins[name]
		if ch.old != nil && pins[name] == ch.old.ID {
			pins[name] = pinnedToStaff
		}
	}
	return map[string]any{"staff": typed, "pins": pins}
}

// pinnedToStaff stands in the journal for "pinned to what staff typed", whose record changes its id with
// every edit.
const pinnedToStaff = -1

// typed returns what the record says about a field or attribute, nil for emptied by hand.
func (v *Values) typed(name string) (any, bool) {
	if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
		value, has := v.Attributes[attribute]
		return value, has
	}
	f := fieldByName[name]
	if v.IsCleared(f) {
		return nil, true
	}
	return v.Text[f], v.Text[f] != ""
}

func (s *Service) replaceStaff(ctx context.Context, ch *change) error {
	c := ch.customer
	record := &Record{
		SourceID: StaffSource, SourceKey: staffKey(c.ID), Kind: RecordStaff, Values: ch.values, CustomerID: c.ID,
		ReceivedAt: database.Time(ctx), Findings: appendFindings(nil, ch.findings),
	}
	if ch.old != nil {
		if err := s.store.Withdraw(ctx, []int64{ch.old.ID}, map[int64][]Key{ch.old.ID: ch.old.Keys}); err != nil {
			return err
		}
		record.Replaces, record.HomeID = ch.old.ID, ch.old.HomeID
	}
	if ch.values.IsEmpty() && len(ch.keys) == 0 {
		return nil
	}
	id, err := s.db.NextID(ctx, "records")
	if err != nil {
		return err
	}
	record.ID, ch.recordID = id, id
	record.Keys = SortKeys(DerivedKeys(ch.keys, &record.Values))
	record.Hash = hashOf(record)
	person := auth.From(ctx).ID
	return s.store.InsertRecords(ctx, []*Record{record}, []string{"staff"}, person)
}

// pin points the changed fields at staff's new record.
func (ch *change) pin(c *Customer) {
	if c.Pins == nil {
		c.Pins = map[string]int64{}
	}
	if ch.old != nil {
		for name, record := range c.Pins {
			if record == ch.old.ID {
				c.Pins[name] = ch.recordID
			}
		}
	}
	for name := range ch.fields {
		c.Pins[name] = ch.recordID
	}
	for name, record := range ch.release {
		c.Pins[name] = record
	}
	maps.DeleteFunc(c.Pins, func(_ string, record int64) bool { return record == 0 })
	if len(c.Pins) == 0 {
		c.Pins = nil
	}
}
