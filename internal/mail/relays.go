// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net"
	"slices"
	"strings"
	"time"

	"dangol/internal/mail/dkim"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Kinds of relays.
const (
	RelaySMTP   = "smtp"   // a mail server that takes messages for everybody
	RelayDirect = "direct" // the recipients' own mail servers
)

// Relay is a way out for messages.
type Relay struct {
	ID          int64        `json:"id"`
	Name        string       `json:"name"`
	Kind        string       `json:"kind" enum:"smtp,direct"`
	Address     string       `json:"address" doc:"Such as smtp://mail.example.com:587, without user and password; for direct the machine's own name."`
	Account     string       `json:"account,omitempty"`
	HasSecret   bool         `json:"has_password"`
	IsLost      bool         `json:"password_lost,omitempty" doc:"The password was sealed with keys that are gone, such as after a restore without them: enter it anew."`
	Weight      int          `json:"weight"`
	Connections int          `json:"connections"`
	WarmFromOn  string       `json:"warm_from_on,omitempty"`
	WarmFirst   int64        `json:"warm_first,omitempty"`
	IsActive    bool         `json:"is_active"`
	Version     int64        `json:"version"`
	Health      *RelayHealth `json:"health,omitempty"`
	secret      string
	sealed      string // a lost secret as it is kept: the keys may come back
}

// RelayContent is a relay to be made, or the new content of one; an empty
// password leaves the one there is.
type RelayContent struct {
	Name        string `json:"name" minLength:"1" maxLength:"100"`
	Kind        string `json:"kind" enum:"smtp,direct"`
	Address     string `json:"address,omitempty" maxLength:"300"`
	Account     string `json:"account,omitempty" maxLength:"200"`
	Password    string `json:"password,omitempty" maxLength:"300"`
	Weight      int    `json:"weight" minimum:"0" maximum:"100" doc:"Share of the messages; 0 is used only when no other relay can be."`
	Connections int    `json:"connections,omitempty" minimum:"0" maximum:"100"`
	WarmFromOn  string `json:"warm_from_on,omitempty" doc:"First day of the warm-up plan; empty is none."`
	WarmFirst   int64  `json:"warm_first,omitempty" minimum:"0" doc:"Messages on the first day; each day half as many more."`
	IsActive    bool   `json:"is_active"`
	Version     int64  `json:"version,omitempty" doc:"The version the change was made on."`
}

// RelayHealth is how a relay does now.
type RelayHealth struct {
	ID        int64      `json:"-"`
	Open      int        `json:"open" doc:"Open connections."`
	SentToday int64      `json:"sent_today"`
	Quota     int64      `json:"quota" doc:"Most messages of today by the warm-up plan; 0 is no limit."`
	Problem   string     `json:"problem,omitempty"`
	RestsTill *time.Time `json:"rests_till,omitempty"`
}

// RelayTally is what became of messages on a relay.
type RelayTally struct {
	HandedOver, Deferred, Refused, Unknown, Broken int64
}

// Pace bounds what one domain gets; 0 is no limit.
type Pace struct {
	AtOnce    int `json:"at_once" minimum:"0" maximum:"1000" doc:"Messages under way to one domain at once."`
	PerMinute int `json:"per_minute" minimum:"0" maximum:"100000" doc:"Messages to one domain in a minute."`
}

// Way is a relay as the transport needs it.
type Way struct {
	Relay
	Password string
	Quota    int64
	Sent     int64
}

// Ways is the transport that spreads messages over relays.
type Ways interface {
	// Use sets the relays, the pace and what signs.
	Use(ways []Way, pace Pace, sign func(from string, message []byte) ([]byte, error)) error
	Health() []RelayHealth
	// Tallies returns what became of messages since the last call.
	Tallies() map[int64]RelayTally
	// Try connects to a relay and says what went wrong.
	Try(ctx context.Context, way Way) error
}

// UseWays connects the transport that spreads messages over relays.
func (s *Service) UseWays(ways Ways) { s.ways = ways }

// warmGrowth is how many more messages a new sending address carries each day;
// warmEnd is from when on it is warm.
const (
	warmGrowth = 1.5
	warmEnd    = 45
)

// quota is how many messages a relay may carry on a day; 0 is no limit.
func (r Relay) quota(day time.Time) int64 {
	from, err := time.ParseInLocation(time.DateOnly, r.WarmFromOn, day.Location())
	if err != nil || r.WarmFirst <= 0 {
		return 0
	}
	n := int(day.Sub(from).Hours() / 24)
	if n >= warmEnd {
		return 0
	}
	return max(1, int64(float64(r.WarmFirst)*math.Pow(warmGrowth, float64(max(0, n)))))
}

// ListRelays returns the relays with how they do.
func (s *Service) ListRelays(ctx context.Context) ([]Relay, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return nil, err
	}
	list, err := s.store.listRelays(ctx)
	if err != nil || s.ways == nil {
		return list, err
	}
	for _, h := range s.ways.Health() {
		for i := range list {
			if list[i].ID == h.ID {
				list[i].Health = &h
			}
		}
	}
	return list, nil
}

// SaveRelay makes a relay (id 0) or changes one.
func (s *Service) SaveRelay(ctx context.Context, id int64, c RelayContent) (Relay, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return Relay{}, err
	}
	r, err := s.merged(ctx, id, c)
	if err != nil {
		return Relay{}, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveRelay(ctx, &r, c.Version); err != nil {
			return err
		}
		database.AfterCommit(ctx, func() { s.refreshRelays(context.WithoutCancel(ctx)) })
		return s.noteSetting(ctx, "mail.relay_saved", "relay", r.ID, r)
	})
	return r, err
}

// merged checks the content and joins it with what is kept.
func (s *Service) merged(ctx context.Context, id int64, c RelayContent) (Relay, error) {
	r := Relay{
		ID: id, Name: strings.TrimSpace(c.Name), Kind: c.Kind, Address: strings.TrimSpace(c.Address), Account: c.Account, secret: c.Password,
		Weight: c.Weight, Connections: c.Connections, WarmFromOn: c.WarmFromOn, WarmFirst: c.WarmFirst, IsActive: c.IsActive,
	}
	if id != 0 {
		before, err := s.store.findRelay(ctx, id)
		if err != nil {
			return r, err
		}
		if r.secret == "" && r.Account == before.Account && r.Address == before.Address {
			r.secret, r.sealed, r.IsLost = before.secret, before.sealed, before.IsLost // never sent to an address that it was not given for
		}
	}
	r.HasSecret = r.secret != ""
	if r.WarmFromOn != "" {
		if _, err := time.Parse(time.DateOnly, r.WarmFromOn); err != nil {
			return r, fault.New(fault.Invalid, "mail.bad_day", "{value} is no day such as 2026-01-31.", "value", r.WarmFromOn)
		}
	}
	if r.Kind == RelayDirect {
		if r.Address == "" || strings.ContainsAny(r.Address, " :/@") {
			return r, fault.New(fault.Invalid, "mail.bad_hello", "Give the name of this machine, such as mail.example.com; its reverse DNS must say the same.")
		}
		return r, nil
	}
	if strings.Contains(r.Address, "@") {
		return r, fault.New(fault.Invalid, "mail.secret_in_address", "Give user and password in their own fields, not in the address.")
	}
	if s.ways == nil {
		return r, nil
	}
	return r, checkRelayAddress(r.Address)
}

func checkRelayAddress(address string) error {
	rest, isSMTP := strings.CutPrefix(address, "smtp://")
	if !isSMTP {
		var isTLS bool
		if rest, isTLS = strings.CutPrefix(address, "smtps://"); !isTLS {
			rest = ""
		}
	}
	host, _, _ := strings.Cut(rest, "?")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "" || strings.ContainsAny(host, "/ ") {
		return fault.New(fault.Invalid, "mail.bad_relay", "The address is none such as smtp://mail.example.com:587 or smtps://mail.example.com.")
	}
	return nil
}

// DeleteRelay removes a relay.
func (s *Service) DeleteRelay(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.deleteRelay(ctx, id); err != nil {
			return err
		}
		database.AfterCommit(ctx, func() { s.refreshRelays(context.WithoutCancel(ctx)) })
		return s.noteSetting(ctx, "mail.relay_deleted", "relay", id, nil)
	})
}

// TryRelay connects to a relay, without sending anything.
func (s *Service) TryRelay(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	r, err := s.store.findRelay(ctx, id)
	if err != nil {
		return err
	}
	if s.ways == nil {
		return fault.New(fault.Unavailable, "mail.no_ways", "This installation keeps mails to itself.")
	}
	return s.ways.Try(ctx, Way{Relay: r, Password: r.secret})
}

// Pace returns how many messages a domain gets.
func (s *Service) Pace(ctx context.Context) (Pace, error) {
	var p Pace
	text, err := s.store.setting(ctx, paceSetting)
	if err != nil || text == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

const paceSetting = "mail.pace"

// SetPace changes how many messages a domain gets.
func (s *Service) SetPace(ctx context.Context, p Pace) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := s.store.saveSetting(ctx, paceSetting, string(text)); err != nil {
			return err
		}
		database.AfterCommit(ctx, func() { s.refreshRelays(context.WithoutCancel(ctx)) })
		return s.noteSetting(ctx, "mail.pace_changed", "setting", 0, p)
	})
}

// noteSetting writes the journal entry of a setting; secrets are not in it.
func (s *Service) noteSetting(ctx context.Context, kind, subject string, id int64, after any) error {
	text, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("journal %s: %w", kind, err)
	}
	e := journal.Entry{Capability: "mail", Kind: kind, SubjectKind: subject, After: text}
	if id != 0 {
		e.SubjectIDs = []int64{id}
	}
	return s.journal.Append(ctx, e)
}

func (s *Service) refreshRelays(ctx context.Context) {
	if err := s.RefreshRelays(ctx); err != nil {
		slog.Warn("mail: relays not refreshed", "error", err)
	}
}

// RefreshRelays writes what the relays carried and gives the transport the
// relays, the pace and the keys that hold now.
func (s *Service) RefreshRelays(ctx context.Context) error {
	if s.ways == nil {
		return nil
	}
	ctx = auth.System(ctx, "mail")
	day := s.db.Now(ctx).In(s.options.Zone)
	if tallies := s.ways.Tallies(); len(tallies) > 0 {
		err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.addTallies(ctx, day.Format(time.DateOnly), tallies) })
		if err != nil {
			return err
		}
	}
	relays, err := s.store.listRelays(ctx)
	if err != nil {
		return err
	}
	sent, err := s.store.sentOn(ctx, day.Format(time.DateOnly))
	if err != nil {
		return err
	}
	var ways []Way
	for _, r := range slices.DeleteFunc(relays, func(r Relay) bool { return !r.IsActive }) {
		ways = append(ways, Way{Relay: r, Password: r.secret, Quota: r.quota(day), Sent: sent[r.ID]})
	}
	pace, err := s.Pace(ctx)
	if err != nil {
		return err
	}
	signer, err := s.signer(ctx)
	if err != nil {
		return err
	}
	return s.ways.Use(ways, pace, signer)
}

// signer signs with the active keys; nil when there are none.
func (s *Service) signer(ctx context.Context) (func(string, []byte) ([]byte, error), error) {
	list, err := s.store.listDKIM(ctx)
	if err != nil {
		return nil, err
	}
	var keys []dkim.Key
	for _, k := range list {
		if !k.IsActive {
			continue
		}
		key, err := dkim.Parse(k.Domain, k.Selector, k.secret)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return dkim.NewSigner(keys).Sign, nil
}
