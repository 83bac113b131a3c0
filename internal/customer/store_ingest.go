// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/database"
)

// Store keeps sources, records, links, keys and golden rows.
type Store struct {
	db   *database.DB
	slot filterSlot
}

// NewStore makes a store over a migrated database.
func NewStore(db *database.DB) *Store { return &Store{db: db} }

// lookupSize is the number of values in one IN list; lists are padded to it so that few statements exist.
const lookupSize = 300

// Version is the live record that a source gave before under the same key or with the same content.
type Version struct {
	RecordID   int64
	Identity   string // source key, or the hash as text for records without one
	Hash       [16]byte
	Keys       []Key
	CustomerID int64
	HomeID     int64
	Kind       string
}

// KeyHolder is a live record that holds a key.
type KeyHolder struct {
	Key        Key
	RecordID   int64
	CustomerID int64
}

// FindVersions returns the live records of the source with these source keys, which they hold as keys of
// the scheme.
func (s *Store) FindVersions(ctx context.Context, sourceID, schemeID int64, sourceKeys []string) ([]Version, error) {
	sourceKeys = possible(s.slot.ready(), sourceKeys, func(key string) uint64 { return hashIdentity(sourceID, key) })
	return lookup(ctx, s, sourceKeys, scanVersion, func(in string) string {
		return versionSelect + "FROM record_keys k JOIN records r ON r.id = k.record_id JOIN record_links l ON l.record_id = r.id " +
			"WHERE r.source_id = ? AND k.scheme_id = ? AND r.withdrawn_at IS NULL AND r.source_key = k.value AND k.value IN (" + in + ")"
	}, sourceID, schemeID)
}

const versionSelect = "SELECT r.id, r.source_key, r.hash, r.keys, r.kind, l.customer_id, l.home_id "

// FindStaff returns the live record of what staff typed for the customer, none when there is none. One that
// came with a merged customer is left alone: it leaves again when the merge ends, and edits made since stay.
func (s *Store) FindStaff(ctx context.Context, customerID int64) ([]Version, error) {
	return database.List(ctx, s.db, scanVersion, versionSelect+"FROM record_links l JOIN records r ON r.id = l.record_id "+
		"WHERE l.customer_id = ? AND r.source_id = ? AND r.source_key = ? AND r.withdrawn_at IS NULL AND l.home_id IS NULL ORDER BY r.id DESC",
		customerID, StaffSource, staffKey(customerID))
}

// FindSame returns the live records of the source that have no source key and one of these hashes.
func (s *Store) FindSame(ctx context.Context, sourceID int64, hashes [][]byte) ([]Version, error) {
	hashes = possible(s.slot.ready(), hashes, func(hash []byte) uint64 { return hashIdentity(sourceID, string(hash)) })
	return lookup(ctx, s, hashes, scanVersion, func(in string) string {
		return versionSelect + "FROM records r " +
			"JOIN record_links l ON l.record_id = r.id WHERE r.source_id = ? AND r.source_key IS NULL " +
			"AND r.withdrawn_at IS NULL AND r.hash IN (" + in + ")"
	}, sourceID)
}

func scanVersion(rows *sql.Rows) (Version, error) {
	var v Version
	var identity, keys sql.NullString
	var home sql.NullInt64
	var hash []byte
	if err := rows.Scan(&v.RecordID, &identity, &hash, &keys, &v.Kind, &v.CustomerID, &home); err != nil {
		return v, err
	}
	copy(v.Hash[:], hash)
	v.HomeID = home.Int64
	if v.Identity = identity.String; !identity.Valid {
		v.Identity = string(hash)
	}
	var err error
	v.Keys, err = parseKeys(keys.String)
	return v, err
}

// FindKeys returns the live records that hold one of the keys, which are sorted by scheme.
func (s *Store) FindKeys(ctx context.Context, keys []Key) ([]KeyHolder, error) {
	var found []KeyHolder
	keys = possible(s.slot.ready(), keys, hashKey)
	for start := 0; start < len(keys); {
		scheme := keys[start].SchemeID
		var values []string
		for start < len(keys) && keys[start].SchemeID == scheme {
			values = append(values, keys[start].Value)
			start++
		}
		part, err := lookup(ctx, s, values, scanHolder, func(in string) string {
			return "SELECT k.scheme_id, k.value, k.record_id, l.customer_id FROM record_keys k " +
				"JOIN record_links l ON l.record_id = k.record_id WHERE k.scheme_id = ? AND k.value IN (" + in + ")"
		}, scheme)
		if err != nil {
			return nil, fmt.Errorf("find keys of scheme %d: %w", scheme, err)
		}
		found = append(found, part...)
	}
	return found, nil
}

func scanHolder(rows *sql.Rows) (KeyHolder, error) {
	var h KeyHolder
	err := rows.Scan(&h.Key.SchemeID, &h.Key.Value, &h.RecordID, &h.CustomerID)
	return h, err
}

// KeysOf returns the keys in the given schemes that live records of the customers hold.
func (s *Store) KeysOf(ctx context.Context, customerIDs []int64, schemes map[int64]bool) (map[int64][]Key, error) {
	type held struct {
		customer int64
		keys     string
	}
	rows, err := lookup(ctx, s, customerIDs, func(rows *sql.Rows) (held, error) {
		var h held
		err := rows.Scan(&h.customer, &h.keys)
		return h, err
	}, func(in string) string {
		return "SELECT l.customer_id, r.keys FROM record_links l JOIN records r ON r.id = l.record_id " +
			"WHERE r.withdrawn_at IS NULL AND r.keys IS NOT NULL AND l.customer_id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("find keys of customers: %w", err)
	}
	found := map[int64][]Key{}
	for _, row := range rows {
		keys, err := parseKeys(row.keys)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			if schemes[key.SchemeID] {
				found[row.customer] = append(found[row.customer], key)
			}
		}
	}
	return found, nil
}

// lookup asks for values in lists of lookupSize, padded by repeating the last value.
func lookup[V, T any](ctx context.Context, s *Store, values []V, scan func(*sql.Rows) (T, error), query func(in string) string, before ...any) ([]T, error) {
	var found []T
	for len(values) > 0 {
		n := min(len(values), lookupSize)
		width := 1
		for width < n {
			width *= 2 // few lengths, few statements
		}
		width = min(width, lookupSize)
		args := make([]any, 0, len(before)+width)
		args = append(args, before...)
		for i := range width {
			args = append(args, values[min(i, n-1)])
		}
		part, err := database.List(ctx, s.db, scan, query(database.Marks(width)), args...)
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
		values = values[n:]
	}
	return found, nil
}

var recordColumns = []string{
	"id", "source_id", "batch_id", "source_key", "kind", "given", "normal", "keys", "findings",
	"row_number", "received_at", "replaces", "withdrawn_at", "hash",
}

// InsertRecords adds records with their links and keys; those marked Withdrawn (replaced within the same
// slice) get no keys.
func (s *Store) InsertRecords(ctx context.Context, records []*Record, reasons []string, personID int64) error {
	s.slot.note(records)
	var keys []heldKey
	for _, r := range records {
		if r.Withdrawn {
			continue
		}
		for _, key := range r.Keys {
			keys = append(keys, heldKey{key, r.ID})
		}
	}
	w := recordWriter{at: database.Time(ctx).UnixMicro(), personID: personID}
	for start := 0; start < len(records); start += insertChunk {
		end := min(start+insertChunk, len(records))
		if err := w.write(ctx, s.db, records[start:end], reasons[start:end]); err != nil {
			return err
		}
	}
	return s.insertKeys(ctx, keys)
}

// insertChunk is how many rows are bound at once: few enough for their values to stay in the processor's
// cache, and for the lists of values to be used again.
const insertChunk = 1024

// recordWriter binds records and links; what most rows share is boxed once.
type recordWriter struct {
	at, personID int64
	rows, links  []any
	buffer       []byte
	source       boxed[int64]
	batch        boxed[int64]
	received     boxed[int64]
	linked       boxed[int64]
	person       boxed[int64]
	kind         boxed[string]
	reason       boxed[string]
}

var linkColumns = []string{"record_id", "customer_id", "home_id", "reason", "linked_at", "linked_by"}

func (w *recordWriter) write(ctx context.Context, db *database.DB, records []*Record, reasons []string) error {
	w.rows, w.links = w.rows[:0], w.links[:0]
	for i, r := range records {
		w.bind(r)
		w.links = append(w.links, r.ID, r.CustomerID, orNull(r.HomeID), w.reason.of(reasons[i]), w.linked.of(w.at), w.person.orNull(w.personID))
	}
	columns, rows := withoutEmpty(recordColumns, w.rows)
	if err := db.InsertRows(ctx, "records", columns, rows, ""); err != nil {
		return err
	}
	columns, links := withoutEmpty(linkColumns, w.links)
	return db.InsertRows(ctx, "record_links", columns, links, "")
}

func (w *recordWriter) bind(r *Record) {
	normal := r.normal
	if normal == "" {
		w.buffer = r.Values.appendNormal(w.buffer[:0])
		normal = string(w.buffer)
	}
	var keys, withdrawnAt any
	if len(r.Keys) > 0 {
		w.buffer = appendKeys(w.buffer[:0], r.Keys)
		keys = string(w.buffer)
	}
	if r.Withdrawn {
		withdrawnAt = w.at
	}
	w.rows = append(w.rows, r.ID, w.source.of(r.SourceID), w.batch.orNull(r.BatchID), textOrNull(r.SourceKey), w.kind.of(r.Kind),
		bytesOrNull(r.Given), normal, keys, textOrNull(string(r.Findings)), orNull(r.RowNumber),
		w.received.of(r.ReceivedAt.UnixMicro()), orNull(r.Replaces), withdrawnAt, r.Hash[:])
}

// boxed keeps the last value as an interface, which costs an allocation each time it is made.
type boxed[T comparable] struct {
	value T
	box   any
}

func (b *boxed[T]) of(value T) any {
	if b.box == nil || b.value != value {
		b.value, b.box = value, value
	}
	return b.box
}

func (b *boxed[T]) orNull(value T) any {
	var none T
	if value == none {
		return nil
	}
	return b.of(value)
}

type heldKey struct {
	key    Key
	record int64
}

// insertKeys inserts in the order of the index: random order costs a page write per key.
func (s *Store) insertKeys(ctx context.Context, keys []heldKey) error {
	if len(keys) == 0 {
		return nil
	}
	sortHeld(keys)
	var values []any
	var scheme boxed[int64]
	for part := range slices.Chunk(keys, insertChunk) {
		values = values[:0]
		for _, k := range part {
			values = append(values, scheme.of(k.key.SchemeID), k.key.Value, k.record)
		}
		err := s.db.InsertRows(ctx, "record_keys", []string{"scheme_id", "value", "record_id"}, values, "ON CONFLICT DO NOTHING")
		if err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes records out of use, with their keys.
func (s *Store) Withdraw(ctx context.Context, records []int64, keys map[int64][]Key) error {
	at := database.Time(ctx).UnixMicro()
	if err := s.setWithdrawn(ctx, records, at); err != nil {
		return err
	}
	for _, id := range records {
		for _, key := range keys[id] {
			if _, err := s.db.Exec(ctx, "DELETE FROM record_keys WHERE scheme_id = ? AND value = ? AND record_id = ?",
				key.SchemeID, key.Value, id); err != nil {
				return fmt.Errorf("take keys of record %d: %w", id, err)
			}
		}
	}
	return nil
}

// Revive puts withdrawn records to use again, with their keys.
func (s *Store) Revive(ctx context.Context, records []int64, keys map[int64][]Key) error {
	if err := s.setWithdrawn(ctx, records, nil); err != nil {
		return err
	}
	var held []heldKey
	for _, id := range records {
		for _, key := range keys[id] {
			held = append(held, heldKey{key, id})
		}
	}
	if f := s.slot.filter.Load(); f != nil { // revived records are rare, their identities rarer still
		s.slot.drop()
	}
	return s.insertKeys(ctx, held)
}

func (s *Store) setWithdrawn(ctx context.Context, records []int64, at any) error {
	for len(records) > 0 {
		n := min(len(records), lookupSize)
		args := []any{at}
		for _, id := range records[:n] {
			args = append(args, id)
		}
		if _, err := s.db.Exec(ctx, "UPDATE records SET withdrawn_at = ? WHERE id IN ("+database.Marks(n)+")", args...); err != nil {
			return fmt.Errorf("withdraw records: %w", err)
		}
		records = records[n:]
	}
	return nil
}

// RecordsOf returns the live records of the customers, by customer, in the order of their ids.
func (s *Store) RecordsOf(ctx context.Context, customerIDs []int64) (map[int64][]*Record, error) {
	list, err := lookup(ctx, s, customerIDs, scanRecord, func(in string) string {
		return "SELECT " + recordSelect + " FROM record_links l JOIN records r ON r.id = l.record_id " +
			"WHERE r.withdrawn_at IS NULL AND l.customer_id IN (" + in + ") ORDER BY r.id"
	})
	if err != nil {
		return nil, fmt.Errorf("load records of customers: %w", err)
	}
	found := make(map[int64][]*Record, len(customerIDs))
	for _, r := range list {
		found[r.CustomerID] = append(found[r.CustomerID], r)
	}
	return found, nil
}

// recordSelect leaves out given, which only the page of the record shows.
const recordSelect = "r.id, r.source_id, r.batch_id, r.source_key, r.kind, r.normal, r.keys, r.findings, " +
	"r.row_number, r.received_at, r.replaces, r.withdrawn_at, r.hash, l.customer_id, l.home_id"

func scanRecord(rows *sql.Rows) (*Record, error) {
	var r Record
	var batch, number, replaces, withdrawn, home sql.NullInt64
	var sourceKey, keys, findings sql.NullString
	var normal string
	var received int64
	var hash []byte
	err := rows.Scan(&r.ID, &r.SourceID, &batch, &sourceKey, &r.Kind, &normal, &keys, &findings,
		&number, &received, &replaces, &withdrawn, &hash, &r.CustomerID, &home)
	if err != nil {
		return nil, err
	}
	r.BatchID, r.RowNumber, r.Replaces, r.HomeID = batch.Int64, number.Int64, replaces.Int64, home.Int64
	r.SourceKey, r.Withdrawn = sourceKey.String, withdrawn.Valid
	r.ReceivedAt = time.UnixMicro(received).UTC()
	if findings.Valid {
		r.Findings = []byte(findings.String)
	}
	copy(r.Hash[:], hash)
	if r.Values, err = parseNormal(normal); err != nil {
		return nil, fmt.Errorf("record %d: %w", r.ID, err)
	}
	if r.Keys, err = parseKeys(keys.String); err != nil {
		return nil, fmt.Errorf("record %d: %w", r.ID, err)
	}
	return &r, nil
}

func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func bytesOrNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// placeholders repeats a list of columns as "a = ?, b = ?".
func assignments(columns []string) string {
	return strings.Join(columns, " = ?, ") + " = ?"
}
