// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Stakes tells what hangs on customers in other capabilities.
type Stakes interface {
	// Stakes returns what hangs on the customers, by customer; those without anything may be missing.
	Stakes(ctx context.Context, customerIDs []int64) (map[int64]Stake, error)
}

// Stake is what follows a customer's records when they are merged or parted.
type Stake struct {
	Orders   int64            `json:"orders"`
	Consents []ConsentAtStake `json:"consents,omitempty"`
}

// ConsentAtStake is what a customer said about one channel.
type ConsentAtStake struct {
	Channel string `json:"channel"`
	IsGrant bool   `json:"is_grant"`
}

// Service decides who is who: runs, reviews, live look-ups.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	jobs      *job.Queue
	customers *customer.Service
	stakes    Stakes
	live      liveCache
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, jobs *job.Queue, customers *customer.Service) *Service {
	return &Service{store: &store{db: db}, db: db, journal: j, jobs: jobs, customers: customers}
}

// UseStakes connects what tells which orders and consents are at stake; app calls it once at start.
func (s *Service) UseStakes(stakes Stakes) { s.stakes = stakes }

// stakesOf is Stakes that answers nothing where nobody is connected.
func (s *Service) stakesOf(ctx context.Context, ids []int64) (map[int64]Stake, error) {
	if s.stakes == nil || len(ids) == 0 {
		return map[int64]Stake{}, nil
	}
	return s.stakes.Stakes(ctx, ids)
}

// wholeBase refuses work on everybody for people who see a part of the customers only.
func wholeBase(ctx context.Context) error {
	if auth.ScopeOf(ctx).All {
		return nil
	}
	return fault.New(fault.Forbidden, "match.scope", "A run looks at all customers, and you see only some of them; ask somebody who sees all.")
}

func (s *Service) log(ctx context.Context, kind, subject string, id int64, before, after any) error {
	e := journal.Entry{Capability: "match", Kind: kind, SubjectKind: subject, SubjectIDs: []int64{id}}
	if before != nil {
		e.Before = []byte(jsonText(before))
	}
	if after != nil {
		e.After = []byte(jsonText(after))
	}
	return s.journal.Append(ctx, e)
}
