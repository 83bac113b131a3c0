// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"dangol/internal/mining/cluster"
	"dangol/internal/mining/frame"
	"dangol/internal/platform/fault"
)

// Ways to group: k-means of everybody, or a tree of a sample to whose groups
// everybody else is assigned.
const (
	byKMeans = "kmeans"
	byTree   = "hierarchical"
)

// ClusterSettings say how customers are grouped.
type ClusterSettings struct {
	K int `json:"k"` // 0 lets the data decide
	// Measures are what customers are compared by; none is the usual five.
	Measures []string `json:"measures,omitempty"`
	Method   string   `json:"method,omitempty" enum:"kmeans,hierarchical,"`
}

// clusterMeasures can be grouped by; the first ones are the usual ones. Money and
// counts are put on a logarithmic scale, because few customers have very much.
var clusterMeasures = []string{
	"recency_days", "orders", "per_order", "known_days", "categories",
	"revenue", "days_between", "orders_90_days", "revenue_90_days", "pieces", "discounts", "age",
}

const usualMeasures = 5

func parseCluster(raw json.RawMessage) (ClusterSettings, error) {
	s := ClusterSettings{Method: byKMeans}
	const most = 20
	if err := json.Unmarshal(raw, &s); err != nil || s.K < 0 || s.K > most || s.K == 1 {
		return s, bad("k", "2 to 20, or 0 to let the data decide")
	}
	if s.Method == "" {
		s.Method = byKMeans
	}
	if s.Method != byKMeans && s.Method != byTree {
		return s, bad("method", "kmeans or hierarchical")
	}
	if len(s.Measures) == 0 {
		s.Measures = slices.Clone(clusterMeasures[:usualMeasures])
	}
	for i, name := range s.Measures {
		if !slices.Contains(clusterMeasures, name) || slices.Contains(s.Measures[:i], name) {
			return s, bad("measures", "different ones of "+strings.Join(clusterMeasures, ", "))
		}
	}
	return s, nil
}

func checkCluster(raw json.RawMessage) error {
	_, err := parseCluster(raw)
	return err
}

// Clusters are groups of buyers who are alike.
type Clusters struct {
	Settings  ClusterSettings    `json:"settings"`
	Customers int                `json:"customers"`
	K         int                `json:"k"`
	Within    float64            `json:"within"`
	Stability float64            `json:"stability"`
	Trials    []cluster.Trial    `json:"trials,omitempty"`
	Portraits []cluster.Portrait `json:"portraits"`
	NamesKo   []string           `json:"names_ko"`
	NamesEn   []string           `json:"names_en"`
	// Sample is how many buyers the tree was made of, Heights the distances of
	// its last joins, the last one first.
	Sample  int       `json:"sample,omitempty"`
	Heights []float64 `json:"heights,omitempty"`
}

const (
	mostTree    = 1500 // buyers of a tree: distances need n² places
	shownJoins  = 14
	mostGroups  = 8 // that the data may choose
	fewestGroup = 30
	resamples   = 6
)

// runCluster groups the buyers of the time before today.
func (s *Service) runCluster(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseCluster(run.Settings)
	if err != nil {
		return nil, err
	}
	day, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	all, err := s.readPeople(ctx, peopleAt(day), s.currency)
	if err != nil {
		return nil, err
	}
	points := cluster.Prepare(onLogs(all.frame, settings.Measures), true)
	if points.Len() < fewestGroup {
		return nil, fault.New(fault.Invalid, "mining.few_buyers", "{count} buyers are too few to group.", "count", points.Len())
	}
	seed := uint64(run.Seed) //nolint:gosec // positive
	out := &Clusters{Settings: settings, Customers: points.Len(), K: settings.K}
	// The trials are shown even when the number was chosen by hand.
	if out.Trials, err = cluster.Choose(ctx, points.Points, mostGroups, seed, func(done, total int) { tell(int64(7*done/total), 10) }); err != nil {
		return nil, err
	}
	for _, t := range out.Trials {
		if t.IsProposed && settings.K == 0 {
			out.K = t.K
		}
	}
	groups, err := out.divide(ctx, points, seed)
	if err != nil {
		return nil, err
	}
	out.Within = groups.Within
	if out.Stability, err = cluster.Stability(ctx, points.Points, groups, resamples, seed); err != nil {
		return nil, err
	}
	out.Portraits = cluster.Portraits(all.frame, points, groups)
	for i := range out.Portraits {
		ko, en := nameGroup(&out.Portraits[i])
		out.NamesKo, out.NamesEn = append(out.NamesKo, ko), append(out.NamesEn, en)
	}
	return out, s.writeMembers(ctx, run.ID, all.ids, points.Rows, groups.Of)
}

// onLogs are the measures on a logarithmic scale; ages stay as they are.
func onLogs(f *frame.Frame, names []string) *frame.Frame {
	out := &frame.Frame{Rows: f.Rows}
	for _, name := range names {
		numbers := slices.Clone(f.Find(name).Numbers)
		for i, x := range numbers {
			if name != "age" {
				numbers[i] = math.Log1p(math.Max(0, x))
			}
		}
		out.Columns = append(out.Columns, frame.Numeric(name, numbers))
	}
	return out
}

// divide groups the points as the settings say.
func (c *Clusters) divide(ctx context.Context, points *cluster.Scaled, seed uint64) (*cluster.Groups, error) {
	if c.Settings.Method == byKMeans {
		return cluster.KMeans(ctx, points.Points, cluster.Options{K: c.K, Seed: seed})
	}
	rows := rand.New(rand.NewPCG(seed, 77)).Perm(points.Len())[:min(mostTree, points.Len())] //nolint:gosec // a sample, no secret
	slices.Sort(rows)
	sample := points.Take(rows)
	joins, err := cluster.Linkage(sample, "ward")
	if err != nil {
		return nil, fmt.Errorf("tree of %d buyers: %w", len(rows), err)
	}
	c.Sample = len(rows)
	for i := len(joins) - 1; i >= 0 && len(c.Heights) < shownJoins; i-- {
		c.Heights = append(c.Heights, joins[i].Height)
	}
	return cluster.Assign(points.Points, sample, cluster.Cut(joins, len(rows), c.K), c.K, len(rows) == points.Len()), nil
}
