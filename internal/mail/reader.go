// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// ChangeReceived settles, archives or assigns a mail.
func (s *Service) ChangeReceived(ctx context.Context, id int64, c ReceivedChange) (Received, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return Received{}, err
	}
	before, err := s.store.findReceived(ctx, id)
	if err != nil {
		return before, err
	}
	if c.State != "" && !slices.Contains([]string{ReceivedOpen, ReceivedDone, ReceivedArchived}, c.State) {
		return before, fault.New(fault.Invalid, "mail.bad_state", "{state} is no state of a mail.", "state", c.State)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if c.AssigneeID != nil && *c.AssigneeID != 0 {
			if err := s.store.checkPerson(ctx, *c.AssigneeID); err != nil {
				return err
			}
		}
		if err := s.store.changeReceived(ctx, id, c); err != nil {
			return err
		}
		return s.logChange(ctx, before, c)
	})
	if err != nil {
		return before, err
	}
	s.publish("mail:received", map[string]any{"id": id})
	after, err := s.store.findReceived(ctx, id)
	if err == nil && !auth.CanSeeClear(ctx) {
		after.mask()
	}
	return after, err
}

// AddNote writes what staff tell each other about a mail.
func (s *Service) AddNote(ctx context.Context, id int64, text string) (StaffNote, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return StaffNote{}, err
	}
	person := auth.From(ctx)
	n := StaffNote{Text: strings.TrimSpace(text), PersonID: person.ID, Person: person.Name}
	if n.Text == "" {
		return n, fault.New(fault.Invalid, "mail.no_note", "The note is empty.")
	}
	r, err := s.store.findReceived(ctx, id)
	if err != nil {
		return n, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		n.CreatedAt = database.Time(ctx)
		if err := s.store.insertNote(ctx, r.ID, &n); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{
			Capability: "mail", Kind: "mail.noted", SubjectKind: "mail", SubjectIDs: []int64{id}, RecordID: r.recordID,
		})
	})
	if err == nil {
		s.publish("mail:received", map[string]any{"id": id})
	}
	return n, err
}

// NotePrint writes down whose data is printed, with the stated purpose (L-SEC).
func (s *Service) NotePrint(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:inbox"); err != nil {
		return err
	}
	r, err := s.store.findReceived(ctx, id)
	if err != nil {
		return err
	}
	if !auth.CanSeeClear(ctx) {
		return fault.New(fault.Forbidden, "mail.masked", "State a purpose to see personal values first.")
	}
	return s.show(ctx, "mail.print", []Received{r})
}

// Original is a received mail as an answer or a forwarded copy needs it.
type Original struct {
	ID, RecordID, CustomerID int64
	Sender, SenderName       string
	Subject, Text            string
	MessageID                string
	References               []string
	Thread                   string
	At                       time.Time
	Files                    int
}

// OriginalOf reads a received mail to be answered or forwarded, or fault.NotFound.
// Who answers must be allowed to see it.
func (s *Service) OriginalOf(ctx context.Context, id int64) (Original, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return Original{}, err
	}
	r, err := s.store.findReceived(ctx, id)
	if err != nil {
		return Original{}, err
	}
	if !auth.CanSeeClear(ctx) {
		return Original{}, fault.New(fault.Forbidden, "mail.masked", "State a purpose to see personal values first.")
	}
	m, err := s.open(ctx, r)
	if err != nil {
		return Original{}, err
	}
	o := Original{
		ID: r.ID, RecordID: r.recordID, CustomerID: r.CustomerID, Sender: r.Sender, SenderName: r.SenderName, Subject: r.Subject, Text: m.Text,
		MessageID: r.messageID, References: m.References, Thread: r.thread, At: r.ReceivedAt, Files: len(m.Attachments),
	}
	if strings.TrimSpace(o.Text) == "" {
		o.Text = textOf(m.HTML)
	}
	return o, nil
}

// Answered settles a mail that was answered, unless somebody else changed it meanwhile,
// and gives it to who answered when nobody has it in hand.
func (s *Service) Answered(ctx context.Context, id int64, isDone bool) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.findReceived(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.answered(ctx, id, isDone); err != nil {
			return err
		}
		c := ReceivedChange{Version: before.Version}
		if person := auth.From(ctx).ID; before.AssigneeID == 0 && person != 0 {
			c.AssigneeID = &person
		}
		if isDone && before.State == ReceivedOpen {
			c.State = ReceivedDone
		}
		if c.AssigneeID == nil && c.State == "" {
			return nil
		}
		return s.logChange(ctx, before, c)
	})
}

// logChange keeps in the journal what was changed of a received mail.
func (s *Service) logChange(ctx context.Context, before Received, c ReceivedChange) error {
	after, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "mail", Kind: "mail.received_changed", SubjectKind: "mail", SubjectIDs: []int64{before.ID}, RecordID: before.recordID, After: after,
	})
}

// conditions is the filter in SQL.
func (f ReceivedFilter) conditions(ctx context.Context) (string, []any) {
	where, args := "", []any{}
	add := func(condition string, values ...any) { where, args = where+" AND "+condition, append(args, values...) }
	switch f.State {
	case "", "all":
		add("m.state <> 'archived'")
	default:
		add("m.state = ?", f.State)
	}
	if len(f.Kinds) > 0 {
		kinds := make([]any, 0, len(f.Kinds))
		for _, k := range f.Kinds {
			kinds = append(kinds, string(k))
		}
		add("m.kind IN ("+database.Marks(len(kinds))+")", kinds...)
	}
	switch f.Assignee {
	case "":
	case "mine":
		add("m.assignee_id = ?", auth.From(ctx).ID)
	case "none":
		add("m.assignee_id IS NULL")
	default:
		add("CAST(m.assignee_id AS TEXT) = ?", f.Assignee)
	}
	if f.HasFiles {
		add("m.attachments > 0")
	}
	if f.CustomerID != 0 {
		add("c.id = ?", f.CustomerID)
	}
	if words := strings.Fields(strings.ToLower(f.Search)); len(words) > 0 {
		for _, word := range words {
			like := "%" + likeEscape.Replace(word) + "%"
			condition := "LOWER(m.sender) LIKE ? ESCAPE '!' OR LOWER(m.sender_name) LIKE ? ESCAPE '!' OR LOWER(m.subject) LIKE ? ESCAPE '!'" +
				" OR LOWER(m.preview) LIKE ? ESCAPE '!' OR LOWER(COALESCE(c.full_name, '')) LIKE ? ESCAPE '!'"
			add("("+condition+")", like, like, like, like, like)
		}
	}
	return where, args
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// QuoteOf is the beginning of an answer or a forwarded copy: what was written before,
// with who wrote it when.
func QuoteOf(o Original, zone *time.Location, isForward bool) string {
	who := o.Sender
	if o.SenderName != "" {
		who = o.SenderName + " <" + o.Sender + ">"
	}
	at := o.At.In(zone).Format("2006-01-02 15:04")
	if isForward {
		return fmt.Sprintf("\n\n---------- 전달한 메일 / Forwarded message ----------\n보낸 사람: %s\n날짜: %s\n제목: %s\n\n%s\n", who, at, o.Subject, o.Text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n\n%s %s:\n", at, who)
	for _, line := range strings.Split(strings.TrimRight(o.Text, "\n"), "\n") {
		b.WriteString("> " + strings.TrimRight(line, "\r") + "\n")
	}
	return b.String()
}
