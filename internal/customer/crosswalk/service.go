// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// OwnScheme is the name under which a customer's own number can be asked.
const OwnScheme = "dangol"

// Service answers questions about keys.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	customers *customer.Service
	jobs      *job.Queue
	zone      *time.Location
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, customers *customer.Service, zone *time.Location) *Service {
	if zone == nil {
		zone = time.FixedZone("Asia/Seoul", 9*60*60)
	}
	return &Service{store: &store{db: db}, db: db, journal: j, customers: customers, zone: zone}
}

const jobConflicts = "customer.key_conflicts"

// RegisterJobs tells the queue what this package does in the background; the check runs every night.
func (s *Service) RegisterJobs(queue *job.Queue) {
	s.jobs = queue
	queue.Register(jobConflicts, func(ctx context.Context, j *job.Job) error {
		counts, err := s.Check(auth.System(ctx, "key conflicts"), j.Fence)
		if err != nil {
			return err
		}
		return j.SetResult(counts)
	}, job.RegisterOptions{Queue: "intake", MaxAttempts: 3})
	queue.Periodic(jobConflicts, "30 3 * * *", struct{}{})
}

// StartCheck looks for conflicts in the background and returns the job.
func (s *Service) StartCheck(ctx context.Context) (int64, error) {
	return s.jobs.Add(ctx, jobConflicts, struct{}{}, job.Options{Unique: "all", PersonID: auth.From(ctx).ID})
}

// Hit is one customer behind a key.
type Hit struct {
	Customer   customer.Row        `json:"customer"`
	Scheme     string              `json:"scheme"`
	Label      string              `json:"label"`
	Value      string              `json:"value"`
	RecordID   int64               `json:"record_id,omitempty" doc:"the record that holds the key"`
	Source     string              `json:"source,omitempty"`
	ReceivedAt *time.Time          `json:"received_at,omitempty"`
	MergedFrom int64               `json:"merged_from,omitempty" doc:"number that the record's customer had before a merge"`
	Keys       []customer.ShownKey `json:"keys" doc:"all keys of the customer"`
}

// Find answers which customers a key of a scheme belongs to; scheme "" looks in all, and among the own
// numbers of customers, merged ones too.
func (s *Service) Find(ctx context.Context, scheme, key string) ([]Hit, error) {
	var hits []Hit
	if scheme == "" || scheme == OwnScheme {
		own, err := s.findOwn(ctx, key)
		if err != nil {
			return nil, err
		}
		hits = append(hits, own...)
	}
	if scheme != OwnScheme {
		held, err := s.customers.FindHolding(ctx, scheme, key)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			at := h.ReceivedAt
			hits = append(hits, Hit{
				Customer: customer.Row{ID: h.CustomerID}, Scheme: h.Scheme.Name, Label: h.Scheme.Label, Value: h.Value,
				RecordID: h.RecordID, Source: h.Source, ReceivedAt: &at, MergedFrom: h.HomeID,
			})
		}
	}
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Customer.ID
	}
	rows, err := s.customers.RowsOf(ctx, "customer.find", ids)
	if err != nil {
		return nil, err
	}
	keys, err := s.customers.KeysShown(ctx, ids)
	if err != nil {
		return nil, err
	}
	visible := hits[:0]
	for _, hit := range hits {
		at := slices.IndexFunc(rows, func(r customer.Row) bool { return r.ID == hit.Customer.ID })
		if at < 0 {
			continue
		}
		hit.Customer, hit.Keys = rows[at], keys[hit.Customer.ID]
		visible = append(visible, hit)
	}
	return visible, nil
}

// findOwn reads the key as a customer's own number.
func (s *Service) findOwn(ctx context.Context, key string) ([]Hit, error) {
	id, err := strconv.ParseInt(strings.TrimLeft(strings.TrimSpace(key), "#Cc"), 10, 64)
	if err != nil || id <= 0 {
		return nil, nil
	}
	now, err := s.customers.Resolve(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	hit := Hit{Customer: customer.Row{ID: now}, Scheme: OwnScheme, Value: strconv.FormatInt(id, 10)}
	if now != id {
		hit.MergedFrom = id
	}
	return []Hit{hit}, nil
}
