// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

// Memo is a plain mail to a member of staff, with at most one file.
type Memo struct {
	To, Subject, Text  string
	FileName, FileType string
	File               []byte
}

// SendMemo hands a memo over. The gate lets it through only when the address
// belongs to a member of staff, so that nothing leaves the company by it.
func (s *Service) SendMemo(ctx context.Context, n Memo) error {
	permit, err := s.gate.PermitTest(ctx, consent.Email, n.To)
	if err != nil {
		return err
	}
	from := s.options.From
	if from == "" {
		from = "Dangol <" + n.To + ">" // no sender is set up: staff write to themselves
	}
	address, err := netmail.ParseAddress(from)
	if err != nil {
		return fault.New(fault.Invalid, "mail.bad_from", "The setting mail.from is no address: {from}", "from", from)
	}
	result, err := SendOne(ctx, s.transport, &Envelope{
		From: address.Address, To: n.To, Sender: address.Address, Permit: permit,
		Build: func(dst []byte) ([]byte, error) { return n.build(dst, address, s.db.Now(ctx).In(s.options.Zone)) },
	})
	if err == nil && result.Outcome != HandedOver {
		err = fault.New(fault.Unavailable, "mail.memo_failed", "The mail server did not take the mail: {text}", "text", result.Text)
	}
	return err
}

func (n *Memo) build(dst []byte, from *netmail.Address, at time.Time) ([]byte, error) {
	token := make([]byte, 12)
	if _, err := rand.Read(token); err != nil {
		return dst, fmt.Errorf("write a memo: %w", err)
	}
	boundary := "=_" + hex.EncodeToString(token)
	_, domain, _ := strings.Cut(from.Address, "@")
	for _, line := range [][2]string{
		{"From", from.String()},
		{"To", "<" + n.To + ">"},
		{"Subject", encodeHeader(n.Subject)},
		{"Date", at.Format(time.RFC1123Z)},
		{"Message-ID", "<n" + boundary[2:] + "@" + domain + ">"},
		{"MIME-Version", "1.0"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: nobody's answering machine is to reply
		{"Content-Type", "multipart/mixed; boundary=\"" + boundary + "\""},
	} {
		dst = append(dst, line[0]+": "+line[1]+"\r\n"...)
	}
	dst = append(dst, "\r\n--"+boundary+"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
	dst = appendBase64(dst, []byte(n.Text))
	if len(n.File) > 0 {
		dst = append(dst, "--"+boundary+"\r\nContent-Type: "+n.FileType+"\r\nContent-Disposition: attachment; filename=\""+n.FileName+
			"\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
		dst = appendBase64(dst, n.File)
	}
	return append(dst, "--"+boundary+"--\r\n"...), nil
}
