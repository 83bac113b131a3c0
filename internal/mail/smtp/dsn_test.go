// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"context"
	"strings"
	"sync"
	"testing"

	"dangol/internal/mail/smtp/smtptest"
)

// TestDeliveryNoticesAreAskedForWhereOffered (RFC 3461).
func TestDeliveryNoticesAreAskedForWhereOffered(t *testing.T) {
	t.Parallel()
	for offered, want := range map[string]string{
		"250-sink\r\n250-PIPELINING\r\n250 DSN": "MAIL FROM:<news@shop.kr> RET=HDRS ENVID=d7+2Bx | RCPT TO:<a+b@x.kr> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a+2Bb@x.kr",
		"250-sink\r\n250 PIPELINING":            "MAIL FROM:<news@shop.kr> | RCPT TO:<a+b@x.kr>",
	} {
		var mu sync.Mutex
		var heard []string
		sink := (&smtptest.Sink{Reply: func(verb, argument string) string {
			mu.Lock()
			defer mu.Unlock()
			switch verb {
			case "EHLO":
				return offered
			case "MAIL", "RCPT":
				heard = append(heard, verb+" "+argument)
			}
			return ""
		}}).Start(t)
		c, err := New("smtp://" + sink.Address())
		if err != nil {
			t.Fatal(err)
		}
		l := envelopes(gate(t), "a+b@x.kr")
		l.waiting[0].Confirm, l.waiting[0].ID = true, "d7+x"
		k, err := c.Connect(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Deliver(context.Background(), l); err != nil {
			t.Fatal(err)
		}
		_ = k.Close()
		mu.Lock()
		got := strings.Join(heard, " | ")
		mu.Unlock()
		if got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
}
