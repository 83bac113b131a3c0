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
	Missed      int64      `json:"missed" doc:"Events for which no mail could be ordered, such as customers without an address."`
	Problem     string     `json:"problem,omitempty" doc:"Why, the last time."`
	ProblemAt   *time.Time `json:"problem_at,omitempty"`
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

// Tell orders the mails of every active trigger for an event, all of them or none: when
// it returns, they are durable, and told again the event orders nothing twice.
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
	err = s.db.Within(ctx, func(ctx context.Context) error {
		list = nil
		for _, t := range triggers {
			if !t.IsActive || t.Event != e.Event {
				continue
			}
			d, _, err := s.fire(ctx, t, e)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

func (s *Service) fire(ctx context.Context, t Trigger, e Event) (Dispatch, bool, error) {
	due := s.db.Now(ctx).Add(time.Duration(t.DelayMin) * time.Minute)
	return s.Add(ctx, Order{
		Key: fmt.Sprintf("trigger:%d:%s:%s", t.ID, e.Event, e.Key), Kind: ByTrigger, Origin: e.Event, TemplateID: t.TemplateID,
		CustomerID: e.CustomerID, To: e.To, Name: e.Name, Values: e.Values, NotBefore: &due,
	})
}

// Follow looks in the journal for what triggers wait for. The journal moves on only when
// it returns nil, so that an event is never passed over: what fails is told again, and
// what was ordered before is not ordered twice, because the event names the key.
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
			if err := s.fireAll(ctx, triggers, Event{Event: Registered, Key: fmt.Sprint(id), CustomerID: id}, e.At); err != nil {
				return err
			}
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
		// As of the entry: a server that was away for days still sends what happened meanwhile.
		news, err := s.orders.ListSince(ctx, part, e.At.Add(-freshFor))
		if err != nil {
			return err
		}
		for _, n := range news {
			err := s.fireAll(ctx, triggers, Event{
				Event: "order." + n.Status, Key: fmt.Sprintf("%d", n.ID), CustomerID: n.CustomerID, Values: n.Values,
			}, n.OrderedAt)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// fireAll orders what triggers want. Somebody who cannot be written to must not stop the
// others: the trigger shows that, and anything else is an error, so that it is tried again.
func (s *Service) fireAll(ctx context.Context, triggers []Trigger, e Event, at time.Time) error {
	for _, t := range triggers {
		if t.Event != e.Event || t.ActivatedAt == nil || at.Before(*t.ActivatedAt) {
			continue
		}
		_, _, err := s.fire(ctx, t, e)
		switch {
		case err == nil, fault.CodeOf(err) == "mail.key_taken": // ordered before, with values that have changed since
		case fault.Is(err, fault.Invalid), fault.Is(err, fault.NotFound):
			slog.Warn("mail: trigger ordered nothing", "trigger_id", t.ID, "customer_id", e.CustomerID, "error", err)
			if err := s.missed(ctx, t.ID, err); err != nil {
				return err
			}
		default:
			return fmt.Errorf("trigger %d: %w", t.ID, err)
		}
	}
	return nil
}

// missed counts an event for which no mail can be ordered, however often it is told.
func (s *Service) missed(ctx context.Context, id int64, why error) error {
	text := why.Error()
	if f, ok := fault.As(why); ok {
		text = f.Message
	}
	return s.db.Within(ctx, func(ctx context.Context) error { return s.store.missed(ctx, id, cut(text), database.Time(ctx)) })
}
