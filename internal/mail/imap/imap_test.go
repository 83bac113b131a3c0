// SPDX-License-Identifier: Apache-2.0

package imap

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"dangol/internal/platform/fault"
)

// server is an IMAP server with mails in its inbox.
func server(t *testing.T, mails ...string) string {
	t.Helper()
	user := imapmemserver.NewUser("kim", "geheim")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		if _, err := user.Append("INBOX", literal{strings.NewReader(m), int64(len(m))}, &imap.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	memory := imapmemserver.New()
	memory.AddUser(user)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		InsecureAuth: true, Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return "imap://kim:geheim@" + listener.Addr().String()
}

// literal is a reader that knows its size.
type literal struct {
	*strings.Reader
	size int64
}

// Size is the length of the whole.
func (l literal) Size() int64 { return l.size }

func TestFetchesWhatIsNew(t *testing.T) {
	t.Parallel()
	box, err := New(server(t, "Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\ntwo\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	marks, got := map[string]bool{}, []string{}
	look := func() error {
		return box.Each(context.Background(), func(mark string) bool { return marks[mark] }, func(mark string, raw []byte) error {
			marks[mark] = true
			got = append(got, string(raw))
			return nil
		})
	}
	for range 2 { // the second look finds nothing new
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(got, "|") != "Subject: a\r\n\r\none\r\n|Subject: b\r\n\r\ntwo\r\n" {
		t.Errorf("%q", got)
	}
	full := errors.New("disk full")
	err = box.Each(context.Background(), func(string) bool { return false }, func(string, []byte) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

func TestTroubleIsTold(t *testing.T) {
	t.Parallel()
	address := strings.Replace(server(t), "geheim", "falsch", 1)
	box, err := New(address)
	if err != nil {
		t.Fatal(err)
	}
	err = box.Each(context.Background(), func(string) bool { return false }, func(string, []byte) error { return nil })
	if !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "falsch") {
		t.Errorf("%v", err)
	}
	for _, address := range []string{"", "imap://host", "http://a:b@c"} {
		if _, err := New(address); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
