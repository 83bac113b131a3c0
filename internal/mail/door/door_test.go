// SPDX-License-Identifier: Apache-2.0

package door

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"dangol/internal/platform/fault"
)

// box keeps what comes in, or fails.
type box struct {
	mu   sync.Mutex
	kept []string
	fail error
}

func (b *box) Receive(_ context.Context, _ string, to []string, raw []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail == nil {
		b.kept = append(b.kept, strings.Join(to, ",")+"|"+string(raw))
	}
	return b.fail
}

// opened starts a door and connects to it.
func opened(t *testing.T, inbox *box) *textproto.Conn {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	address, ended := make(chan string, 1), make(chan error, 1)
	d := &Door{Address: "127.0.0.1:0", Takes: []string{"bounce@shop.kr", "service@shop.kr"}, Inbox: inbox}
	go func() { ended <- d.Listen(ctx, func(a string) { address <- a }) }()
	raw, err := net.Dial("tcp", <-address)
	if err != nil {
		t.Fatal(err)
	}
	c := textproto.NewConn(raw)
	t.Cleanup(func() {
		_ = c.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if _, _, err := c.ReadResponse(220); err != nil {
		t.Fatal(err)
	}
	return c
}

// say sends a line and answers the code of the reply.
func say(t *testing.T, c *textproto.Conn, line string) int {
	t.Helper()
	if err := c.PrintfLine("%s", line); err != nil {
		t.Fatal(err)
	}
	code, _, err := c.ReadResponse(0)
	var reply *textproto.Error
	if err != nil && !errors.As(err, &reply) {
		t.Fatal(err)
	}
	return code
}

func TestTakesOwnMailAndRelaysNothing(t *testing.T) {
	t.Parallel()
	inbox := &box{}
	c := opened(t, inbox)
	for _, step := range []struct {
		line string
		want int
	}{
		{"EHLO mx.example", 250},
		{"MAIL FROM:<>", 250},
		{"RCPT TO:<somebody@elsewhere.kr>", 550},
		{"RCPT TO:<bounced@shop.kr>", 550},
		{"RCPT TO:<BOUNCE+tok123@Shop.kr>", 250},
		{"DATA", 354},
		{"Subject: x\r\n\r\n..dot\r\n.", 250},
		{"MAIL FROM:<a@b.example>", 250},
		{"RCPT TO:<service@shop.kr>", 250},
		{"RSET", 250},
		{"DATA", 502},
	} {
		if got := say(t, c, step.line); got != step.want {
			t.Fatalf("%q: %d, want %d", step.line, got, step.want)
		}
	}
	if len(inbox.kept) != 1 || inbox.kept[0] != "BOUNCE+tok123@Shop.kr|Subject: x\r\n\r\n.dot\r\n" {
		t.Errorf("%q", inbox.kept)
	}
}

func TestAcknowledgesOnlyWhatIsKept(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fail error
		want int
	}{
		{errors.New("disk full"), 451},
		{fault.New(fault.Busy, "x.y", "later"), 451},
		{fault.New(fault.Invalid, "mail.no_mail", "no mail"), 554},
		{nil, 250},
	} {
		c := opened(t, &box{fail: row.fail})
		say(t, c, "EHLO mx.example")
		say(t, c, "MAIL FROM:<>")
		say(t, c, "RCPT TO:<bounce@shop.kr>")
		say(t, c, "DATA")
		if got := say(t, c, "x\r\n."); got != row.want {
			t.Errorf("%v: %d, want %d", row.fail, got, row.want)
		}
	}
}

func TestAFloodWaitsOutside(t *testing.T) {
	t.Parallel()
	c := opened(t, &box{})
	say(t, c, "EHLO mx.example")
	for n := range perMinute + 1 {
		want := 250
		if n == perMinute {
			want = 451
		}
		if got := say(t, c, "MAIL FROM:<>"); got != want {
			t.Fatalf("mail %d: %d", n, got)
		}
		say(t, c, "RSET")
	}
}

func TestOneAddressHoldsNotEveryConnection(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ready := make(chan string, 1)
	d := &Door{Address: "127.0.0.1:0", Takes: []string{"a@b.kr"}, Inbox: &box{}}
	go func() { _ = d.Listen(ctx, func(a string) { ready <- a }) }()
	address := <-ready
	for n := range mostOfOne + 1 {
		raw, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = raw.Close() }()
		reader := bufio.NewReader(raw)
		if _, err := reader.ReadString('\n'); err != nil && n < mostOfOne {
			t.Fatal(err)
		}
		_, _ = fmt.Fprint(raw, "EHLO x\r\n")
		line, _ := reader.ReadString('\n')
		if isTaken := strings.HasPrefix(line, "250"); isTaken != (n < mostOfOne) {
			t.Fatalf("connection %d: %q", n, line)
		}
	}
}
