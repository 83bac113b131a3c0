// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

// Options are the settings of the service.
type Options struct {
	Currency string         // the company's currency; "" is KRW
	Zone     *time.Location // of "today"; nil is Asia/Seoul
	Clock    func() time.Time
}

// Service computes models.
type Service struct {
	store      *store
	db         *database.DB
	journal    *journal.Journal
	warehouse  warehouse.Writer
	currency   string
	zone       *time.Location
	clock      func() time.Time
	queue      *job.Queue // set by RegisterJobs
	images     Images
	members    Members
	attributes Attributes
	forgetter  Forgetter
	sight      atomic.Pointer[gradeSight]

	scoring sync.Mutex // held while scores are written for what is in use

	introducers Introducers // may be nil
	happenings  Happenings  // may be nil

	isBusy     func() bool  // a large import runs; may be nil
	scoredFrom atomic.Int64 // when the last run of jobScore that succeeded began, in Unix microseconds
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, w warehouse.Writer, opts Options) *Service {
	s := &Service{store: &store{db: db}, db: db, journal: j, warehouse: w, currency: opts.Currency, zone: opts.Zone, clock: opts.Clock}
	if s.currency == "" {
		s.currency = "KRW"
	}
	if s.zone == nil {
		s.zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	return s
}

func (s *Service) today() time.Time { return s.clock().In(s.zone) }

// scope is the condition on customers that whoever acts in ctx may see.
func scope(ctx context.Context) (string, []any) {
	if auth.ScopeOf(ctx).All {
		return "true", nil
	}
	return auth.ScopeSQL(ctx, "c")
}

func permit(ctx context.Context) error {
	for _, permission := range []string{"mining:read", "order:read", "customer:read"} {
		if err := auth.Check(ctx, permission); err != nil {
			return err
		}
	}
	return nil
}

// RFM scores the buyers whom whoever acts in ctx may see; nothing is saved.
func (s *Service) RFM(ctx context.Context, settings RFMSettings) (*RFM, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := settings.fill(s.today(), s.currency); err != nil {
		return nil, err
	}
	position := s.warehouse.Position()
	out := &RFM{
		Settings: settings, From: settings.from(), To: settings.At, Currency: settings.Currency,
		Boxes: []Box{}, Groups: []Group{}, AsOf: AsOf{position.Seq, position.At},
	}
	e, ok := s.ask(ctx, func(snapshot *image.Snapshot) error {
		fresh := *out // a question that breaks off leaves nothing behind
		err := s.boxesInImage(ctx, snapshot, &fresh)
		if err == nil {
			*out = fresh
		}
		return err
	})
	out.Explain = e
	if !ok {
		if err := s.readBoxes(ctx, out); err != nil {
			return nil, fmt.Errorf("score customers: %w", err)
		}
		var err error
		if out.customers, err = s.countCustomers(ctx); err != nil {
			return nil, fmt.Errorf("count customers: %w", err)
		}
	}
	out.NonBuyers = max(out.customers-out.Buyers, 0)
	out.summarise()
	return out, nil
}

// summarise makes parts and groups out of the boxes.
func (r *RFM) summarise() {
	r.Quintiles = map[string][]Part{}
	add := func(measure string, score int, b Box) {
		list := r.Quintiles[measure]
		if list == nil {
			list = make([]Part, 5)
			for i := range list {
				list[i].Score = i + 1
			}
			r.Quintiles[measure] = list
		}
		list[score-1].Customers += b.Customers
		list[score-1].Revenue += b.Revenue
		list[score-1].Share = share(list[score-1].Revenue, r.Revenue)
	}
	byGroup := map[string]*Group{}
	w := r.Settings.Weights
	for i := range r.Boxes {
		b := &r.Boxes[i]
		b.Score = w.R*float64(b.R) + w.F*float64(b.F) + w.M*float64(b.M)
		b.Group, b.Share = GroupOf(b.R, b.F, b.M), share(b.Revenue, r.Revenue)
		add("r", b.R, *b)
		add("f", b.F, *b)
		add("m", b.M, *b)
		g := byGroup[b.Group]
		if g == nil {
			g = &Group{Name: b.Group}
			byGroup[b.Group] = g
		}
		g.Customers += b.Customers
		g.Revenue += b.Revenue
		g.Average += b.Score * float64(b.Customers)
	}
	for _, rule := range groups {
		g := byGroup[rule.name]
		if g == nil {
			g = &Group{Name: rule.name}
		}
		if g.Customers > 0 {
			g.Average /= float64(g.Customers)
		}
		g.Label, g.Action, g.Share = rule.label, rule.action, share(g.Revenue, r.Revenue)
		name, _ := json.Marshal(g.Name)
		g.Rules = json.RawMessage(`{"op":"and","rules":[{"field":"rfm_segment","is":"in","value":[` + string(name) + `]}]}`)
		r.Groups = append(r.Groups, *g)
	}
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Pareto tells how unevenly customers contribute.
func (s *Service) Pareto(ctx context.Context, settings ParetoSettings) (*Pareto, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := settings.fill(s.currency); err != nil {
		return nil, err
	}
	position := s.warehouse.Position()
	out := &Pareto{Settings: settings, Currency: settings.Currency, AsOf: AsOf{position.Seq, position.At}}
	var parts []part
	e, ok := s.ask(ctx, func(snapshot *image.Snapshot) (err error) {
		at := snapshot.Position()
		out.AsOf = AsOf{at.Seq, at.At}
		parts, err = s.partsInImage(ctx, snapshot, settings)
		return err
	})
	out.Explain = e
	if !ok {
		var err error
		if parts, err = s.readParts(ctx, settings); err != nil {
			return nil, fmt.Errorf("pareto: %w", err)
		}
	}
	out.summarise(parts)
	return out, nil
}

// part is a hundredth of the buyers, best first.
type part struct {
	number              int64
	customers, value    int64
	least, most, ranked int64
	weighted            float64
}

func (p *Pareto) summarise(parts []part) {
	p.Curve, p.Deciles, p.Top = []Point{{0, 0}}, []Decile{}, map[string]float64{"10": 0, "20": 0, "30": 0}
	weighted := 0.0
	for _, one := range parts {
		p.Buyers += one.customers
		p.Total += one.value
		weighted += one.weighted
	}
	if p.Total == 0 {
		return
	}
	var customers, value int64
	for _, one := range parts {
		before := Point{float64(customers) / float64(p.Buyers), float64(value) / float64(p.Total)}
		customers, value = customers+one.customers, value+one.value
		at := Point{float64(customers) / float64(p.Buyers), float64(value) / float64(p.Total)}
		p.Curve = append(p.Curve, at)
		const most = 0.8
		if before.Share < most && at.Share >= most { // straight between two points of the curve
			p.CustomersFor80 = before.Customers + (at.Customers-before.Customers)*(most-before.Share)/(at.Share-before.Share)
		}
		d := int(one.number) / 10
		if len(p.Deciles) == 0 || p.Deciles[len(p.Deciles)-1].Decile != d+1 {
			p.Deciles = append(p.Deciles, Decile{Decile: d + 1, Most: one.most})
		}
		last := &p.Deciles[len(p.Deciles)-1]
		last.Customers, last.Value, last.Least = last.Customers+one.customers, last.Value+one.value, one.least
		last.Share = share(last.Value, p.Total)
		for name, limit := range map[string]int64{"10": 10, "20": 20, "30": 30} {
			if one.number < limit {
				p.Top[name] = at.Share
			}
		}
	}
	n := float64(p.Buyers)
	// G = 2 Σ i·x(i) / (n Σ x) − (n+1)/n with x ascending; weighted sums by
	// descending rank, where i = n − rank + 1.
	p.Gini = 2*weighted/(n*float64(p.Total)) - (n+1)/n
	p.lose(parts)
}

// modelRFM is the row of the saved settings.
const modelRFM = "rfm"

// SavedRFM is how RFM is computed for everybody, and when it last was.
type SavedRFM struct {
	Settings   RFMSettings `json:"settings"`
	ComputedAt *time.Time  `json:"computed_at,omitempty"`
	Problem    string      `json:"problem,omitempty"`
	Buyers     int64       `json:"buyers"`
}

// FindRFM returns the saved settings.
func (s *Service) FindRFM(ctx context.Context) (SavedRFM, error) {
	if err := auth.Check(ctx, "mining:read"); err != nil {
		return SavedRFM{}, err
	}
	return s.savedRFM(ctx)
}

func (s *Service) savedRFM(ctx context.Context) (SavedRFM, error) {
	var out SavedRFM
	row, err := s.store.Find(ctx, modelRFM)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(row.settings), &out.Settings); err != nil {
		return out, fmt.Errorf("saved settings of rfm: %w", err)
	}
	_ = json.Unmarshal([]byte(row.summary), &out)
	out.ComputedAt, out.Problem = row.computedAt, row.problem
	return out, nil
}

// SaveRFM makes settings those of everybody and computes the scores at once.
func (s *Service) SaveRFM(ctx context.Context, settings RFMSettings) (SavedRFM, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return SavedRFM{}, err
	}
	if settings.Line != nil { // scores of everybody are of the whole business; those of lines have a table of their own
		return SavedRFM{}, bad("line", "empty; lines are saved with their weights in the view of business lines")
	}
	checked := settings
	if err := checked.fill(s.today(), s.currency); err != nil {
		return SavedRFM{}, err
	}
	before, err := s.savedRFM(ctx)
	if err != nil {
		return before, err
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return SavedRFM{}, fmt.Errorf("save settings of rfm: %w", err)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.Save(ctx, modelRFM, string(text)); err != nil {
			return err
		}
		if s.journal == nil {
			return nil
		}
		e := journal.Entry{Capability: "mining", Kind: "mining.rfm_saved", SubjectKind: "model", After: text}
		e.Before, _ = json.Marshal(before.Settings)
		return s.journal.Append(ctx, e)
	})
	if err != nil {
		return SavedRFM{}, err
	}
	if err := s.RefreshRFM(ctx); err != nil {
		return SavedRFM{}, err
	}
	return s.savedRFM(ctx)
}

// RefreshRFM computes the scores of everybody by the saved settings and writes
// them where list, pivot and segment find them.
func (s *Service) RefreshRFM(ctx context.Context) error {
	saved, err := s.savedRFM(ctx)
	if err != nil {
		return err
	}
	settings := saved.Settings
	if err := settings.fill(s.today(), s.currency); err != nil {
		return err
	}
	if err := s.warehouse.Replace(ctx, ScoresTable, settings.tableSQL(), settings.buyersArgs()...); err != nil {
		if ctx.Err() == nil {
			_ = s.store.SaveResult(ctx, modelRFM, "{}", "The scores could not be computed; see the log.")
		}
		return fmt.Errorf("write rfm scores: %w", err)
	}
	if err := s.refreshLines(ctx); err != nil {
		return fmt.Errorf("write rfm scores of business lines: %w", err)
	}
	buyers, err := s.countScores(ctx)
	if err != nil {
		return err
	}
	return s.store.SaveResult(ctx, modelRFM, fmt.Sprintf(`{"buyers":%d}`, buyers), "")
}
