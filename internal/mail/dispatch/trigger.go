// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Registered is the event of a new customer who was not imported in a batch.
const Registered = "customer.registered"

// KnownEvents are those that the product itself tells of; others come by the API.
var KnownEvents = []string{Registered, "order.pending", "order.paid", "order.cancelled", "order.returned", "order.refunded"}

// freshFor is how old an order may be when it is told of: history that is imported later sends nothing.
const freshFor = 3 * 24 * time.Hour

// Trigger lets a template go out by itself when an event happens.
type Trigger struct {
	ID          int64      `json:"id"`
	Event       string     `json:"event"`
	TemplateID  int64      `json:"template_id"`
	Template    string     `json:"template,omitempty"`
	DelayMin    int64      `json:"delay_minutes"`
	IsActive    bool       `json:"is_active"`
	ActivatedAt *time.Time `json:"activated_at,omitempty"`
	Sent        int64      `json:"sent" doc:"Mails that it has ordered in the last 30 days."`
	Version     int64      `json:"version"`
}

// TriggerContent is a trigger to be made, or the new content of one.
type TriggerContent struct {
	Event      string `json:"event" minLength:"3" maxLength:"80" doc:"customer.registered, order.paid, …, or a name of your own that the API tells."`
	TemplateID int64  `json:"template_id" minimum:"1"`
	DelayMin   int64  `json:"delay_minutes,omitempty" minimum:"0" maximum:"525600"`
	IsActive   bool   `json:"is_active"`
	Version    int64  `json:"version,omitempty" doc:"The version the change was made on."`
}

// Event is something that happened, told by the API.
type Event struct {
	Event      string         `json:"event" minLength:"3" maxLength:"80"`
	Key        string         `json:"key" minLength:"1" maxLength:"120" doc:"Names what happened, such as the order's number: told again it sends nothing twice."`
	CustomerID int64          `json:"customer_id,omitempty"`
	To         string         `json:"to,omitempty" maxLength:"254"`
	Name       string         `json:"name,omitempty" maxLength:"200"`
	Values     map[string]any `json:"values,omitempty"`
}

// OrderNews is an order as triggers tell of it.
type OrderNews struct {
	ID, CustomerID int64
	Number, Status string
	OrderedAt      time.Time
	Values         map[string]any
}

// Orders knows recent orders; app connects it.
type Orders interface {
	// ListSince returns the orders of customers made since a moment.
	ListSince(ctx context.Context, customerIDs []int64, since time.Time) ([]OrderNews, error)
}

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// ListTriggers returns all triggers.
func (s *Service) ListTriggers(ctx context.Context) ([]Trigger, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, err
	}
	return s.store.triggers(ctx, s.db.Now(ctx).AddDate(0, 0, -30))
}

// SaveTrigger makes a trigger (id 0) or changes one.
func (s *Service) SaveTrigger(ctx context.Context, id int64, c TriggerContent) (Trigger, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return Trigger{}, err
	}
	if !eventName.MatchString(c.Event) {
		return Trigger{}, fault.New(fault.Invalid, "mail.bad_event", "Name an event such as order.shipped: small letters, with a dot.")
	}
	t, err := s.letters.TemplateOf(ctx, c.TemplateID)
	if err != nil {
		return Trigger{}, err
	}
	// An approval that is still missing stops the mails at the gate; better to say so now.
	if c.IsActive && t.Class == consent.Informational && t.ApprovedAt == nil {
		return Trigger{}, fault.New(fault.Conflict, "mail.not_approved", "The template {name} is not approved yet.", "name", t.Name)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if id, err = s.store.saveTrigger(ctx, id, c, database.Time(ctx)); err != nil {
			return err
		}
		after, err := json.Marshal(c)
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mail", Kind: "mail.trigger_saved", SubjectKind: "trigger", SubjectIDs: []int64{id}, After: after})
	})
	if err != nil {
		return Trigger{}, err
	}
	list, err := s.ListTriggers(ctx)
	if i := slices.IndexFunc(list, func(t Trigger) bool { return t.ID == id }); err == nil && i >= 0 {
		return list[i], nil
	}
	return Trigger{}, err
}

// DeleteTrigger removes a trigger; what it has ordered goes out all the same.
func (s *Service) DeleteTrigger(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.deleteTrigger(ctx, id); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mail", Kind: "mail.trigger_deleted", SubjectKind: "trigger", SubjectIDs: []int64{id}})
	})
}

// Tell orders the mails of every active trigger for an event; it answers how many are new.
func (s *Service) Tell(ctx context.Context, e Event) (list []Dispatch, err error) {
	if err := auth.Check(ctx, "mail:send"); err != nil {
		return nil, err
	}
	if !eventName.MatchString(e.Event) || e.Key == "" {
		return nil, fault.New(fault.Invalid, "mail.bad_event", "Name an event such as order.shipped: small letters, with a dot.")
	}
	triggers, err := s.store.triggers(ctx, s.db.Now(ctx))
	if err != nil {
		return nil, err
	}
	for _, t := range triggers {
		if !t.IsActive || t.Event != e.Event {
			continue
		}
		d, _, err := s.fire(ctx, t, e)
		if err != nil {
			return list, err
		}
		list = append(list, d)
	}
	return list, nil
}

func (s *Service) fire(ctx context.Context, t Trigger, e Event) (Dispatch, bool, error) {
	due := s.db.Now(ctx).Add(time.Duration(t.DelayMin) * time.Minute)
	return s.Add(ctx, Order{
		Key: fmt.Sprintf("trigger:%d:%s:%s", t.ID, e.Event, e.Key), Kind: ByTrigger, Origin: e.Event, TemplateID: t.TemplateID,
		CustomerID: e.CustomerID, To: e.To, Name: e.Name, Values: e.Values, NotBefore: &due,
	})
}

// Follow looks in the journal for what triggers wait for. Entries seen again order
// nothing twice, because the event names the key.
func (s *Service) Follow(ctx context.Context, entries []journal.Entry) error {
	ctx = auth.System(ctx, "dispatch")
	triggers, err := s.store.triggers(ctx, s.db.Now(ctx))
	if err != nil {
		return err
	}
	triggers = slices.DeleteFunc(triggers, func(t Trigger) bool { return !t.IsActive })
	if len(triggers) == 0 {
		return nil
	}
	for _, e := range entries {
		if err := s.follow(ctx, e, triggers); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) follow(ctx context.Context, e journal.Entry, triggers []Trigger) error {
	if e.Kind == "customer.created" && e.Batch == 0 && e.Rows == 0 {
		for _, id := range e.SubjectIDs {
			s.fireAll(ctx, triggers, Event{Event: Registered, Key: fmt.Sprint(id), CustomerID: id}, e.At)
		}
		return nil
	}
	if e.Batch == 0 && e.Capability != "order" {
		return nil
	}
	ids, err := s.journal.Subjects(ctx, e)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 200) {
		news, err := s.orders.ListSince(ctx, part, s.db.Now(ctx).Add(-freshFor))
		if err != nil {
			return err
		}
		for _, n := range news {
			s.fireAll(ctx, triggers, Event{
				Event: "order." + n.Status, Key: fmt.Sprintf("%d", n.ID), CustomerID: n.CustomerID, Values: n.Values,
			}, n.OrderedAt)
		}
	}
	return nil
}

// fireAll orders what triggers want; somebody without an address must not stop the others.
func (s *Service) fireAll(ctx context.Context, triggers []Trigger, e Event, at time.Time) {
	for _, t := range triggers {
		if t.Event != e.Event || t.ActivatedAt == nil || at.Before(*t.ActivatedAt) {
			continue
		}
		if _, _, err := s.fire(ctx, t, e); err != nil && fault.CodeOf(err) != "mail.no_address" {
			slog.Warn("mail: trigger ordered nothing", "trigger_id", t.ID, "customer_id", e.CustomerID, "error", err)
		}
	}
}
