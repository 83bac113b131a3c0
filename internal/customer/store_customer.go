// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"dangol/internal/platform/database"
)

// customerColumns are the columns of the golden row in the order of rowArgs and scanCustomer.
var customerColumns = []string{
	"id", "kind", "full_name", "name_key", "name_chosung", "name_latin", "mobile", "phone", "email", "birth_on",
	"birth_calendar", "sex", "postal_code", "address", "address_detail", "sido", "sigungu", "company", "brn",
	"crn", "job_title", "department", "grade", "branch", "owner_id", "joined_on", "memo", "attributes",
	"provenance", "pins", "record_count", "alias_of", "hidden", "created_at", "updated_at", "version",
}

func sortHeld(keys []heldKey) {
	slices.SortFunc(keys, func(a, b heldKey) int {
		if c := compareKeys(a.key, b.key); c != 0 {
			return c
		}
		return cmp.Compare(a.record, b.record)
	})
}

// rowArgs appends the values of customerColumns.
func rowArgs(args []any, c *Customer) []any {
	v := &c.Values
	text := func(f Field) any { return textOrNull(v.Text[f]) }
	kind := v.Text[KindField]
	if kind == "" {
		kind = Kinds[0]
	}
	var attributes, pins any
	if len(v.Attributes) > 0 {
		attributes = string(appendAttributes(nil, v.Attributes))
	}
	if len(c.Pins) > 0 {
		raw, _ := json.Marshal(c.Pins) // a map of numbers always encodes
		pins = string(raw)
	}
	var owner any
	if id, err := strconv.ParseInt(v.Text[OwnerID], 10, 64); err == nil {
		owner = id
	}
	return append(args, c.ID, kind, text(FullName), textOrNull(v.NameKey), textOrNull(v.Chosung), text(NameLatin),
		text(Mobile), text(Phone), text(Email), text(BirthOn), text(BirthCalendar), text(Sex), text(PostalCode),
		text(Address), text(AddressDetail), text(Sido), text(Sigungu), text(Company), text(BRN), text(CRN),
		text(JobTitle), text(Department), text(Grade), text(Branch), owner, text(JoinedOn), text(Memo), attributes,
		c.Provenance.pack(nil), pins, int64(c.Records), orNull(c.AliasOf), flag(c.Hidden),
		c.CreatedAt.UnixMicro(), c.UpdatedAt.UnixMicro(), c.Version)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// InsertCustomers adds golden rows.
func (s *Store) InsertCustomers(ctx context.Context, customers []*Customer) error {
	args := make([]any, 0, min(len(customers), insertChunk)*len(customerColumns))
	for part := range slices.Chunk(customers, insertChunk) {
		args = args[:0]
		for _, c := range part {
			args = rowArgs(args, c)
		}
		columns, values := withoutEmpty(customerColumns, args)
		if err := s.db.InsertRows(ctx, "customers", columns, values, ""); err != nil {
			return err
		}
	}
	return nil
}

// withoutEmpty leaves out the columns that no row has a value for: binding nothing costs as much as
// binding something, and most columns of most files are empty. args is reused.
func withoutEmpty(columns []string, args []any) ([]string, []any) {
	width := len(columns)
	used := make([]bool, width)
	for i, value := range args {
		if value != nil {
			used[i%width] = true
		}
	}
	var kept []string
	for i, column := range columns {
		if used[i] {
			kept = append(kept, column)
		}
	}
	if len(kept) == width {
		return columns, args
	}
	packed := args[:0]
	for i, value := range args {
		if used[i%width] {
			packed = append(packed, value)
		}
	}
	return kept, packed
}

// UpdateCustomers writes golden rows anew.
func (s *Store) UpdateCustomers(ctx context.Context, customers []*Customer) error {
	if len(customers) == 0 {
		return nil
	}
	statement, err := s.db.Prepare(ctx, "UPDATE customers SET "+assignments(customerColumns[1:])+" WHERE id = ?")
	if err != nil {
		return err
	}
	var args []any
	for _, c := range customers {
		args = rowArgs(args[:0], c)
		args = append(args, args[0])
		if _, err := statement.ExecContext(ctx, args[1:]...); err != nil {
			return fmt.Errorf("update customer %d: %w", c.ID, database.Fault(err))
		}
	}
	return nil
}

// scanCustomer reads customerColumns.
func scanCustomer(rows *sql.Rows) (*Customer, error) {
	var c Customer
	var texts [26]sql.NullString
	var owner, alias, household, size, head sql.NullInt64
	var attributes, pins, state sql.NullString
	var packed []byte
	var hidden, created, updated int64
	err := rows.Scan(&c.ID, &texts[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5], &texts[6], &texts[7],
		&texts[8], &texts[9], &texts[10], &texts[11], &texts[12], &texts[13], &texts[14], &texts[15], &texts[16],
		&texts[17], &texts[18], &texts[19], &texts[20], &texts[21], &texts[22], &owner, &texts[23], &texts[24],
		&attributes, &packed, &pins, &c.Records, &alias, &hidden, &created, &updated, &c.Version,
		&household, &state, &size, &head)
	if err != nil {
		return nil, err
	}
	c.Household = HouseholdMark{ID: household.Int64, State: state.String, Size: int(size.Int64), IsHead: head.Int64 != 0}
	for i, f := range scannedFields {
		c.Values.Text[f] = texts[i].String
	}
	c.Values.NameKey, c.Values.Chosung = texts[2].String, texts[3].String
	if owner.Valid {
		c.Values.Text[OwnerID] = strconv.FormatInt(owner.Int64, 10)
	}
	c.AliasOf, c.Hidden = alias.Int64, hidden != 0
	c.CreatedAt, c.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if c.Values.Attributes, err = parseAttributes(attributes.String); err != nil {
		return nil, fmt.Errorf("customer %d: %w", c.ID, err)
	}
	if pins.Valid {
		if err := json.Unmarshal([]byte(pins.String), &c.Pins); err != nil {
			return nil, fmt.Errorf("pins of customer %d: %w", c.ID, err)
		}
	}
	if c.Provenance, err = unpackProvenance(packed); err != nil {
		return nil, fmt.Errorf("customer %d: %w", c.ID, err)
	}
	return &c, nil
}

// scannedFields are the fields behind the texts of scanCustomer; name_key and name_chosung stand at the
// places 2 and 3 and are overwritten by the fields that follow them here.
var scannedFields = map[int]Field{
	0: KindField, 1: FullName, 4: NameLatin, 5: Mobile, 6: Phone, 7: Email, 8: BirthOn, 9: BirthCalendar, 10: Sex,
	11: PostalCode, 12: Address, 13: AddressDetail, 14: Sido, 15: Sigungu, 16: Company, 17: BRN, 18: CRN,
	19: JobTitle, 20: Department, 21: Grade, 22: Branch, 23: JoinedOn, 24: Memo,
}

// householdColumns are read with every golden row and written by package household alone.
var householdColumns = []string{"household_id", "household_state", "household_size", "household_head"}

var customerSelect = func() string {
	text := ""
	for i, column := range slices.Concat(customerColumns, householdColumns) {
		if i > 0 {
			text += ", "
		}
		text += "c." + column
	}
	return text
}()

// LoadCustomers returns the golden rows of the ids, hidden ones and aliases included, in any order.
func (s *Store) LoadCustomers(ctx context.Context, ids []int64) ([]*Customer, error) {
	list, err := lookup(ctx, s, ids, scanCustomer, func(in string) string {
		return "SELECT " + customerSelect + " FROM customers c WHERE c.id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("load customers: %w", err)
	}
	return list, nil
}

// Find returns the golden row of the id, or fault.NotFound; row scope is the caller's matter.
func (s *Store) Find(ctx context.Context, id int64) (*Customer, error) {
	list, err := s.LoadCustomers(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNotFound(id)
	}
	return list[0], nil
}

// indexed is a customer with the tokens that find it.
type indexed struct {
	id     int64
	tokens string
}

// InsertTokens indexes customers that were not indexed before.
func (s *Store) InsertTokens(ctx context.Context, list []indexed) error {
	columns := []string{"rowid", "tokens"}
	if s.db.IsPostgres() {
		columns[0] = "id"
	}
	args := make([]any, 0, 2*min(len(list), insertChunk))
	for part := range slices.Chunk(list, insertChunk) {
		args = args[:0]
		for _, entry := range part {
			args = append(args, entry.id, entry.tokens)
		}
		if err := s.db.InsertRows(ctx, "customer_search", columns, args, ""); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceTokens indexes customers anew; empty tokens take one out of the index.
func (s *Store) ReplaceTokens(ctx context.Context, list []indexed) error {
	remove := "DELETE FROM customer_search WHERE rowid = ?"
	if s.db.IsPostgres() {
		remove = "DELETE FROM customer_search WHERE id = ?"
	}
	kept := make([]indexed, 0, len(list))
	for _, entry := range list {
		if _, err := s.db.Exec(ctx, remove, entry.id); err != nil {
			return fmt.Errorf("take customer %d out of the search index: %w", entry.id, err)
		}
		if entry.tokens != "" {
			kept = append(kept, entry)
		}
	}
	return s.InsertTokens(ctx, kept)
}
