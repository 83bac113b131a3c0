// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps campaigns in the system of record; every method joins the
// transaction of its ctx, and Find methods return fault.NotFound.
type store struct {
	db *database.DB
}

const campaignColumns = `id, name, goal, segment_id, template_id, COALESCE(version_id, 0), state, note, control_share, control_minimum,
	seed, window_days, budget, message_cost, margin_share, currency, rate_per_minute, is_tracked, as_of_seq, as_of,
	COALESCE(journal_entry_id, 0), COALESCE(job_id, 0), person_id, created_at, updated_at, planned_at, start_at, started_at, finished_at, version,
	intent, approval, approval_asked_by, approval_by, approval_at, approval_note, winner, winner_at, winner_how, journey_id`

func scanCampaign(rows *sql.Rows) (Campaign, error) {
	var c Campaign
	var created, updated int64
	var asOf, planned, start, started, finished, approved, won *int64
	var intent string
	err := rows.Scan(&c.ID, &c.Name, &c.Goal, &c.SegmentID, &c.TemplateID, &c.VersionID, &c.State, &c.Note, &c.ControlShare,
		&c.ControlMinimum, &c.Seed, &c.WindowDays, &c.Budget, &c.MessageCost, &c.MarginShare, &c.Currency, &c.RatePerMinute,
		&c.IsTracked, &c.AsOfSeq, &asOf, &c.entryID, &c.JobID, &c.PersonID, &created, &updated, &planned, &start, &started, &finished, &c.Version,
		&intent, &c.Approval, &c.approvalAskedBy, &c.ApprovalBy, &approved, &c.ApprovalNote, &c.Winner, &won, &c.WinnerHow, &c.JourneyID)
	if err == nil {
		err = json.Unmarshal([]byte(intent), &c.Intent)
	}
	c.ApprovalAt, c.WinnerAt = moment(approved), moment(won)
	c.CreatedAt, c.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	c.AsOf, c.PlannedAt, c.StartAt = moment(asOf), moment(planned), moment(start)
	c.StartedAt, c.FinishedAt = moment(started), moment(finished)
	return c, err
}

func moment(micro *int64) *time.Time {
	if micro == nil || *micro == 0 {
		return nil
	}
	at := time.UnixMicro(*micro).UTC()
	return &at
}

func noCampaign(id int64) error {
	return fault.New(fault.NotFound, "campaign.not_found", "There is no campaign {id}.", "id", id)
}

func (s *store) find(ctx context.Context, id int64) (Campaign, error) {
	list, err := database.List(ctx, s.db, scanCampaign, "SELECT "+campaignColumns+" FROM campaigns WHERE id = ? AND archived_at IS NULL", id)
	if err != nil {
		return Campaign{}, fmt.Errorf("find campaign %d: %w", id, err)
	}
	if len(list) == 0 {
		return Campaign{}, noCampaign(id)
	}
	return list[0], s.addCounts(ctx, list)
}

func (s *store) list(ctx context.Context, state State, cursor string, limit int) ([]Campaign, string, error) {
	where, args := "archived_at IS NULL AND journey_id = 0", []any{}
	if state != "" {
		where, args = where+" AND state = ?", append(args, string(state))
	}
	if cursor != "" {
		at, id, err := readCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		where, args = where+" AND (created_at, id) < (?, ?)", append(args, at, id)
	}
	list, err := database.List(ctx, s.db, scanCampaign, "SELECT "+campaignColumns+" FROM campaigns WHERE "+where+
		" ORDER BY created_at DESC, id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list campaigns: %w", err)
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = strconv.FormatInt(last.CreatedAt.UnixMicro(), 36) + "-" + strconv.FormatInt(last.ID, 36)
	}
	return list, next, s.addCounts(ctx, list)
}

func readCursor(cursor string) (first, id int64, err error) {
	a, b, _ := strings.Cut(cursor, "-")
	first, err1 := strconv.ParseInt(a, 36, 64)
	id, err2 := strconv.ParseInt(b, 36, 64)
	if err1 != nil || err2 != nil {
		return 0, 0, fault.New(fault.Invalid, "campaign.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
	}
	return first, id, nil
}

// addCounts fills in where recipients stand.
func (s *store) addCounts(ctx context.Context, list []Campaign) error {
	if len(list) == 0 {
		return nil
	}
	ids, index := make([]any, 0, len(list)), map[int64]*Campaign{}
	for i := range list {
		ids = append(ids, list[i].ID)
		index[list[i].ID] = &list[i]
		list[i].Counts.SkippedFor = map[string]int64{}
	}
	rows, err := s.db.Query(ctx, `SELECT campaign_id, arm, state, reason, count FROM campaign_counts WHERE campaign_id IN (`+
		database.Marks(len(ids))+`)`, ids...)
	if err != nil {
		return fmt.Errorf("count recipients: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, n int64
		var arm, reason string
		var step Step
		if err := rows.Scan(&id, &arm, &step, &reason, &n); err != nil {
			return fmt.Errorf("count recipients: %w", err)
		}
		switch c := &index[id].Counts; arm {
		case countClicked:
			c.Clicked = n
		case countUnsubscribed:
			c.Unsubscribed = n
		case countOpened:
			c.Opened = n
		case countMachineOpen:
			c.MachineOpen = n
		case countRead:
			c.Read = n
		default:
			c.count(arm, step, reason, n)
		}
	}
	return database.Fault(rows.Err())
}

// Counters that are no arm stand in the same table.
const (
	countClicked      = "clicked"
	countUnsubscribed = "unsubscribed"
	countOpened       = "opened"
	countMachineOpen  = "machine_opened"
	countRead         = "read"
)

func (s *store) insert(ctx context.Context, c *Campaign) error {
	var err error
	if c.ID, err = s.db.NextID(ctx, "campaigns"); err != nil {
		return err
	}
	intent, err := c.Intent.text()
	if err != nil {
		return err
	}
	now := database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO campaigns (id, name, goal, segment_id, template_id, state, control_share, control_minimum, window_days,
		budget, message_cost, margin_share, currency, rate_per_minute, is_tracked, person_id, created_at, updated_at, intent, journey_id)
		VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, c.Name, c.Goal, c.SegmentID, c.TemplateID, c.ControlShare,
		c.ControlMinimum, c.WindowDays, c.Budget, c.MessageCost, c.MarginShare, c.Currency, c.RatePerMinute, c.IsTracked, c.PersonID, now, now,
		intent, c.JourneyID)
	return err
}

// save writes what people set; another version is fault.Conflict.
func (s *store) save(ctx context.Context, c Campaign, version int64) error {
	intent, err := c.Intent.text()
	if err != nil {
		return err
	}
	// A yes was said to what stood there before.
	result, err := s.db.Exec(ctx, `UPDATE campaigns SET name = ?, goal = ?, segment_id = ?, template_id = ?, control_share = ?,
		control_minimum = ?, window_days = ?, budget = ?, message_cost = ?, margin_share = ?, rate_per_minute = ?, is_tracked = ?, updated_at = ?,
		intent = ?, approval = '', version = version + 1 WHERE id = ? AND version = ?`, c.Name, c.Goal, c.SegmentID, c.TemplateID, c.ControlShare,
		c.ControlMinimum, c.WindowDays, c.Budget, c.MessageCost, c.MarginShare, c.RatePerMinute, c.IsTracked, database.Time(ctx), intent, c.ID, version)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.changed_meanwhile", "Somebody else has changed the campaign meanwhile; look at it again.")
	}
	return nil
}

// move changes the state; from must be where the campaign stands, else fault.Conflict.
func (s *store) move(ctx context.Context, id int64, from, to State, note string) error {
	column := map[State]string{Planned: "planned_at", Finished: "finished_at", Cancelled: "finished_at"}[to]
	set, args := "", []any{}
	if column != "" {
		set, args = ", "+column+" = ?", append(args, database.Time(ctx))
	}
	if to == Running {
		set, args = ", started_at = COALESCE(started_at, ?)", append(args, database.Time(ctx))
	}
	result, err := s.db.Exec(ctx, `UPDATE campaigns SET state = ?, note = ?, start_at = NULL, updated_at = ?, version = version + 1`+set+` WHERE id = ? AND state = ?`,
		append(append([]any{string(to), note, database.Time(ctx)}, args...), id, string(from))...)
	if err != nil {
		return fmt.Errorf("move campaign %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.moved_meanwhile", "The campaign is no longer {state}; look at it again.", "state", string(from))
	}
	return nil
}

func (s *store) setJob(ctx context.Context, id, jobID int64) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET job_id = ? WHERE id = ?`, jobID, id)
	return err
}

func (s *store) setNote(ctx context.Context, id int64, note string) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET note = ? WHERE id = ? AND note <> ?`, note, id, note)
	return err
}

func (s *store) setEntry(ctx context.Context, id, entryID int64) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET journal_entry_id = ? WHERE id = ?`, entryID, id)
	return err
}

// pin fixes what planning has decided.
func (s *store) pin(ctx context.Context, c Campaign, asOfSeq int64, asOf time.Time) error {
	intent, err := c.Intent.text()
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `UPDATE campaigns SET version_id = ?, seed = ?, as_of_seq = ?, as_of = ?, intent = ?, approval = '', winner = '',
		winner_at = NULL, winner_how = '' WHERE id = ?`, c.VersionID, c.Seed, asOfSeq, asOf, intent, c.ID)
	return err
}

func (s *store) archive(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET archived_at = ?, version = version + 1 WHERE id = ?`, database.Time(ctx), id)
	return err
}

// countKey is one row of campaign_counts.
type countKey struct {
	arm    string
	step   Step
	reason string
}

// addToCounts keeps the counters with a change of the ledger.
func (s *store) addToCounts(ctx context.Context, campaignID int64, changes map[countKey]int64) error {
	values := make([]any, 0, 5*len(changes))
	for key, n := range changes {
		if n != 0 {
			values = append(values, campaignID, key.arm, string(key.step), key.reason, n)
		}
	}
	if len(values) == 0 {
		return nil
	}
	return s.db.InsertRows(ctx, "campaign_counts", []string{"campaign_id", "arm", "state", "reason", "count"}, values,
		"ON CONFLICT (campaign_id, arm, state, reason) DO UPDATE SET count = campaign_counts.count + excluded.count")
}
