// SPDX-License-Identifier: Apache-2.0

package pop3

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"dangol/internal/platform/fault"
)

// maildrop is a POP3 server with mails of the marks a, b, c; it notes the commands.
func maildrop(t *testing.T, misbehave map[string]string) (address string, commands *[]string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	commands = &[]string{}
	done := make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-done })
	answers := map[string]string{
		"USER kim": "+OK", "PASS geheim": "+OK", "QUIT": "+OK",
		"LIST": "+OK\r\n1 10\r\n2 10\r\n3 99999999\r\n.", "UIDL": "+OK\r\n1 a\r\n2 b\r\n3 c\r\n.",
		"RETR 1": "+OK\r\nSubject: a\r\n\r\n..dot\r\n.", "RETR 2": "+OK\r\nSubject: b\r\n\r\ntext\r\n.",
		"DELE 1": "+OK", "DELE 2": "+OK",
	}
	for command, answer := range misbehave {
		answers[command] = answer
	}
	go func() {
		defer close(done)
		raw, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = raw.Close() }()
		_, _ = fmt.Fprint(raw, "+OK hello\r\n")
		reader := bufio.NewReader(raw)
		for {
			line, err := reader.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimSpace(line)
			*commands = append(*commands, line)
			answer, known := answers[line]
			if !known {
				answer = "-ERR what?"
			}
			if answer == "cut" {
				return
			}
			_, _ = fmt.Fprint(raw, answer+"\r\n")
			if line == "QUIT" {
				return
			}
		}
	}()
	return "pop3://kim:geheim@" + listener.Addr().String(), commands
}

func TestFetchesWhatIsNew(t *testing.T) {
	t.Parallel()
	address, commands := maildrop(t, nil)
	box, err := New(address + "?delete=1")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err = box.Each(context.Background(), func(mark string) bool { return mark == "b" }, func(mark string, raw []byte) error {
		got[mark] = string(raw)
		return nil
	})
	if err != nil || len(got) != 1 || got["a"] != "Subject: a\n\n.dot\n" {
		t.Errorf("%q, %v", got, err)
	}
	if want := "USER kim|PASS geheim|LIST|UIDL|RETR 1|DELE 1|DELE 2|QUIT"; strings.Join(*commands, "|") != want {
		t.Errorf("%v, want %s (what was known before goes, what is too large stays)", *commands, want)
	}
}

func TestNothingIsRemovedThatWasNotKept(t *testing.T) {
	t.Parallel()
	address, commands := maildrop(t, nil)
	box, err := New(address + "?delete=1")
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err = box.Each(context.Background(), func(string) bool { return false }, func(string, []byte) error { return full })
	if !errors.Is(err, full) || strings.Contains(strings.Join(*commands, "|"), "DELE") {
		t.Errorf("%v, %v", err, *commands)
	}
}

func TestTroubleIsTold(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		misbehave map[string]string
		kind      fault.Kind
	}{
		"wrong password":  {map[string]string{"PASS geheim": "-ERR no"}, fault.Unavailable},
		"cut at the list": {map[string]string{"UIDL": "cut"}, ""},
		"cut at a mail":   {map[string]string{"RETR 1": "cut"}, ""},
	} {
		address, _ := maildrop(t, row.misbehave)
		box, err := New(address)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		err = box.Each(ctx, func(string) bool { return false }, func(string, []byte) error { return nil })
		cancel()
		if err == nil || (row.kind != "" && !fault.Is(err, row.kind)) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, address := range []string{"", "pop3://host", "http://a:b@c", "pop3://a%0d%0aDELE:b@c"} {
		if _, err := New(address); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
