// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"dangol/internal/mail/inbound"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const receivedColumns = `m.id, m.kind, m.state, m.sender, m.sender_name, m.subject, m.preview, m.reach, m.code, m.attachments,
	COALESCE(c.id, 0), COALESCE(c.full_name, ''), COALESCE(m.campaign_id, 0), COALESCE(g.name, ''), m.received_at, m.settled_at, m.version,
	m.file_id, COALESCE(m.record_id, 0), COALESCE(m.recipient_id, 0), m.message_id, m.thread, COALESCE(m.assignee_id, 0), COALESCE(a.name, ''),
	(SELECT COUNT(*) FROM received_notes n WHERE n.mail_id = m.id),
	(SELECT MAX(d.created_at) FROM dispatches d WHERE d.thread = m.thread AND m.thread <> '' AND d.mail_id = m.id AND d.kind = 'answer')
	FROM received_mails m LEFT JOIN record_links k ON k.record_id = m.record_id LEFT JOIN customers c ON c.id = k.customer_id
	LEFT JOIN campaigns g ON g.id = m.campaign_id LEFT JOIN people a ON a.id = m.assignee_id`

func scanReceived(rows *sql.Rows) (Received, error) {
	var r Received
	var received int64
	var settled, answered *int64
	err := rows.Scan(&r.ID, &r.Kind, &r.State, &r.Sender, &r.SenderName, &r.Subject, &r.Preview, &r.Reach, &r.Code, &r.Attachments,
		&r.CustomerID, &r.CustomerName, &r.CampaignID, &r.CampaignName, &received, &settled, &r.Version,
		&r.fileID, &r.recordID, &r.recipientID, &r.messageID, &r.thread,
		&r.AssigneeID, &r.Assignee, &r.NoteCount, &answered)
	r.ReceivedAt = moment(received)
	if settled != nil {
		at := moment(*settled)
		r.SettledAt = &at
	}
	if answered != nil {
		at := moment(*answered)
		r.AnsweredAt = &at
	}
	return r, err
}

// seen limits mails to those of customers whom the person may see; mails of
// nobody known are everybody's who reads the inbox.
func seen(ctx context.Context) (string, []any) {
	scope, args := auth.ScopeSQL(ctx, "c")
	return "(c.id IS NULL OR (" + scope + "))", args
}

func (s *store) hasReceived(ctx context.Context, fingerprint string) (bool, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM received_mails WHERE fingerprint = ?`, fingerprint)
	return n > 0, err
}

// insertReceived writes a mail; false says that it is there already.
func (s *store) insertReceived(ctx context.Context, r *Received) (bool, error) {
	id, err := s.db.NextID(ctx, "received_mails")
	if err != nil {
		return false, err
	}
	var sent any
	if !r.sentAt.IsZero() {
		sent = r.sentAt.UnixMicro()
	}
	result, err := s.db.Exec(ctx, `INSERT INTO received_mails (id, fingerprint, door, kind, state, sender, sender_name, subject, preview, message_id,
		thread, about, reach, code, file_id, attachments, record_id, recipient_id, campaign_id, sent_at, received_at, dispatch_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING`,
		id, r.fingerprint, r.door, string(r.Kind), r.State, r.Sender, r.SenderName, r.Subject, r.Preview, r.messageID,
		r.thread, r.about, string(r.Reach), r.Code, r.fileID, r.Attachments, none(r.recordID), none(r.recipientID), none(r.CampaignID),
		sent, r.ReceivedAt.UnixMicro(), none(r.dispatchID))
	if err != nil {
		return false, fmt.Errorf("write received mail: %w", err)
	}
	n, err := result.RowsAffected()
	r.ID = id
	return n == 1, err
}

// none writes 0 as NULL.
func none(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (s *store) listReceived(ctx context.Context, f ReceivedFilter) ([]Received, string, error) {
	where, args := seen(ctx)
	more, values := f.conditions(ctx)
	where, args = where+more, append(args, values...)
	if f.Cursor != "" {
		id, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "mail.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where, args = where+" AND m.id < ?", append(args, id)
	}
	list, err := database.List(ctx, s.db, scanReceived, "SELECT "+receivedColumns+" WHERE "+where+" ORDER BY m.id DESC LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list received mails: %w", err)
	}
	if len(list) <= f.Limit {
		return list, "", nil
	}
	return list[:f.Limit], strconv.FormatInt(list[f.Limit-1].ID, 10), nil
}

func (s *store) findReceived(ctx context.Context, id int64) (Received, error) {
	where, args := seen(ctx)
	list, err := database.List(ctx, s.db, scanReceived, "SELECT "+receivedColumns+" WHERE "+where+" AND m.id = ?", append(args, id)...)
	if err != nil {
		return Received{}, fmt.Errorf("find received mail %d: %w", id, err)
	}
	if len(list) == 0 {
		return Received{}, fault.New(fault.NotFound, "mail.not_received", "There is no received mail {id}.", "id", id)
	}
	return list[0], nil
}

// threadMost bounds the conversation shown beside a mail.
const threadMost = 50

func (s *store) listThread(ctx context.Context, r Received) ([]Received, error) {
	if r.thread == "" {
		return nil, nil
	}
	where, args := seen(ctx)
	list, err := database.List(ctx, s.db, scanReceived, "SELECT "+receivedColumns+" WHERE "+where+" AND m.thread = ? AND m.id <> ? ORDER BY m.id LIMIT ?",
		append(args, r.thread, r.ID, threadMost)...)
	if err != nil {
		return nil, fmt.Errorf("list conversation: %w", err)
	}
	return list, nil
}

// changeReceived sets state and assignee; a version other than the row's is a conflict.
func (s *store) changeReceived(ctx context.Context, id int64, c ReceivedChange) error {
	set, args := "version = version + 1", []any{}
	if c.State != "" {
		var settled any
		if c.State != ReceivedOpen {
			settled = database.Time(ctx).UnixMicro()
		}
		set, args = set+", state = ?, settled_at = ?, person_id = ?", append(args, c.State, settled, none(auth.From(ctx).ID))
	}
	if c.AssigneeID != nil {
		set, args = set+", assignee_id = ?", append(args, none(*c.AssigneeID))
	}
	result, err := s.db.Exec(ctx, "UPDATE received_mails SET "+set+" WHERE id = ? AND version = ?", append(args, id, c.Version)...)
	if err != nil {
		return fmt.Errorf("change received mail %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "mail.changed", "Somebody else has changed the mail meanwhile; look at it again.")
}

// countOpen counts what waits in the inbox, at most most.
func (s *store) countOpen(ctx context.Context, most int) (n int64, err error) {
	where, args := seen(ctx)
	err = s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT m.id FROM received_mails m LEFT JOIN record_links k ON k.record_id = m.record_id
		LEFT JOIN customers c ON c.id = k.customer_id WHERE `+where+` AND m.state = 'open' LIMIT ?) AS o`, append(args, most)...)
	return n, err
}

// receivedOf lists the mails of records, newest first.
func (s *store) receivedOf(ctx context.Context, records []int64, most int) ([]Received, error) {
	args := make([]any, 0, len(records)+1)
	for _, id := range records {
		args = append(args, id)
	}
	list, err := database.List(ctx, s.db, scanReceived, "SELECT "+receivedColumns+" WHERE m.record_id IN ("+database.Marks(len(records))+
		") ORDER BY m.id DESC LIMIT ?", append(args, most)...)
	if err != nil {
		return nil, fmt.Errorf("list mails of records: %w", err)
	}
	return list, nil
}

// seenMarks answers which marks of a mailbox were read.
func (s *store) seenMarks(ctx context.Context, mailbox string) (map[string]bool, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (string, error) {
		var mark string
		return mark, rows.Scan(&mark)
	}, `SELECT mark FROM mailbox_marks WHERE mailbox = ?`, mailbox)
	if err != nil {
		return nil, fmt.Errorf("read marks of mailbox: %w", err)
	}
	marks := make(map[string]bool, len(list))
	for _, mark := range list {
		marks[mark] = true
	}
	return marks, nil
}

func (s *store) addMark(ctx context.Context, mailbox, mark string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO mailbox_marks (mailbox, mark, read_at) VALUES (?, ?, ?) ON CONFLICT (mailbox, mark) DO NOTHING`,
		mailbox, mark, database.Time(ctx).UnixMicro())
	return err
}

// eachReceived streams the times of mails that people wrote; machines' answers are left out.
func (s *store) eachReceived(ctx context.Context, emit func(at int64) error) error {
	return database.Stream(ctx, s.db, database.ScanInt, emit, `SELECT received_at FROM received_mails WHERE kind = ? ORDER BY received_at`, string(inbound.Reply))
}
