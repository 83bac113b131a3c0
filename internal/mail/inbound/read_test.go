// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"
)

// crlf makes a message of a literal.
func crlf(text string) []byte {
	return []byte(strings.ReplaceAll(strings.TrimLeft(text, "\n"), "\n", "\r\n"))
}

const dsn = `
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: bounces+abc@shop.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <n1@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0900

Final-Recipient: rfc822; Kim@example.com
Original-Recipient: rfc822;kim@example.com
Action: ACTION
Status: STATUS
Diagnostic-Code: smtp; DIAGNOSTIC
 folded

--b1
Content-Type: text/rfc822-headers

From: news@shop.example
Message-ID: <orig-7@shop.example>
Subject: hello

--b1--
`

func notice(action, status, diagnostic string) []byte {
	return crlf(strings.NewReplacer("ACTION", action, "STATUS", status, "DIAGNOSTIC", diagnostic).Replace(dsn))
}

func TestDeliveryStatusNotices(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, action, status, diagnostic string
		kind                             Kind
		reach                            Reach
	}{
		{"no such user", "failed", "5.1.1", "550 5.1.1 user unknown", Bounced, Hard},
		{"mailbox disabled", "failed", "5.2.1", "550 disabled", Bounced, Hard},
		{"mailbox full", "failed", "5.2.2", "552 5.2.2 mailbox full", Bounced, Soft},
		{"general code, telling words", "failed", "5.0.0", "550 No such user here", Bounced, Hard},
		{"general code, Korean words", "failed", "5.0.0", "550 존재하지 않는 사용자입니다", Bounced, Hard},
		{"refused as spam is no word on the address", "failed", "5.7.1", "550 5.7.1 blocked by policy", Bounced, Blocked},
		{"permanent error of another kind is not a dead address", "failed", "5.3.4", "552 message too big", Bounced, Blocked},
		{"host gave up after days", "failed", "4.4.7", "delivery time expired", Bounced, Soft},
		{"DNS trouble is no dead address", "failed", "5.4.4", "unable to route", Bounced, Soft},
		{"still trying", "delayed", "4.4.1", "connection timed out", Delayed, ""},
		{"confirmed", "delivered", "2.0.0", "250 ok", Delivered, ""},
		{"relayed to a server without notices", "relayed", "2.0.0", "250 ok", Delivered, ""},
		{"action missing, class 5", "", "5.1.1", "550", Bounced, Hard},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := Read(notice(row.action, row.status, row.diagnostic))
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind != row.kind || len(m.Statuses) != 1 {
				t.Fatalf("kind %s with %d statuses, want %s with 1", m.Kind, len(m.Statuses), row.kind)
			}
			s := m.Statuses[0]
			if s.Address != "kim@example.com" || s.Code != row.status || s.Reach != row.reach {
				t.Errorf("got %+v, want reach %q", s, row.reach)
			}
			if m.OriginalID != "orig-7@shop.example" {
				t.Errorf("original id %q", m.OriginalID)
			}
		})
	}
}

func TestReceiptAndComplaint(t *testing.T) {
	t.Parallel()
	m, err := Read(crlf(`
From: kim@example.com
To: news@shop.example
Subject: Read: hello
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain; charset=utf-8

읽었습니다.
--b
Content-Type: message/disposition-notification

Reporting-UA: mua
Final-Recipient: rfc822;kim@example.com
Original-Message-ID: <orig-9@shop.example>
Disposition: manual-action/MDN-sent-manually; displayed

--b--
`))
	if err != nil || m.Kind != Receipt || m.OriginalID != "orig-9@shop.example" || m.Text != "읽었습니다." {
		t.Errorf("receipt: %+v, %v", m, err)
	}
	m, err = Read(crlf(`
From: fbl@provider.example
To: abuse@shop.example
Subject: FW: Earn money
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <lee@example.net>

--b
Content-Type: message/rfc822

Message-ID: <orig-8@shop.example>
From: news@shop.example
Subject: Earn money

Spam.
--b--
`))
	if err != nil || m.Kind != Complaint || m.OriginalID != "orig-8@shop.example" || len(m.Statuses) != 1 || m.Statuses[0].Address != "lee@example.net" {
		t.Errorf("complaint: %+v, %v", m, err)
	}
}

func TestNoticesWithoutReport(t *testing.T) {
	t.Parallel()
	m, err := Read(crlf(`
Return-Path: <>
From: MAILER-DAEMON@qmail.example
To: bounces@shop.example
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<park@example.org>:
550 sorry, no mailbox here by that name: user unknown

--- Below this line is a copy of the message.

Message-ID: <orig-5@shop.example>
From: news@shop.example
To: park@example.org
`))
	if err != nil || m.Kind != Bounced || m.OriginalID != "orig-5@shop.example" || len(m.Statuses) != 1 || m.Statuses[0].Reach != Hard {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = Read(crlf(`
From: kim@example.com
To: service@shop.example
Subject: Re: your returned mail

My parcel was returned, mail me at other@example.com: 550 won.
`))
	if err != nil || m.Kind != Reply || len(m.Statuses) != 0 {
		t.Errorf("a person's mail taken for a notice: %+v, %v", m, err)
	}
}

func TestPeopleAndAutomata(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, head string
		kind       Kind
	}{
		{"person", "Subject: Re: 문의", Reply},
		{"RFC 3834", "Auto-Submitted: auto-replied", Automatic},
		{"explicit no", "Auto-Submitted: no", Reply},
		{"Korean subject", "Subject: [부재중] 휴가입니다", Automatic},
		{"English subject", "Subject: Out of office: Re: hello", Automatic},
		{"bulk", "Precedence: bulk", Automatic},
	} {
		m, err := Read(crlf("From: a@b.example\n" + row.head + "\nIn-Reply-To: <x@shop.example>\nReferences: <w@shop.example> <x@shop.example>\n\ntext\n"))
		if err != nil || m.Kind != row.kind {
			t.Errorf("%s: %v, %v", row.name, m.Kind, err)
		}
		if m.InReplyTo != "x@shop.example" || len(m.References) != 2 {
			t.Errorf("%s: thread %q %q", row.name, m.InReplyTo, m.References)
		}
	}
}

func TestKoreanMailOfOldPrograms(t *testing.T) {
	t.Parallel()
	raw, err := korean.EUCKR.NewEncoder().String("From: 홍길동 <hong@example.com>\r\nSubject: 주문 문의\r\nContent-Type: text/plain; charset=ks_c_5601-1987\r\n\r\n안녕하세요\r\n")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read([]byte(raw))
	if err != nil || m.Subject != "주문 문의" || m.Text != "안녕하세요\r\n" || m.From != "hong@example.com" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestAttachmentsKeepNoPath(t *testing.T) {
	t.Parallel()
	m, err := Read(crlf(`
From: a@b.example
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

see file
--b
Content-Type: application/pdf; name="../../etc/passwd"
Content-Disposition: attachment; filename="..\..\견적.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b--
`))
	if err != nil || len(m.Attachments) != 1 || m.Attachments[0].Name != "견적.pdf" || string(m.Attachments[0].Content) != "%PDF-" {
		t.Errorf("%+v, %v", m, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(notice("failed", "5.1.1", "550 user unknown"))
	f.Add([]byte("From: a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x--"))
	f.Add([]byte("\xff\xfe: \x00\r\n\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(raw)
		if (m == nil) == (err == nil) {
			t.Fatalf("message %v with error %v", m, err)
		}
		if m == nil {
			return
		}
		if m.Kind == "" || len(m.Text) > mostText || len(m.Statuses) > 4*mostParts {
			t.Errorf("out of bounds: kind %q, %d bytes of text, %d statuses", m.Kind, len(m.Text), len(m.Statuses))
		}
		for _, a := range m.Attachments {
			if a.Name == "" || strings.ContainsAny(a.Name, "/\\\r\n") {
				t.Errorf("unsafe name %q", a.Name)
			}
		}
	})
}
