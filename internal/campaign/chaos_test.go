// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dangol/internal/mail/smtp/smtptest"
)

// whims is a server that refuses, defers, hangs and cuts at random.
type whims struct {
	mu     sync.Mutex
	random *rand.Rand
	left   int // how many times it still misbehaves
}

func (w *whims) reply(verb, _ string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == 0 || w.random.IntN(12) > 0 {
		return ""
	}
	answers := map[string][]string{
		"RCPT": {"450 4.2.0 later", "451 4.7.1 greylisted", "550 5.1.1 user unknown", "550 5.7.1 not wanted", smtptest.Cut, smtptest.Stall},
		"DATA": {"451 4.3.0 later", "554 5.6.0 no", smtptest.Cut, smtptest.Stall},
		"DOT":  {"452 4.3.1 full", "552 5.2.2 full", "421 4.3.2 closing", smtptest.Cut, smtptest.CutAfter, smtptest.Stall},
		"MAIL": {"421 4.7.0 too many", smtptest.Cut},
		"EHLO": {"421 4.3.2 busy", smtptest.Cut},
	}[verb]
	if len(answers) == 0 {
		return ""
	}
	w.left--
	return answers[w.random.IntN(len(answers))]
}

// Whatever mixture of 4xx, 5xx, silence and cut connections a server answers
// with, the ledger says what the server has taken.
func TestLedgerAgreesWithAWilfulServer(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a server that hangs")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var mu sync.Mutex
	sinks := map[string]*smtptest.Sink{}
	start := func(t *testing.T) string {
		w := &whims{random: rand.New(rand.NewPCG(seed, 2)), left: 60}
		sink := (&smtptest.Sink{Reply: w.reply}).Start(t)
		mu.Lock()
		defer mu.Unlock()
		sinks[t.Name()] = sink
		return sink.Address()
	}
	each(t, start, func(r *room) {
		r.s.options.Workers = 8
		r.people(400)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		for range 40 { // the pauses after refusals pass
			if err := r.send(c.ID); err != nil {
				r.t.Fatal(err)
			}
			if c = r.find(c.ID); c.State == Finished {
				break
			}
			r.clock.turn(8 * time.Hour)
		}
		mu.Lock()
		sink := sinks[r.t.Name()]
		mu.Unlock()
		agree(r, sink, c)
	})
}

// agree holds every row of the ledger to what the server has taken.
func agree(r *room, sink *smtptest.Sink, c Campaign) {
	r.t.Helper()
	got := map[string]int{}
	for _, m := range sink.Messages() {
		if got[m.To]++; got[m.To] > 1 {
			r.t.Errorf("%s got it %d times", m.To, got[m.To])
		}
	}
	rows, err := r.db.Query(r.ctx, `SELECT address, state FROM recipients WHERE campaign_id = ?`, c.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var address string
		var step Step
		if err := rows.Scan(&address, &step); err != nil {
			r.t.Fatal(err)
		}
		switch step {
		case StepHandedOver:
			if got[address] != 1 {
				r.t.Errorf("%s is handed over and got %d", address, got[address])
			}
		case StepUnknown: // it may have one or none
		case StepBounced, StepFailed, StepPlanned, StepSkipped:
			if got[address] != 0 {
				r.t.Errorf("%s is %s and got %d", address, step, got[address])
			}
		default:
			r.t.Errorf("%s is left %s", address, step)
		}
	}
	r.t.Logf("%s: %+v", c.State, c.Counts)
	if c.Counts.HandedOver < 300 || c.Counts.Unknown == 0 {
		r.t.Errorf("the server was not wilful enough to say much: %+v", c.Counts)
	}
}
