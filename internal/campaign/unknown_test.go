// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"testing"

	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/fault"
)

// Messages of which nobody knows are settled by a person, and only then sent again.
func TestPeopleDecideAboutUnknownMessages(t *testing.T) {
	t.Parallel()
	onSink(t, func() *smtptest.Sink { return &smtptest.Sink{Reply: onceCutAfter()} }, func(r *room, sink *smtptest.Sink) {
		r.people(40)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.State != Finished || c.Counts.Unknown != 2 || c.Counts.HandedOver != 38 {
			r.t.Fatalf("%s: %+v", c.State, c.Counts)
		}
		if _, err := r.s.DecideUnknown(r.ctx, c.ID, SendAgain); err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.State != Running || c.Counts.Planned != 2 || c.Counts.Unknown != 0 {
			r.t.Fatalf("after the decision: %s %+v", c.State, c.Counts)
		}
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.State != Finished || c.Counts.HandedOver != 40 || len(sink.Messages()) != 42 {
			r.t.Errorf("%s %+v, %d messages", c.State, c.Counts, len(sink.Messages()))
		}
		_, err := r.s.DecideUnknown(r.ctx, c.ID, TakeAsOut)
		wantFault(r.t, "deciding about nothing", err, fault.Conflict)
	})
}

// onceCutAfter takes the messages to c7 and c9 and cuts, the first time.
func onceCutAfter() func(string, string) string {
	seen := make(chan bool, 2)
	return func(verb, argument string) string {
		if verb == "DOT" && (argument == "c7@x.kr" || argument == "c9@x.kr") {
			select {
			case seen <- true:
				return smtptest.CutAfter
			default:
			}
		}
		return ""
	}
}
