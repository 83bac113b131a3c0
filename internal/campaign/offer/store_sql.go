// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps offers in the system of record; find methods return fault.NotFound.
type store struct {
	db *database.DB
}

const columns = `id, name, kind, category, description, value, cost, currency, segment_id, stock, starts_on, ends_on, is_active,
	accepted, declined, ignored, shown, created_at, updated_at, version`

func scanOffer(rows *sql.Rows) (Offer, error) {
	var o Offer
	var created, updated, active int64
	err := rows.Scan(&o.ID, &o.Name, &o.Kind, &o.Category, &o.Description, &o.Value, &o.Cost, &o.Currency, &o.SegmentID, &o.Stock, &o.StartsOn, &o.EndsOn, &active,
		&o.Accepted, &o.Declined, &o.Ignored, &o.Shown, &created, &updated, &o.Version)
	o.IsActive = active == 1
	o.CreatedAt, o.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	o.Rate = float64(1+o.Accepted) / float64(2+o.Accepted+o.Declined+o.Ignored)
	return o, err
}

func (s *store) list(ctx context.Context, onlyActive bool) ([]Offer, error) {
	where := ""
	if onlyActive {
		where = " WHERE is_active = 1"
	}
	list, err := database.List(ctx, s.db, scanOffer, "SELECT "+columns+" FROM offers"+where+" ORDER BY id DESC")
	if err != nil {
		return nil, fmt.Errorf("list offers: %w", err)
	}
	return list, nil
}

func (s *store) find(ctx context.Context, id int64) (Offer, error) {
	list, err := database.List(ctx, s.db, scanOffer, "SELECT "+columns+" FROM offers WHERE id = ?", id)
	if err != nil {
		return Offer{}, fmt.Errorf("find offer %d: %w", id, err)
	}
	if len(list) == 0 {
		return Offer{}, fault.New(fault.NotFound, "campaign.offer_not_found", "There is no offer {id}.", "id", id)
	}
	return list[0], nil
}

func (s *store) insert(ctx context.Context, o Offer) (int64, error) {
	id, err := s.db.NextID(ctx, "offers")
	if err != nil {
		return 0, err
	}
	now := database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO offers (id, name, kind, category, description, value, cost, currency, segment_id, stock, starts_on, ends_on, is_active,
		created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, o.Name, o.Kind, o.Category, o.Description, o.Value, o.Cost, o.Currency, o.SegmentID, o.Stock, o.StartsOn, o.EndsOn, o.IsActive, now, now)
	return id, err
}

// save writes what people set; another version is fault.Conflict.
func (s *store) save(ctx context.Context, o Offer, version int64) error {
	result, err := s.db.Exec(ctx, `UPDATE offers SET name = ?, kind = ?, category = ?, description = ?, value = ?, cost = ?, segment_id = ?, stock = ?,
		starts_on = ?, ends_on = ?, is_active = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		o.Name, o.Kind, o.Category, o.Description, o.Value, o.Cost, o.SegmentID, o.Stock, o.StartsOn, o.EndsOn, o.IsActive, database.Time(ctx), o.ID, version)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.offer_changed_meanwhile", "Somebody else has changed the offer meanwhile; look at it again.")
	}
	return nil
}

// person reads a record of the customer and what they were shown since a moment,
// the latest first.
func (s *store) person(ctx context.Context, customerID int64, since time.Time) (recordID int64, history []seen, err error) {
	var record *int64
	scope, args := auth.ScopeSQL(ctx, "c")
	err = s.db.Scan(ctx, []any{&record}, `SELECT MIN(k.record_id) FROM record_links k JOIN customers c ON c.id = k.customer_id
		WHERE `+scope+` AND k.customer_id = ? AND c.hidden = 0`, append(args, customerID)...)
	if err != nil {
		return 0, nil, fmt.Errorf("find customer %d: %w", customerID, err)
	}
	if record == nil {
		return 0, nil, fault.New(fault.NotFound, "campaign.no_customer", "There is no customer {id}.", "id", customerID)
	}
	history, err = database.List(ctx, s.db, func(rows *sql.Rows) (seen, error) {
		var h seen
		return h, rows.Scan(&h.showID, &h.offerID, &h.at, &h.answer)
	}, `SELECT s.id, s.offer_id, s.shown_at, s.answer FROM record_links k JOIN offer_shows s ON s.record_id = k.record_id
		WHERE k.customer_id = ? AND s.shown_at >= ? ORDER BY s.shown_at DESC, s.id`, customerID, since.UnixMicro())
	return *record, history, err
}

func (s *store) insertShow(ctx context.Context, recordID int64, show Show) (int64, error) {
	id, err := s.db.NextID(ctx, "offer_shows")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO offer_shows (id, offer_id, record_id, place, shown_at, is_explored, expected) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, show.Offer.ID, recordID, show.Place, show.At, show.IsExplored, show.Expected)
	if err == nil {
		_, err = s.db.Exec(ctx, `UPDATE offers SET shown = shown + 1 WHERE id = ?`, show.Offer.ID)
	}
	return id, err
}

// shown is a show with whom it belongs to now.
type shown struct {
	offerID, recordID, customerID int64
	answer                        string
}

func (s *store) findShow(ctx context.Context, id int64) (shown, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (shown, error) {
		var h shown
		return h, rows.Scan(&h.offerID, &h.recordID, &h.customerID, &h.answer)
	}, `SELECT s.offer_id, s.record_id, k.customer_id, s.answer FROM offer_shows s JOIN record_links k ON k.record_id = s.record_id WHERE s.id = ?`, id)
	if err != nil {
		return shown{}, fmt.Errorf("find show %d: %w", id, err)
	}
	if len(list) == 0 {
		return shown{}, fault.New(fault.NotFound, "campaign.offer_not_shown", "Nothing was shown under the number {id}.", "id", id)
	}
	return list[0], nil
}

// setAnswer keeps an answer with its counters. An answer after the time for it
// takes the place of "ignored".
func (s *store) setAnswer(ctx context.Context, id int64, show shown, answer string) error {
	result, err := s.db.Exec(ctx, `UPDATE offer_shows SET answer = ?, answered_at = ? WHERE id = ? AND answer = ?`, answer, database.Time(ctx), id, show.answer)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.offer_answered", "The offer was answered already.")
	}
	set, where := "declined = declined + 1", ""
	if answer == Accepted {
		set, where = "accepted = accepted + 1", " AND (stock IS NULL OR accepted < stock)"
	}
	if show.answer == Ignored {
		set += ", ignored = ignored - 1"
	}
	result, err = s.db.Exec(ctx, "UPDATE offers SET "+set+" WHERE id = ?"+where, show.offerID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.offer_sold_out", "The offer is sold out.")
	}
	return nil
}

const ignoreSlice = 2000

// ignore marks a slice of old shows without an answer; it answers how many.
func (s *store) ignore(ctx context.Context, before time.Time) (int, error) {
	scan := func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }
	list, err := database.List(ctx, s.db, scan, `UPDATE offer_shows SET answer = 'ignored', answered_at = ? WHERE id IN (
		SELECT id FROM offer_shows WHERE answer = '' AND shown_at < ? LIMIT ?) RETURNING offer_id`, database.Time(ctx), before.UnixMicro(), ignoreSlice)
	if err != nil {
		return 0, fmt.Errorf("ignore offers: %w", err)
	}
	counts := map[int64]int64{}
	for _, id := range list {
		counts[id]++
	}
	for id, n := range counts {
		if _, err := s.db.Exec(ctx, `UPDATE offers SET ignored = ignored + ? WHERE id = ?`, n, id); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

func (s *store) setting(ctx context.Context, name string) (string, error) {
	var text string
	err := s.db.Scan(ctx, []any{&text}, `SELECT COALESCE(MAX(value), '') FROM settings WHERE name = ?`, name)
	return text, err
}

func (s *store) saveSetting(ctx context.Context, name, value string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`, name, value, database.Time(ctx))
	return err
}

// eachTaken streams the times at which an offer was accepted; 0 is any offer.
func (s *store) eachTaken(ctx context.Context, offerID int64, emit func(at int64) error) error {
	return database.Stream(ctx, s.db, database.ScanInt, emit,
		`SELECT answered_at FROM offer_shows WHERE answer = ? AND answered_at IS NOT NULL AND (? = 0 OR offer_id = ?) ORDER BY answered_at`, Accepted, offerID, offerID)
}
