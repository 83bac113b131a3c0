// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

// list is a source of envelopes for addresses, which keeps the results.
type list struct {
	mu      sync.Mutex
	waiting []*mail.Envelope
	results map[string]mail.Result
	before  []string
}

type everybody struct{}

func (everybody) IsStaffAddress(context.Context, string) (bool, error) { return true, nil }

// gate issues permits the only way there is: by asking consent.
func gate(t testing.TB) func(address string) consent.Permit {
	t.Helper()
	s := consent.New(databasetest.SQLite(t, database.Options{}), nil, consent.Options{})
	s.UseStaff(everybody{})
	return func(address string) consent.Permit {
		p, err := s.PermitTest(auth.System(context.Background(), "test"), consent.Email, address)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

func envelopes(permit func(string) consent.Permit, to ...string) *list {
	l := &list{results: map[string]mail.Result{}}
	for _, address := range to {
		e := &mail.Envelope{From: "news@shop.kr", To: address}
		if permit != nil {
			e.Permit = permit(address)
		}
		e.Build = func(dst []byte) ([]byte, error) {
			return append(dst, "Subject: hello\r\n\r\n.dot\r\nfor "+address+"\r\n..two\r\n"...), nil
		}
		e.BeforeHandOver = func() error {
			l.mu.Lock()
			l.before = append(l.before, address)
			l.mu.Unlock()
			return nil
		}
		l.waiting = append(l.waiting, e)
	}
	return l
}

func (l *list) Next(context.Context, bool) *mail.Envelope {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return nil
	}
	e := l.waiting[0]
	l.waiting = l.waiting[1:]
	return e
}

func (l *list) Done(e *mail.Envelope, r mail.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, twice := l.results[e.To]; twice {
		panic("reported twice: " + e.To)
	}
	l.results[e.To] = r
}

func (l *list) outcomes(to ...string) string {
	var words []string
	for _, address := range to {
		words = append(words, string(l.results[address].Outcome))
	}
	return strings.Join(words, " ")
}

func client(t testing.TB, address string) *Client {
	t.Helper()
	c, err := New("smtp://" + address + "?tls=opportunistic")
	if err != nil {
		t.Fatal(err)
	}
	c.Timeouts = Timeouts{Connect: time.Second, Greeting: 300 * time.Millisecond, Command: 300 * time.Millisecond, Data: 300 * time.Millisecond, Final: 300 * time.Millisecond}
	return c
}

func deliver(t testing.TB, c *Client, l *list) error {
	t.Helper()
	k, err := c.Connect(context.Background())
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	return k.Deliver(context.Background(), l)
}

// on makes a reply for one verb and argument.
func on(verb, part, answer string) func(string, string) string {
	return func(v, argument string) string {
		if v == verb && strings.Contains(argument, part) {
			return answer
		}
		return ""
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	permit := gate(t)
	to := []string{"a@x.kr", "b@x.kr", "c@x.kr"}
	cases := []struct {
		name   string
		reply  func(verb, argument string) string
		slow   bool
		want   string
		taken  int
		before int
		breaks bool
	}{
		{"all good", nil, false, "handed_over handed_over handed_over", 3, 3, false},
		{"without pipelining", nil, true, "handed_over handed_over handed_over", 3, 3, false},
		{"no such user", on("RCPT", "b@", "550 5.1.1 user unknown"), false, "handed_over bounced handed_over", 2, 2, false},
		{"no such user without pipelining", on("RCPT", "b@", "550 user unknown"), true, "handed_over bounced handed_over", 2, 2, false},
		{"user unknown in words only", on("RCPT", "b@", "550 No such user here"), false, "handed_over bounced handed_over", 2, 2, false},
		{"blocked by policy", on("RCPT", "b@", "550 5.7.1 blocked, see our page"), false, "handed_over failed handed_over", 2, 2, false},
		{"grey-listed", on("RCPT", "b@", "451 4.7.1 come back later"), false, "handed_over deferred handed_over", 2, 2, false},
		{"sender refused", on("MAIL", "", "553 5.7.1 not your address"), false, "not_sent  ", 0, 0, true},
		{"refused after the dot", on("DOT", "b@", "554 5.6.0 looks like spam"), false, "handed_over failed handed_over", 2, 3, false},
		{"deferred after the dot", on("DOT", "b@", "452 4.3.1 disk full"), false, "handed_over deferred handed_over", 2, 3, false},
		{"cut after the dot", on("DOT", "b@", smtptest.CutAfter), false, "handed_over unknown not_sent", 2, 2, true},
		{"cut before the answer", on("DOT", "b@", smtptest.Cut), false, "handed_over unknown not_sent", 1, 2, true},
		{"stall after the dot", on("DOT", "b@", smtptest.Stall), false, "handed_over unknown not_sent", 1, 2, true},
		{"closing after the dot", on("DOT", "b@", "421 4.3.2 going down"), false, "handed_over deferred not_sent", 1, 2, true},
		{"cut at MAIL", on("MAIL", "", smtptest.Cut), false, "not_sent  ", 0, 0, true},
		{"cut at RCPT", on("RCPT", "b@", smtptest.Cut), false, "handed_over not_sent ", 1, 1, true},
		{"stall at RCPT", on("RCPT", "b@", smtptest.Stall), false, "handed_over not_sent ", 1, 1, true},
		{"stall at DATA", on("DATA", "b@", smtptest.Stall), false, "handed_over not_sent ", 1, 1, true},
		{"cut at DATA", on("DATA", "b@", smtptest.Cut), false, "handed_over not_sent ", 1, 1, true},
		{"closing at MAIL", on("MAIL", "", "421 too many connections"), false, "not_sent  ", 0, 0, true},
		{"nonsense at RCPT", on("RCPT", "b@", "hello there"), false, "handed_over not_sent ", 1, 1, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sink := (&smtptest.Sink{Reply: c.reply, NoPipelining: c.slow}).Start(t)
			l := envelopes(permit, to...)
			err := deliver(t, client(t, sink.Address()), l)
			if (err != nil) != c.breaks {
				t.Errorf("connection: %v", err)
			}
			if got := l.outcomes(to...); got != c.want {
				t.Errorf("outcomes %q, want %q: %v", got, c.want, l.results)
			}
			if len(sink.Messages()) != c.taken || len(l.before) != c.before {
				t.Errorf("taken %d, announced to the ledger %v", len(sink.Messages()), l.before)
			}
			for _, m := range sink.Messages() {
				if want := "Subject: hello\r\n\r\n.dot\r\nfor " + m.To + "\r\n..two\r\n"; string(m.Data) != want || m.From != "news@shop.kr" {
					t.Errorf("message of %s from %s: %q", m.To, m.From, m.Data)
				}
			}
		})
	}
}

func TestNothingGoesWithoutPermit(t *testing.T) {
	t.Parallel()
	sink := (&smtptest.Sink{}).Start(t)
	permit := gate(t)
	l := envelopes(permit, "a@x.kr", "b@x.kr")
	l.waiting[0].Permit = consent.Permit{}
	if err := deliver(t, client(t, sink.Address()), l); err == nil || l.results["a@x.kr"].Outcome != mail.Refused {
		t.Errorf("without a permit: %v %v", err, l.results)
	}
	l = envelopes(permit, "a@x.kr")
	l.waiting[0].Permit = permit("other@x.kr")
	if err := deliver(t, client(t, sink.Address()), l); err == nil || l.results["a@x.kr"].Outcome != mail.Refused {
		t.Errorf("with somebody else's permit: %v %v", err, l.results)
	}
	if len(sink.Messages()) != 0 {
		t.Errorf("taken: %v", sink.Messages())
	}
}

func TestAddressesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	sink := (&smtptest.Sink{}).Start(t)
	permit := gate(t)
	bad := []string{"a@x.kr>\r\nRCPT TO:<b@x.kr", "no-at", "한글@x.kr", "a b@x.kr", "@x.kr"}
	l := envelopes(permit, append(bad, "ok@한국.kr")...)
	if err := deliver(t, client(t, sink.Address()), l); err != nil {
		t.Fatal(err)
	}
	for _, address := range bad {
		if l.results[address].Outcome != mail.Bounced {
			t.Errorf("%q: %v", address, l.results[address])
		}
	}
	if m := sink.Messages(); len(m) != 1 || m[0].To != "ok@xn--3e0b707e.kr" {
		t.Errorf("taken: %v", m)
	}
}

func TestServersThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]func(string, string) string{
		"busy greeting":  on("GREETING", "", "554 no service"),
		"silent":         on("GREETING", "", smtptest.Stall),
		"cut":            on("GREETING", "", smtptest.Cut),
		"stall at EHLO":  on("EHLO", "", smtptest.Stall),
		"endless answer": on("GREETING", "", strings.Repeat("220-x\r\n", 200)),
		"long line":      on("GREETING", "", "220 "+strings.Repeat("x", 9000)),
	} {
		sink := (&smtptest.Sink{Reply: reply}).Start(t)
		if _, err := client(t, sink.Address()).Connect(context.Background()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	closed, _ := net.Listen("tcp", "127.0.0.1:0")
	address := closed.Addr().String()
	_ = closed.Close()
	if _, err := client(t, address).Connect(context.Background()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody listens: %v", err)
	}
	stalls := (&smtptest.Sink{Reply: on("GREETING", "", smtptest.Stall)}).Start(t)
	c := client(t, stalls.Address())
	c.Timeouts.Greeting = time.Minute
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := c.Connect(ctx); err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("a cancelled connect takes %v: %v", time.Since(start), err)
	}
}

// certificate makes one for 127.0.0.1 and writes it where a client can read it.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, path
}

func TestEncryptionAndPasswords(t *testing.T) {
	t.Parallel()
	config, ca := certificate(t)
	permit := gate(t)
	sink := (&smtptest.Sink{TLS: config, Password: "me:p@ss"}).Start(t)
	cases := []struct{ name, address, want string }{
		{"encrypted with password", "smtp://me:p%40ss@" + sink.Address() + "?tls=starttls&ca=" + ca, ""},
		{"wrong password", "smtp://me:no@" + sink.Address() + "?tls=starttls&ca=" + ca, "wrong password"},
		{"unknown certificate", "smtp://me:p%40ss@" + sink.Address() + "?tls=starttls", "certificate"},
	}
	for _, c := range cases {
		made, err := New(c.address)
		if err != nil {
			t.Fatal(err)
		}
		l := envelopes(permit, "a@x.kr")
		err = deliver(t, made, l)
		switch {
		case c.want == "" && (err != nil || l.outcomes("a@x.kr") != "handed_over"):
			t.Errorf("%s: %v %v", c.name, err, l.results)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "p@ss")):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	bare := (&smtptest.Sink{Password: "me:p"}).Start(t)
	made, err := New("smtp://me:p@" + bare.Address() + "?tls=starttls")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.Connect(context.Background()); err == nil || !strings.Contains(err.Error(), "no STARTTLS") {
		t.Errorf("encryption is demanded but not offered: %v", err)
	}
	if strings.Contains(made.Describe(), "p@") || strings.Contains(made.Describe(), "me") {
		t.Errorf("the description tells secrets: %s", made.Describe())
	}
	for _, bad := range []string{"", "http://x", "smtp://", "smtp://x?tls=maybe", "smtp://x?ca=/nowhere"} {
		if _, err := New(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{"250 ok\r\n", "250-a\r\n250 b\r\n", "55x no\r\n", "250\r\n", "250-a\r\n251 b\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := readReply(bufio.NewReader(strings.NewReader(text)))
		if err == nil && (r.code < 200 || r.code > 599 || len(r.lines) == 0) {
			t.Errorf("%q: %+v", text, r)
		}
		if s := r.String(); strings.ContainsAny(s, "\r\n") || len(s) > textLongest {
			t.Errorf("%q: %q", text, s)
		}
	})
}

func BenchmarkDeliver(b *testing.B) {
	sink := (&smtptest.Sink{}).Start(b)
	permit := gate(b)
	to := make([]string, b.N)
	for i := range to {
		to[i] = fmt.Sprintf("a%d@x.kr", i)
	}
	l := &list{results: map[string]mail.Result{}}
	for _, address := range to {
		l.waiting = append(l.waiting, &mail.Envelope{From: "news@shop.kr", To: address, Permit: permit(address), Build: func(dst []byte) ([]byte, error) {
			return append(dst, "Subject: hello\r\n\r\nbody\r\n"...), nil
		}})
	}
	b.ResetTimer()
	if err := deliver(b, client(b, sink.Address()), l); err != nil {
		b.Fatal(err)
	}
}
