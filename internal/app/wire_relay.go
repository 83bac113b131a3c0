// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"dangol/internal/mail"
	"dangol/internal/mail/direct"
	"dangol/internal/mail/relay"
	"dangol/internal/mail/smtp"
)

// relayEvery is how often relays are looked up anew and what they carried is written.
const relayEvery = 15 * time.Second

// ways makes transports of relays (mail.Ways).
type ways struct{ pool *relay.Pool }

// Use sets the relays, the pace and what signs.
func (w ways) Use(list []mail.Way, pace mail.Pace, sign func(string, []byte) ([]byte, error)) error {
	routes, sent := make([]relay.Route, 0, len(list)), map[int64]int64{}
	var failed error
	for _, way := range list {
		transport, err := transportOf(way)
		if err != nil {
			failed = errors.Join(failed, err) // the other relays are used all the same
			continue
		}
		routes = append(routes, relay.Route{
			ID: way.ID, Name: way.Name, Transport: transport, Weight: way.Weight, Connections: way.Connections, Quota: way.Quota,
		})
		sent[way.ID] = way.Sent
	}
	w.pool.Use(routes, sent)
	w.pool.Limits(pace.AtOnce, pace.PerMinute)
	w.pool.Sign(sign)
	return failed
}

// transportOf makes the transport of one relay.
func transportOf(way mail.Way) (mail.Transport, error) {
	if way.Kind == mail.RelayDirect {
		return direct.New(way.Address), nil
	}
	address, err := url.Parse(way.Address)
	if err != nil {
		return nil, err
	}
	if way.Account != "" {
		address.User = url.UserPassword(way.Account, way.Password)
	}
	return smtp.New(address.String())
}

// Health returns how the relays do.
func (w ways) Health() []mail.RelayHealth { return w.pool.Health() }

// Tallies returns what the relays carried since the last call.
func (w ways) Tallies() map[int64]mail.RelayTally { return w.pool.Tallies() }

// Try connects to a relay, and with a direct one to a large receiver.
func (w ways) Try(ctx context.Context, way mail.Way) error {
	transport, err := transportOf(way)
	if err != nil {
		return err
	}
	c, err := transport.Connect(ctx)
	if err != nil {
		return err
	}
	return c.Close()
}

// mindRelays keeps the relays up to date until ctx ends.
func (a *App) mindRelays(ctx context.Context) {
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for {
		if err := a.services.mail.RefreshRelays(context.WithoutCancel(ctx)); err != nil {
			a.log.Warn("relays not refreshed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// outlet is the transport of the installation: the relays that were set up, else
// the mail server of the settings or the outbox.
func (a *App) outlet(outbox *mail.Outbox) (*relay.Pool, error) {
	spare, err := a.transport(outbox)
	if err != nil {
		return nil, err
	}
	return relay.New(spare, nil), nil
}
