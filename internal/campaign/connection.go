// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// isServerLost reports that no connection could be made for a while.
func (r *run) isServerLost() bool {
	return r.connected.Load() == 0 && time.Since(time.UnixMicro(r.lastContact.Load())) > patience
}

// connection keeps one connection to the mail server busy.
func (r *run) connection(ctx context.Context) {
	pause := 250 * time.Millisecond
	for !r.isDrained() && ctx.Err() == nil && !r.isServerLost() {
		c, err := r.s.letters.Transport().Connect(ctx)
		if err == nil {
			r.connected.Add(1)
			r.lastContact.Store(time.Now().UnixMicro())
			err = c.Deliver(ctx, r)
			r.connected.Add(-1)
			_ = c.Close()
			if err == nil {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		if fault.CodeOf(err) == codeRefused {
			continue // the connection was cut because the gate said no, not by the server
		}
		r.tell(err)
		timer := time.NewTimer(time.Duration(float64(pause) * (0.75 + rand.Float64()/2)))
		select {
		case <-r.draining.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, 5*time.Second)
	}
}

func (r *run) isDrained() bool { return r.draining.Err() != nil }

// tell keeps the reason why mails do not go out, for people to see.
func (r *run) tell(err error) {
	text := err.Error()
	if f, ok := fault.As(err); ok {
		text = f.Message
	}
	text = strings.ToValidUTF8(text[:min(len(text), 500)], "")
	if before := r.note.Swap(&text); before == nil || *before != text {
		slog.Warn("campaign: mail server", "campaign_id", r.c.ID, "error", err)
	}
}

// giveBack returns parcels that no connection has taken.
func (r *run) giveBack() {
	for {
		select {
		case p := <-r.ready:
			r.ledger.put(p.back(r.s.db.Now(context.Background())))
		default:
			return
		}
	}
}
