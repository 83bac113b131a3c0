// SPDX-License-Identifier: Apache-2.0

package direct

import (
	"context"
	"net"
	"testing"

	"dangol/internal/mail"
	"dangol/internal/mail/smtp/smtptest"
)

type fakeDNS map[string][]*net.MX

func (f fakeDNS) LookupMX(_ context.Context, domain string) ([]*net.MX, error) {
	if list, ok := f[domain]; ok {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
}

type source struct {
	to      []string
	results map[string]mail.Result
}

func (s *source) Next(context.Context, bool) *mail.Envelope {
	if len(s.to) == 0 {
		return nil
	}
	e := &mail.Envelope{From: "news@shop.kr", To: s.to[0], Build: func(dst []byte) ([]byte, error) { return append(dst, "Subject: x\r\n\r\nx\r\n"...), nil }}
	s.to = s.to[1:]
	return e
}

func (s *source) Done(e *mail.Envelope, r mail.Result) { s.results[e.To] = r }

// Without a permit nothing goes out even here: the gate is asked by the SMTP
// client, so that the outcome is "refused" and the host's answer is not reached.
// What is tested is which hosts are asked.
func TestHostsOfDomains(t *testing.T) {
	t.Parallel()
	sink := (&smtptest.Sink{}).Start(t)
	host, port, err := net.SplitHostPort(sink.Address())
	if err != nil {
		t.Fatal(err)
	}
	transport := New("mail.shop.kr")
	transport.Port = port
	transport.Resolver = fakeDNS{
		"x.kr":    {{Host: "127.0.0.9.", Pref: 5}, {Host: host + ".", Pref: 20}}, // the preferred host is away
		"null.kr": {{Host: ".", Pref: 0}},
		"away.kr": {{Host: "127.0.0.9.", Pref: 5}},
	}
	c, err := transport.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	s := &source{to: []string{"a@x.kr", "a@null.kr", "a@away.kr"}, results: map[string]mail.Result{}}
	if err := c.Deliver(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for to, want := range map[string]mail.Outcome{"a@x.kr": mail.Refused, "a@null.kr": mail.Bounced, "a@away.kr": mail.Deferred} {
		if got := s.results[to]; got.Outcome != want {
			t.Errorf("%s: %+v, want %s", to, got, want)
		}
	}
}
