// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/campaign"
	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/mail/dispatch"
	"dangol/internal/order"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/web"
)

// mailRoutes registers the routes of all parts of the capability.
func (s *services) mailRoutes(api web.API) {
	s.mail.Routes(api)
	s.dispatch.Routes(api)
}

func (s *services) mailJobs(queue *job.Queue) { s.mail.RegisterJobs(queue) }

// contacts counts the messages of all who send (consent.Contacts).
type contacts struct {
	campaign *campaign.Service
	dispatch *dispatch.Service
}

// CountSince adds up what campaigns and single mails sent.
func (c contacts) CountSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error) {
	counts, err := c.campaign.CountSince(ctx, customerIDs, since)
	if err != nil {
		return nil, err
	}
	more, err := c.dispatch.CountSince(ctx, customerIDs, since)
	if err != nil {
		return nil, err
	}
	if counts == nil {
		counts = map[int64]int{}
	}
	for id, n := range more {
		counts[id] += n
	}
	return counts, nil
}

// mailSource is the source of what is known only because somebody wrote or was written to.
const mailSource = "mail"

// writers makes source records of people who are known by their address only (dispatch.People).
type writers struct {
	db        *database.DB
	journal   *journal.Journal
	customers *customer.Service
}

// EnsureContact answers the record of the one customer with the address, else the record that the
// source "mail" has of it, which it makes when there is none.
func (w writers) EnsureContact(ctx context.Context, address, name string) (int64, error) {
	record, err := senders{w.customers}.RecordOf(ctx, address)
	if err != nil || record != 0 {
		return record, err
	}
	err = w.db.Within(ctx, func(ctx context.Context) error {
		from, err := w.customers.EnsureSource(ctx, mailSource)
		if err != nil {
			return err
		}
		// The address is a key too: a shared one, which belongs to several customers, names one record here.
		scheme, err := w.customers.EnsureScheme(ctx, mailSource, "")
		if err != nil {
			return err
		}
		r, err := contactRecord(from.ID, scheme.ID, address, name)
		if err != nil {
			return err
		}
		missing, err := w.customers.FindHolders(ctx, []*customer.Record{r})
		if err != nil {
			return err
		}
		if len(missing) == 0 {
			record = r.ID
			return nil
		}
		if _, err := w.customers.Ingest(ctx, &customer.Slice{SourceID: from.ID, SchemeID: scheme.ID, Records: missing}); err != nil {
			return err
		}
		record = r.ID
		return w.journal.Append(ctx, journal.Entry{
			Capability: "customer", Kind: "customer.created", SubjectKind: "customer", SubjectIDs: []int64{r.CustomerID}, RecordID: r.ID,
		})
	})
	if err != nil {
		return 0, fmt.Errorf("keep who is reached at an address: %w", err)
	}
	return record, nil
}

// RecordOf answers the record of the one customer with the address, 0 for nobody or several (mail.Senders).
func (w writers) RecordOf(ctx context.Context, address string) (int64, error) {
	return senders{w.customers}.RecordOf(ctx, address)
}

func contactRecord(sourceID, schemeID int64, address, name string) (*customer.Record, error) {
	given, err := json.Marshal(map[string]string{"email": address, "name": name})
	if err != nil {
		return nil, err
	}
	row := dataquality.NewRow(dataquality.Rules{})
	row.Reset()
	row.Set(dataquality.FieldOf("email"), "", address)
	if name != "" {
		row.Set(dataquality.FieldOf("full_name"), "", name)
	}
	row.Finish()
	key := customer.NormalKey(strings.ToLower(address))
	r := &customer.Record{SourceID: sourceID, Kind: customer.RecordGiven, SourceKey: key, Given: given, Values: customer.FromRow(row)}
	r.Keys = customer.SortKeys(customer.DerivedKeys([]customer.Key{{SchemeID: schemeID, Value: key}}, &r.Values))
	r.Hash = xxh3.Hash128([]byte(r.Prepare(nil) + string(given))).Bytes()
	return r, nil
}

// orderNews tells triggers of orders (dispatch.Orders).
type orderNews struct{ orders *order.Service }

// ListSince returns the orders of customers made since a moment.
func (o orderNews) ListSince(ctx context.Context, customerIDs []int64, since time.Time) ([]dispatch.OrderNews, error) {
	list, err := o.orders.ListRecent(ctx, customerIDs, since)
	if err != nil {
		return nil, err
	}
	news := make([]dispatch.OrderNews, 0, len(list))
	for _, k := range list {
		items := make([]any, 0, len(k.Lines))
		for _, l := range k.Lines {
			name := l.ProductName
			if name == "" {
				name = l.ProductKey
			}
			items = append(items, map[string]any{
				"name": name, "quantity": strconv.FormatFloat(float64(l.Quantity)/1000, 'f', -1, 64), "amount": strconv.FormatInt(l.Amount, 10),
			})
		}
		news = append(news, dispatch.OrderNews{
			ID: k.ID, CustomerID: k.CustomerID, Number: k.OrderKey, Status: string(k.Status), OrderedAt: k.OrderedAt,
			Values: map[string]any{
				"order.number": k.OrderKey, "order.status": string(k.Status), "order.ordered_on": k.OrderedAt.Format(time.DateOnly),
				"order.total": strconv.FormatInt(k.Amount, 10), "order.items": items,
			},
		})
	}
	return news, nil
}
