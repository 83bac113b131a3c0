// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// AccessLog records who took what out of the product, and why.
type AccessLog interface {
	// LogAccess keeps the entry before it returns; when it fails nothing may be handed out.
	LogAccess(ctx context.Context, e journal.AccessEntry) error
}

// Diary keeps a journal entry of each change of saved questions.
type Diary interface {
	Append(ctx context.Context, e journal.Entry) error
}

// Roles tells which roles hold which permissions, for the catalogue.
type Roles interface {
	// RolesWith lists the labels of the roles that hold all the permissions.
	RolesWith(ctx context.Context, permissions []string) ([]warehouse.Text, error)
}

// Options are the settings of the service.
type Options struct {
	Currency  string         // the company's currency; "" is KRW
	Zone      *time.Location // of "today"; nil is Asia/Seoul
	Clock     func() time.Time
	Access    AccessLog
	Journal   Diary
	Roles     Roles
	CacheMB   int // answers kept in memory; 0 is 64
	HeldCells int // cells of an export kept in memory before it is streamed; 0 is 200,000
	// FiscalMonth is the month in which the fiscal year begins; 0 is January.
	FiscalMonth int
}

// Service answers questions about the cubes.
type Service struct {
	reader   warehouse.Reader
	cubes    []warehouse.Cube
	pivots   *store
	metrics  *metricStore
	db       *database.DB
	access   AccessLog
	journal  Diary
	roles    Roles
	currency string
	zone     *time.Location
	clock    func() time.Time
	cache    *cache
	money    *moneyWatch
	images   Images
	cluster  Cluster
	fiscal   int
	daysOff  closedCache
	held     int
}

// New makes the service over a warehouse; db keeps the saved pivots.
func New(db *database.DB, reader warehouse.Reader, cubes []warehouse.Cube, opts Options) (*Service, error) {
	if err := CheckCubes(cubes); err != nil {
		return nil, err
	}
	s := &Service{
		reader: reader, cubes: cubes, pivots: &store{db: db}, metrics: &metricStore{db: db}, db: db, access: opts.Access,
		journal: opts.Journal, roles: opts.Roles,
		currency: opts.Currency, zone: opts.Zone, clock: opts.Clock, money: &moneyWatch{}, fiscal: max(1, opts.FiscalMonth),
	}
	if s.currency == "" {
		s.currency = "KRW"
	}
	if s.zone == nil {
		s.zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.held = opts.HeldCells; s.held == 0 {
		s.held = mostHeld
	}
	if opts.CacheMB == 0 {
		opts.CacheMB = 64
	}
	s.cache = newCache(opts.CacheMB << 20)
	return s, nil
}

// Model is the cubes with what is known at this moment: custom attributes,
// scores that have been computed.
func (s *Service) Model(ctx context.Context) *Model {
	m := newModel(ctx, s.cubes, s.fiscal)
	m.keep(s.reader.Column)
	m.closed = s.closed(ctx).days
	return m
}

// keep drops run-time dimensions whose column is not there yet.
func (m *Model) keep(has func(table, column string) (string, bool)) {
	m.cubes = slices.DeleteFunc(m.cubes, func(c warehouse.Cube) bool {
		_, ok := has(c.Table, c.Customer)
		return c.Profile && !ok
	})
	m.byName = map[string]*warehouse.Cube{}
	for i := range m.cubes {
		c := &m.cubes[i]
		fixed := m.extra[c.Name]
		late := slices.DeleteFunc(slices.Clone(c.Dimensions[fixed:]), func(d warehouse.Dimension) bool {
			_, ok := has(c.Table, d.Column)
			return !ok
		})
		c.Dimensions = append(c.Dimensions[:fixed:fixed], late...)
		m.byName[c.Name] = c
		if c.IsCustomers {
			m.customer = c
		}
	}
}

// Today is the day of relative periods, in the company's zone.
func (s *Service) Today() time.Time { return s.clock().In(s.zone) }

// Query answers a question for whoever acts in ctx.
func (s *Service) Query(ctx context.Context, q Query) (*Result, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	started := time.Now()
	position := s.reader.Position()
	key := cacheKey(ctx, q, position.Version, s.Today(), s.closed(ctx).list)
	result, isCached, err := s.cache.get(ctx, key, func() (*Result, error) {
		return s.solve(ctx, &q, false)
	})
	if err != nil {
		return nil, err
	}
	out := *result
	out.AsOf = AsOf{position.Seq, position.At}
	out.Milliseconds, out.IsCached = time.Since(started).Milliseconds(), isCached
	return &out, nil
}

func (s *Service) answer(ctx context.Context, q *Query, forExport bool) (*Result, error) {
	plans, err := s.plans(ctx, q, forExport)
	if err != nil {
		return nil, err
	}
	a := &answer{service: s, query: q, plans: plans, isExport: forExport}
	if len(plans) > 1 || q.Compare != "" {
		a.isMerged = true
	}
	return a.run(ctx)
}

// plans checks the question and makes one plan for each base cube in it.
func (s *Service) plans(ctx context.Context, q *Query, forExport bool) ([]*plan, error) {
	if len(q.Measures) == 0 || len(q.Measures) > maxMeasures {
		return nil, fault.New(fault.Invalid, "cube.measures", "A question has 1 to {limit} measures.", "limit", maxMeasures)
	}
	for _, t := range q.Totals {
		if t != TotalsOfRows && t != TotalsOfColumns && t != TotalsGrand {
			return nil, fault.New(fault.Invalid, "cube.bad_totals", "{name} is none of the totals rows, columns and grand.", "name", t)
		}
	}
	p := planner{model: s.Model(ctx), at: condition.Moment{Today: s.Today()}}
	if q.Filters != nil {
		own := *q
		rewritten, err := p.model.spelled(q, *q.Filters, s.Today())
		if err != nil {
			return nil, err
		}
		own.Filters, q = &rewritten, &own
	}
	var bases []*warehouse.Cube
	names := map[string][]string{}
	for _, name := range q.Measures {
		base, _, err := p.model.measure(strings.TrimSuffix(name, shareSuffix))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(bases, base) {
			bases = append(bases, base)
		}
		if slices.Contains(names[base.Name], name) {
			return nil, fault.New(fault.Invalid, "cube.twice", "{name} is asked twice.", "name", name)
		}
		names[base.Name] = append(names[base.Name], name)
	}
	var plans []*plan
	for _, base := range bases {
		one, err := p.plan(ctx, q, base, names[base.Name], forExport)
		if err != nil {
			return nil, err
		}
		if err := s.settleCurrency(ctx, one); err != nil {
			return nil, err
		}
		plans = append(plans, one)
	}
	return plans, nil
}

// Asks rewrites a rule over customers' dimensions for another capability:
// segment builds its fields of them.
func (s *Service) Asks(ctx context.Context) (*Model, condition.Moment) {
	return s.Model(ctx), condition.Moment{Today: s.Today()}
}

// Currency is the company's currency.
func (s *Service) Currency() string { return s.currency }

// label of a measure with its suffix.
func labelOf(m *warehouse.Measure, suffix string) warehouse.Text {
	add := map[string][2]string{
		".share": {" 비중", " share"}, ".previous": {" (이전)", " (before)"}, ".change": {" 증감률", " change"},
	}[suffix]
	return warehouse.Text{Ko: m.Label.Ko + add[0], En: m.Label.En + add[1]}
}

func noteTruncated(shown int, all int64) Note {
	return Note{
		Code: "cube.truncated", Fields: map[string]any{"shown": shown, "all": all},
		Message: fmt.Sprintf("%d of %d rows are shown; totals cover all of them.", shown, all),
	}
}
