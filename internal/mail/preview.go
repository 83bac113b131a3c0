// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"fmt"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// PreviewOf is what to show: a stored template or a draft, as a customer or as
// a made-up one.
type PreviewOf struct {
	TemplateID int64  `json:"template_id,omitempty"`
	Draft      *Draft `json:"template,omitempty" doc:"An unsaved template; wins over template_id."`
	CustomerID int64  `json:"customer_id,omitempty" doc:"Shown as this customer; 0 is a made-up one."`
}

// Preview is a rendered template with what the check says of it.
type Preview struct {
	Rendered
	Remarks  []Remark `json:"remarks"`
	IsMasked bool     `json:"is_masked" doc:"Personal values are masked; unmask to see them."`
	Bytes    int64    `json:"bytes" doc:"Size of the whole message."`
}

// Preview renders a template. A real customer's values are masked unless the
// person may see them, and then the view is logged.
func (s *Service) Preview(ctx context.Context, of PreviewOf) (Preview, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return Preview{}, err
	}
	t, err := s.subject(ctx, of)
	if err != nil {
		return Preview{}, err
	}
	letter, err := s.Compile(ctx, t, 0, t.Name, nil)
	if err != nil {
		return Preview{}, err
	}
	target, isMasked, err := s.previewTarget(ctx, letter, of.CustomerID)
	if err != nil {
		return Preview{}, err
	}
	sender, err := s.gate.FindSender(ctx, t.Sender)
	if err != nil {
		return Preview{}, err
	}
	rendered, err := letter.Render(target)
	if err != nil {
		return Preview{}, err
	}
	message, err := letter.Build(nil, target)
	if err != nil {
		return Preview{}, err
	}
	remarks := check(t, t.Latest, sender)
	if remarks == nil {
		remarks = []Remark{}
	}
	return Preview{Rendered: rendered, Remarks: remarks, IsMasked: isMasked, Bytes: int64(len(message))}, nil
}

func (s *Service) subject(ctx context.Context, of PreviewOf) (Template, error) {
	if of.Draft == nil {
		return s.store.find(ctx, of.TemplateID)
	}
	d := *of.Draft
	if d.Name == "" {
		d.Name = "preview"
	}
	d.normalise()
	if err := s.checkDraft(ctx, d); err != nil {
		return Template{}, err
	}
	return Template{
		Name: d.Name, Class: d.Class, Sender: d.Sender, Category: d.Category, Reason: d.Reason,
		Latest: Version{Subject: d.Subject, HTML: d.HTML, Body: d.Body, Missing: d.Missing, Pictures: d.Pictures},
	}, nil
}

func (s *Service) previewTarget(ctx context.Context, letter *Letter, customerID int64) (Target, bool, error) {
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return Target{}, false, err
	}
	target := Target{To: "preview@example.com", At: s.db.Now(ctx), Profile: sample(catalogue)}
	if customerID == 0 {
		return target, false, nil
	}
	if err := auth.Check(ctx, "customer:read"); err != nil {
		return target, false, err
	}
	if err := s.store.checkVisible(ctx, customerID); err != nil {
		return target, false, err
	}
	profiles, err := s.Profiles(ctx, []int64{customerID}, letter.Fields())
	if err != nil {
		return target, false, err
	}
	target.Profile = profiles[customerID]
	if !auth.CanSeeClear(ctx) {
		target.Profile = target.Profile.masked(catalogue)
		return target, true, nil
	}
	person := auth.From(ctx)
	err = s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: "mail.preview", Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: []int64{customerID},
	})
	return target, false, err
}

// SendTest sends a template to a member of staff as it would look for a customer.
func (s *Service) SendTest(ctx context.Context, of PreviewOf, to string) (Result, error) {
	if err := auth.Check(ctx, "mail:send"); err != nil {
		return Result{}, err
	}
	t, err := s.subject(ctx, of)
	if err != nil {
		return Result{}, err
	}
	permit, err := s.gate.PermitTest(ctx, "email", to)
	if err != nil {
		return Result{}, err
	}
	letter, err := s.Compile(ctx, t, 0, t.Name, nil)
	if err != nil {
		return Result{}, err
	}
	target, _, err := s.previewTarget(ctx, letter, of.CustomerID)
	if err != nil {
		return Result{}, err
	}
	target.To = to
	result, err := SendOne(ctx, s.transport, &Envelope{
		From: letter.From, To: to, Sender: letter.From, Permit: permit, Build: func(dst []byte) ([]byte, error) { return letter.Build(dst, target) },
	})
	if err != nil {
		return result, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		return s.note(ctx, "mail.test_sent", t.ID, map[string]any{"outcome": result.Outcome, "code": result.Code})
	})
	if err == nil && result.Outcome != HandedOver {
		err = fault.New(fault.Unavailable, "mail.test_failed", "The mail server did not take the test mail: {text}", "text", result.Text)
	}
	return result, err
}

// SendOne hands over a single envelope on a connection of its own.
func SendOne(ctx context.Context, transport Transport, e *Envelope) (Result, error) {
	connection, err := transport.Connect(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("connect to send a mail: %w", err)
	}
	one := &Single{Envelope: e}
	err = connection.Deliver(ctx, one)
	_ = connection.Close()
	if !one.IsDone && err != nil {
		return Result{}, fmt.Errorf("send a mail: %w", err)
	}
	return one.Result, nil
}

// Single is a source of one envelope.
type Single struct {
	Envelope *Envelope
	Result   Result
	IsDone   bool
	isGiven  bool
}

// Next gives the envelope once.
func (s *Single) Next(context.Context, bool) *Envelope {
	if s.isGiven {
		return nil
	}
	s.isGiven = true
	return s.Envelope
}

// Done keeps the result.
func (s *Single) Done(_ *Envelope, r Result) { s.Result, s.IsDone = r, true }

// ListOutbox returns messages of the outbox; addresses are masked for people
// who may not see them.
func (s *Service) ListOutbox(ctx context.Context, to, cursor string, limit int) ([]Kept, string, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, "", err
	}
	if s.outbox == nil {
		return nil, "", nil
	}
	if to != "" && !auth.CanSeeClear(ctx) {
		return nil, "", errMasked()
	}
	list, next, err := s.outbox.List(ctx, to, cursor, limit)
	if err == nil && !auth.CanSeeClear(ctx) {
		for i := range list {
			list[i].To = maskEmail(list[i].To)
			list[i].Subject = maskSubject(list[i].Subject)
		}
	}
	return list, next, err
}

// maskSubject keeps the label of a subject only: the rest may greet a person by name.
func maskSubject(subject string) string {
	label, _, isLabelled := strings.Cut(subject, ") ")
	if isLabelled && strings.HasPrefix(label, "(") {
		return label + ") ***"
	}
	return "***"
}

func errMasked() error {
	return fault.New(fault.Forbidden, "auth.masked", "Messages hold personal values; state a purpose and unmask first.")
}

// FindOutbox returns a message of the outbox to people who may see personal values, and logs it.
func (s *Service) FindOutbox(ctx context.Context, id string) (KeptMessage, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return KeptMessage{}, err
	}
	if s.outbox == nil {
		return KeptMessage{}, notKept(id)
	}
	if !auth.CanSeeClear(ctx) {
		return KeptMessage{}, errMasked()
	}
	m, err := s.outbox.Find(id)
	if err != nil {
		return m, err
	}
	customers, err := s.store.customersByEmail(ctx, m.To)
	if err != nil {
		return m, err
	}
	person := auth.From(ctx)
	return m, s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: "mail.outbox_read", Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: customers, Detail: id,
	})
}
