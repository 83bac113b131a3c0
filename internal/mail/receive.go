// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"dangol/internal/mail/inbound"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

const (
	// previewMost is how much of a mail's text a list shows.
	previewMost = 200
	// receivedMost is the largest mail that is taken; larger ones are refused at the door.
	receivedMost = 40 << 20
)

// ownID finds the recipient in a Message-ID that Letter.Build has made.
var ownID = regexp.MustCompile(`^(c\d+\.r|d)(\d+)\.[0-9a-f]{10,16}@`)

// Receive takes a mail in: it is read, kept, connected with the message it is
// about and with who wrote it, and the ledger hears of it, in one transaction.
// When Receive returns nil the mail is durable; the same mail again changes
// nothing. to are the envelope's recipients where the door knows them.
func (s *Service) Receive(ctx context.Context, door string, to []string, raw []byte) error {
	if len(raw) > receivedMost {
		return fault.New(fault.Invalid, "mail.too_large", "The mail is larger than {most} MB.", "most", receivedMost>>20)
	}
	m, err := inbound.Read(raw)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "mail.no_mail", "That is no mail.")
	}
	ctx = auth.System(ctx, "inbox")
	sum := sha256.Sum256(raw)
	r := Received{
		Kind: m.Kind, State: ReceivedOpen, Sender: m.From, SenderName: m.FromName, Subject: m.Subject, Preview: preview(m.Text),
		Attachments: int64(len(m.Attachments)), door: door, fingerprint: hex.EncodeToString(sum[:]), messageID: m.MessageID, sentAt: m.At,
	}
	if isKnown, err := s.store.hasReceived(ctx, r.fingerprint); err != nil || isKnown {
		return err
	}
	sent, err := s.about(ctx, m, to)
	if err != nil {
		return err
	}
	if err := s.connect(ctx, &r, m, sent); err != nil {
		return err
	}
	file, err := s.files.Put(ctx, bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("keep mail: %w", err)
	}
	r.fileID = file.ID
	err = s.db.Within(ctx, func(ctx context.Context) error { return s.take(ctx, &r, m, sent) })
	if err != nil {
		return fmt.Errorf("receive mail: %w", err)
	}
	s.publish("mail:received", map[string]any{"id": r.ID, "kind": r.Kind})
	return nil
}

// about finds the sent message that a mail speaks of: by the return address it
// came to, else by the Message-ID it answers or returns. Only signed addresses
// are believed for what changes the ledger.
func (s *Service) about(ctx context.Context, m *inbound.Message, to []string) (Sent, error) {
	keys, err := s.Keys(ctx)
	if err != nil {
		return Sent{}, err
	}
	for _, address := range append(append([]string(nil), to...), m.To...) {
		local, _, _ := strings.Cut(address, "@")
		_, token, ok := strings.Cut(local, "+")
		if !ok {
			continue
		}
		if id, err := keys.readReturn(token); err == nil {
			return s.sent(ctx, id)
		}
		if id, err := keys.readDispatch(token); err == nil {
			return s.sentSingle(ctx, id)
		}
	}
	for _, id := range append([]string{m.OriginalID, m.InReplyTo}, m.References...) {
		match := ownID.FindStringSubmatch(id)
		if match == nil {
			continue
		}
		n, err := strconv.ParseInt(match[2], 10, 64)
		if err != nil {
			continue
		}
		find := s.sent
		if strings.HasPrefix(id, "d") {
			find = s.sentSingle
		}
		sent, err := find(ctx, n)
		if err != nil || m.SpeaksOf(sent.Address) {
			return sent, err
		}
	}
	return Sent{}, nil
}

func (s *Service) sent(ctx context.Context, recipientID int64) (Sent, error) {
	if s.ledger == nil {
		return Sent{}, nil
	}
	sent, err := s.ledger.SentTo(ctx, recipientID)
	if fault.Is(err, fault.NotFound) {
		return Sent{}, nil
	}
	return sent, err
}

// sentSingle finds a single mail that was sent outside campaigns.
func (s *Service) sentSingle(ctx context.Context, id int64) (Sent, error) {
	if s.singles == nil {
		return Sent{}, nil
	}
	sent, err := s.singles.SentTo(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Sent{}, nil
	}
	return sent, err
}

// connect says whose mail it is.
func (s *Service) connect(ctx context.Context, r *Received, m *inbound.Message, sent Sent) error {
	r.recipientID, r.recordID, r.CampaignID, r.dispatchID = sent.RecipientID, sent.RecordID, sent.CampaignID, sent.DispatchID
	r.about = firstOf(m.OriginalID, m.InReplyTo)
	r.thread = threadOf(m)
	for _, status := range m.Statuses {
		if r.Reach == "" || status.Reach == inbound.Hard {
			r.Reach, r.Code = status.Reach, status.Code
		}
	}
	if r.Kind != inbound.Reply && r.Kind != inbound.Complaint {
		r.State = ReceivedDone // a machine wrote it; the ledger has taken it in
	}
	if r.recordID != 0 || s.senders == nil || (r.Kind != inbound.Reply && r.Kind != inbound.Automatic) {
		return nil
	}
	var err error
	if r.recordID, err = s.senders.RecordOf(ctx, m.From); err != nil || r.recordID != 0 || r.Kind != inbound.Reply || !strings.Contains(m.From, "@") {
		return err
	}
	// A person who is not known yet becomes a source record, so that nothing they write hangs in the air.
	r.recordID, err = s.senders.EnsureContact(ctx, m.From, m.FromName)
	return err
}

// threadOf names a conversation by its first message.
func threadOf(m *inbound.Message) string {
	if len(m.References) > 0 {
		return m.References[0]
	}
	return firstOf(m.InReplyTo, m.MessageID)
}

// take writes the mail and tells the ledger.
func (s *Service) take(ctx context.Context, r *Received, m *inbound.Message, sent Sent) error {
	r.ReceivedAt = database.Time(ctx)
	isNew, err := s.store.insertReceived(ctx, r)
	if err != nil || !isNew {
		return err
	}
	err = s.journal.Append(ctx, journal.Entry{
		Capability: "mail", Kind: "mail.received", SubjectKind: "mail", SubjectIDs: []int64{r.ID}, RecordID: r.recordID,
		After: fmt.Appendf(nil, `{"kind":%q,"campaign_id":%d}`, r.Kind, r.CampaignID),
	})
	switch {
	case err != nil:
		return err
	case sent.DispatchID != 0 && s.singles != nil:
		return s.singles.Heard(ctx, noticeOf(m, r))
	case sent.RecipientID == 0 || s.ledger == nil:
		return nil
	}
	return s.ledger.Heard(ctx, noticeOf(m, r))
}

// noticeOf is what the ledger hears of a mail.
func noticeOf(m *inbound.Message, r *Received) Notice {
	n := Notice{RecipientID: r.recipientID, DispatchID: r.dispatchID, Kind: m.Kind, Reach: r.Reach, Code: r.Code, At: r.ReceivedAt}
	for _, status := range m.Statuses {
		if status.Diagnostic != "" {
			n.Text = strings.TrimSpace(status.Code + " " + status.Diagnostic)
			break
		}
	}
	return n
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// preview is the first line or two of what somebody wrote, without what they quote.
func preview(text string) string {
	var kept []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, ">") {
			kept = append(kept, line)
		}
	}
	joined := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(kept, " "))
	if runes := []rune(joined); len(runes) > previewMost {
		return string(runes[:previewMost]) + "…"
	}
	return joined
}
