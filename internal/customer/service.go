// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Service is what the capability does.
type Service struct {
	store     *Store
	db        *database.DB
	journal   *journal.Journal
	linker    Linker
	finder    Finder
	timelines []TimelineSource
	rules     *ruleCache
	anchors   *anchors
	zone      *time.Location
	currency  string
	jobs      *job.Queue // nil where nothing runs in the background
	headers   func(ctx context.Context, batchID int64) ([]string, error)
	followers []Follower
	erasers   []Eraser
	limits    Limits // nil where everything is seen
	list      erasureList
}

// Follower keeps something beside customers that moves when people are merged or parted.
type Follower interface {
	// Follow is called in the transaction of the change with the customers whose records moved.
	Follow(ctx context.Context, customerIDs []int64) error
}

// AddFollower connects a follower; app calls it at start.
func (s *Service) AddFollower(f Follower) { s.followers = append(s.followers, f) }

// follow tells all followers which customers were merged or parted.
func (s *Service) follow(ctx context.Context, ids ...int64) error {
	for _, f := range s.followers {
		if err := f.Follow(ctx, ids); err != nil {
			return fmt.Errorf("follow customers %v: %w", ids, err)
		}
	}
	return nil
}

// Options are what the capability needs from elsewhere.
type Options struct {
	// Linker decides who is who; required by Ingest, Create and Update.
	Linker Linker
	// Finder answers filters and sorts that no index of the system of record serves; nil scans.
	Finder Finder
	// Zone is the company's zone; nil is Asia/Seoul.
	Zone *time.Location
	// Currency is the company's currency; "" is KRW.
	Currency string
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, opts Options) *Service {
	store := NewStore(db)
	if opts.Zone == nil {
		opts.Zone = time.FixedZone("Asia/Seoul", 9*60*60)
	}
	if opts.Currency == "" {
		opts.Currency = "KRW"
	}
	return &Service{
		store: store, db: db, journal: j, linker: opts.Linker, finder: opts.Finder,
		rules: &ruleCache{store: store}, anchors: newAnchors(store), zone: opts.Zone, currency: opts.Currency,
	}
}

// Store gives the Linker and other readers the tables of this capability.
func (s *Service) Store() *Store { return s.store }

// UseLinker connects who decides who is who; app calls it once at start.
func (s *Service) UseLinker(linker Linker) { s.linker = linker }

// UseFinder connects the answerer of filters and sorts; app calls it once at start.
func (s *Service) UseFinder(finder Finder) { s.finder = finder }

// AddTimeline connects a capability whose events belong on the customer page.
func (s *Service) AddTimeline(source TimelineSource) { s.timelines = append(s.timelines, source) }

// qualityRules are the settings by which typed values are normalised.
func (s *Service) qualityRules(ctx context.Context) dataquality.Rules {
	today := s.db.Now(ctx).In(s.zone)
	return dataquality.Rules{
		Zone: s.zone, Currency: s.currency,
		Today: dataquality.Date{Year: today.Year(), Month: int(today.Month()), Day: today.Day()},
	}
}

// appendFindings appends findings to a JSON list of findings, which may be empty.
func appendFindings(list []byte, findings []dataquality.Finding) []byte {
	if len(findings) == 0 {
		return list
	}
	raw, err := json.Marshal(findings)
	if err != nil { // findings hold text only
		return list
	}
	if len(list) <= len("[]") {
		return raw
	}
	return append(append(list[:len(list)-1:len(list)-1], ','), raw[1:]...)
}
