// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"fmt"
	"io"
	"time"

	"dangol/internal/customer"
	"dangol/internal/mail/inbound"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// openMost caps the count of waiting mails: "99+" says enough.
const openMost = 100

// ListReceived returns a page of the inbox, the newest first, masked unless a
// purpose was stated.
func (s *Service) ListReceived(ctx context.Context, f ReceivedFilter) ([]Received, string, error) {
	if err := auth.Check(ctx, "mail:inbox"); err != nil {
		return nil, "", err
	}
	list, next, err := s.store.listReceived(ctx, f)
	if err != nil {
		return nil, "", err
	}
	return list, next, s.show(ctx, "mail.inbox", list)
}

// show masks the mails, or writes down whose data was shown.
func (s *Service) show(ctx context.Context, work string, list []Received) error {
	var subjects []int64
	isClear := auth.CanSeeClear(ctx)
	for i := range list {
		if !isClear {
			list[i].mask()
		} else if list[i].CustomerID != 0 {
			subjects = append(subjects, list[i].CustomerID)
		}
	}
	if len(subjects) == 0 || auth.From(ctx).IsSystem {
		return nil
	}
	person := auth.From(ctx)
	return s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: work, Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: subjects,
	})
}

// CountOpen counts the mails that wait, up to openMost.
func (s *Service) CountOpen(ctx context.Context) (int64, error) {
	if err := auth.Check(ctx, "mail:inbox"); err != nil {
		return 0, err
	}
	return s.store.countOpen(ctx, openMost)
}

// FindReceived returns a mail with its content, or fault.NotFound.
func (s *Service) FindReceived(ctx context.Context, id int64) (ReceivedMessage, error) {
	out := ReceivedMessage{To: []string{}, Statuses: []inbound.Status{}, Files: []ReceivedFile{}, Notes: []string{}, Thread: []Received{}, Remarks: []StaffNote{}}
	if err := auth.Check(ctx, "mail:inbox"); err != nil {
		return out, err
	}
	r, err := s.store.findReceived(ctx, id)
	if err != nil {
		return out, err
	}
	thread, err := s.store.listThread(ctx, r)
	if err != nil {
		return out, err
	}
	all := append([]Received{r}, thread...)
	if err := s.show(ctx, "mail.read", all); err != nil {
		return out, err
	}
	out.Received, out.Thread = all[0], append(out.Thread, all[1:]...)
	if out.IsMasked = !auth.CanSeeClear(ctx); out.IsMasked {
		return out, nil
	}
	remarks, err := s.store.listNotes(ctx, r.ID)
	if err != nil {
		return out, err
	}
	m, err := s.open(ctx, r)
	if err != nil {
		return out, err
	}
	out.Remarks = append(out.Remarks, remarks...)
	out.To, out.Text, out.HTML = append(out.To, m.To...), m.Text, m.Sanitised()
	out.Statuses, out.Notes = append(out.Statuses, m.Statuses...), append(out.Notes, m.Notes...)
	for _, a := range m.Attachments {
		out.Files = append(out.Files, ReceivedFile{Name: a.Name, Type: a.Type, Size: a.Size})
	}
	return out, nil
}

// open reads the kept mail.
func (s *Service) open(ctx context.Context, r Received) (*inbound.Message, error) {
	content, err := s.files.Open(ctx, r.fileID)
	if err != nil {
		return nil, fmt.Errorf("open mail %d: %w", r.ID, err)
	}
	defer func() { _ = content.Close() }()
	raw, err := io.ReadAll(io.LimitReader(content, receivedMost))
	if err != nil {
		return nil, fmt.Errorf("read mail %d: %w", r.ID, err)
	}
	return inbound.Read(raw)
}

// FindReceivedFile returns an attachment by its place; content is personal, so a purpose is needed.
func (s *Service) FindReceivedFile(ctx context.Context, id int64, place int) (inbound.Attachment, error) {
	none := inbound.Attachment{}
	if err := auth.Check(ctx, "mail:inbox"); err != nil {
		return none, err
	}
	if !auth.CanSeeClear(ctx) {
		return none, fault.New(fault.Forbidden, "mail.masked", "State a purpose to see personal values first.")
	}
	r, err := s.store.findReceived(ctx, id)
	if err != nil {
		return none, err
	}
	if err := s.show(ctx, "mail.attachment", []Received{r}); err != nil {
		return none, err
	}
	m, err := s.open(ctx, r)
	if err != nil {
		return none, err
	}
	if place < 0 || place >= len(m.Attachments) {
		return none, fault.New(fault.NotFound, "mail.no_attachment", "The mail has no such attachment.")
	}
	return m.Attachments[place], nil
}

// TimelineName says whose events these are.
func (s *Service) TimelineName() string { return "mail" }

// timelineMost bounds what is read of one customer.
const timelineMost = 2000

// Timeline returns what the records of a customer wrote, newest first.
func (s *Service) Timeline(ctx context.Context, subject customer.Subject, before customer.Position, limit int) ([]customer.TimelineItem, error) {
	if len(subject.RecordIDs) == 0 {
		return nil, nil
	}
	list, err := s.store.receivedOf(ctx, subject.RecordIDs, timelineMost)
	if err != nil {
		return nil, err
	}
	isClear := auth.CanSeeClear(ctx)
	var items []customer.TimelineItem
	for _, r := range list {
		if r.Kind != inbound.Reply && r.Kind != inbound.Automatic && r.Kind != inbound.Receipt && r.Kind != inbound.Complaint {
			continue // notices of servers stand in the campaign's own line
		}
		item := customer.TimelineItem{
			At: r.ReceivedAt, Capability: "mail", Kind: "mail." + string(r.Kind), ID: r.ID, RecordID: r.recordID, URL: fmt.Sprintf("/inbox?mail=%d", r.ID),
		}
		if isClear {
			item.Title = r.Subject
		}
		if before.Passed(item) && len(items) < limit {
			items = append(items, item)
		}
	}
	return items, nil
}

// EachReceived calls emit with the time of each mail that somebody wrote to the company.
func (s *Service) EachReceived(ctx context.Context, emit func(at time.Time) error) error {
	return s.store.eachReceived(ctx, func(at int64) error { return emit(moment(at)) })
}
