// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/mail"
	"dangol/internal/mail/dispatch"
	"dangol/internal/platform/fault"
)

type mailCommand struct {
	Test   mailTestCommand   `cmd:"" help:"Send a template to a member of staff."`
	Doctor mailDoctorCommand `cmd:"" help:"What the DNS says about the domain that mails come from: SPF, DKIM, DMARC, MX, reverse name."`
	Queue  mailQueueCommand  `cmd:"" help:"What waits to be sent, and how the relays do."`
}

type mailTestCommand struct {
	To       string `arg:"" help:"Address of a member of staff."`
	Template int64  `help:"Number of the template." required:"" placeholder:"N"`
	Customer int64  `help:"Show it as this customer gets it (default: a made-up one)." placeholder:"N"`
}

// Help teaches by examples.
func (mailTestCommand) Help() string {
	return `Examples:
  dangol mail test kim@example.com --template 3
  dangol mail test kim@example.com --template 3 --customer 1200
Test mails go to members of staff only, because they need no consent.`
}

// Run sends the mail.
func (m mailTestCommand) Run(s *session) (err error) {
	c, err := s.open("mail test")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var result struct {
		Outcome string `json:"outcome"`
		Text    string `json:"text"`
		IsLocal bool   `json:"is_local"`
	}
	body := map[string]any{"template_id": m.Template, "to": m.To}
	if m.Customer != 0 {
		body["customer_id"] = m.Customer
	}
	if err := c.call(s.ctx, "POST", "/api/templates/test", body, &result); err != nil {
		return err
	}
	text := "handed over: " + result.Text
	if result.IsLocal {
		text = "kept in the outbox of the data directory; no mail server is set up"
	}
	return s.print(result, text)
}

type mailDoctorCommand struct {
	Domain string `arg:"" optional:"" help:"Domain (default: the one that mails come from)."`
}

// Help teaches by examples.
func (mailDoctorCommand) Help() string {
	return `Examples:
  dangol mail doctor
  dangol mail doctor news.example.com --json
It ends with status 1 when something is bad, so that a script notices.`
}

// Run asks the DNS.
func (m mailDoctorCommand) Run(s *session) (err error) {
	c, err := s.open("mail doctor")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var page struct {
		Items []mail.Finding `json:"items"`
	}
	if err := c.call(s.ctx, "GET", "/api/mail/doctor?"+url.Values{"domain": {m.Domain}}.Encode(), nil, &page); err != nil {
		return err
	}
	var text strings.Builder
	bad := 0
	for _, f := range page.Items {
		if f.Grade == mail.Bad {
			bad++
		}
		_, _ = fmt.Fprintf(&text, "%-8s%-8s%s\n                %s\n", f.Grade, f.Check, f.Subject, f.Message)
		if f.Found != "" {
			_, _ = fmt.Fprintf(&text, "                found:  %s\n", strings.ReplaceAll(f.Found, "\n", "\n                        "))
		}
		if f.Advice != "" {
			_, _ = fmt.Fprintf(&text, "                advice: %s\n", f.Advice)
		}
	}
	if err := s.print(map[string]any{"items": page.Items}, text.String()); err != nil {
		return err
	}
	if bad > 0 {
		return fault.New(fault.Conflict, "app.mail_sick", "{n} of {all} findings are bad.", "n", bad, "all", len(page.Items))
	}
	return nil
}

type mailQueueCommand struct{}

// Help teaches by examples.
func (mailQueueCommand) Help() string {
	return `Examples:
  dangol mail queue
  dangol mail queue --json`
}

// Run lists campaigns with unfinished messages, single mails that wait or need a decision, and the relays.
func (mailQueueCommand) Run(s *session) (err error) {
	c, err := s.open("mail queue")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var campaigns struct {
		Items []campaign.Campaign `json:"items"`
	}
	var relays struct {
		Items []mail.Relay `json:"items"`
	}
	if err := c.call(s.ctx, "GET", "/api/campaigns?limit=100", nil, &campaigns); err != nil {
		return err
	}
	if err := c.call(s.ctx, "GET", "/api/mail/relays", nil, &relays); err != nil {
		return err
	}
	var text strings.Builder
	waiting := []campaign.Campaign{}
	for _, k := range campaigns.Items {
		isOver := k.State != campaign.Running && k.State != campaign.Paused
		if isOver && k.Counts.Unknown == 0 {
			continue
		}
		waiting = append(waiting, k)
		_, _ = fmt.Fprintf(&text, "#%d\t%s\t%s\t%d planned, %d under way, %d handed over, %d unknown\t%s\n", k.ID, k.State, k.Name, k.Counts.Planned,
			k.Counts.Leased, k.Counts.HandedOver, k.Counts.Unknown, k.Note)
	}
	singles := map[string][]dispatch.Dispatch{}
	for _, state := range []dispatch.State{dispatch.Planned, dispatch.Unknown, dispatch.Failed} {
		var page struct {
			Items []dispatch.Dispatch `json:"items"`
		}
		if err := c.call(s.ctx, "GET", "/api/mail/dispatches?limit=100&state="+string(state), nil, &page); err != nil {
			return err
		}
		singles[string(state)] = page.Items
		for _, d := range page.Items {
			_, _ = fmt.Fprintf(&text, "mail %d\t%s\t%s\t%s\tdue %s\t%s\n", d.ID, d.State, d.Kind, d.Address, d.DueAt.Format(time.RFC3339), d.Reply)
		}
	}
	if len(waiting) == 0 && text.Len() == 0 {
		text.WriteString("nothing waits\n")
	}
	for _, r := range relays.Items {
		_, _ = fmt.Fprintf(&text, "relay\t%s\t%s", r.Name, r.Address)
		if h := r.Health; h != nil {
			_, _ = fmt.Fprintf(&text, "\t%d open, %d sent today %s", h.Open, h.SentToday, h.Problem)
		}
		text.WriteByte('\n')
	}
	return s.print(map[string]any{"campaigns": waiting, "mails": singles, "relays": relays.Items}, text.String())
}
