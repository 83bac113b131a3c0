// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"slices"

	"dangol/internal/mining/frame"
)

// Family is a kind of model.
type Family string

// Families, from the simplest to the most complex.
const (
	Baseline Family = "baseline"
	Logistic Family = "logistic"
	OneTree  Family = "tree"
	Forest   Family = "forest"
	Boost    Family = "boost"
	MLP      Family = "mlp"
)

// Families are all kinds, simplest first.
var Families = []Family{Baseline, Logistic, OneTree, Forest, Boost, MLP}

// Version of the JSON form of models.
const Version = 1

// Model predicts a yes.
type Model struct {
	Version  int    `json:"version"`
	Family   Family `json:"family"`
	Seed     uint64 `json:"seed"`
	Target   string `json:"target"`
	Positive string `json:"positive"`
	// Rows and Share are of the table that was learned from.
	Rows    int       `json:"rows"`
	Share   float64   `json:"share"`
	Linear  *Linear   `json:"linear,omitempty"`
	Trees   *Ensemble `json:"trees,omitempty"`
	Network *Network  `json:"network,omitempty"`
	// Line calibrates the margins, where cross-validation asked for it.
	Line *Line `json:"line,omitempty"`
	// Profile is how columns and scores were spread, to see drift by.
	Profile *Spread `json:"profile,omitempty"`
	// Quality is the evaluation on rows that were held out.
	Quality *Evaluation `json:"quality,omitempty"`
	// TrainedAt is when, ISO; set by the caller, who knows the time.
	TrainedAt string `json:"trained_at,omitempty"`
}

// Fit learns a model of a family.
func Fit(ctx context.Context, family Family, f *frame.Frame, yes []bool, seed uint64) (*Model, error) {
	m := &Model{Version: Version, Family: family, Seed: seed, Rows: f.Rows, Share: rate(yes)}
	if err := fewest(yes); err != nil {
		return nil, err
	}
	var err error
	switch family {
	case Baseline:
	case Logistic:
		m.Linear, err = fitLinear(ctx, f, yes, ridge)
	case OneTree:
		m.Trees = fitTree(f, yes, treeDefaults)
	case Forest:
		m.Trees, err = fitForest(ctx, f, yes, forestDefaults, seed)
	case Boost:
		m.Trees, err = fitBoost(ctx, f, yes, boostDefaults, seed)
	case MLP:
		m.Network, err = fitNetwork(ctx, f, yes, seed)
	default:
		return nil, problem("no_family", "There is no model %q; the models are auto, logistic, tree, forest, boost and mlp.", family)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// fewest refuses what no model can learn from.
func fewest(yes []bool) error {
	const least = 5
	count := 0
	for _, y := range yes {
		if y {
			count++
		}
	}
	if count < least || len(yes)-count < least {
		return problem("too_few", "There are %d rows with a yes and %d with a no to learn from; at least %d of each are needed.", count, len(yes)-count, least)
	}
	return nil
}

// Score returns the probability of a yes for every row. Columns that are not
// there count as missing.
func (m *Model) Score(f *frame.Frame) []float64 {
	margins, isShare := m.raw(f)
	for i, x := range margins {
		switch {
		case m.Line != nil && isShare:
			x = m.Line.Intercept + m.Line.Slope*logit(x)
		case m.Line != nil:
			x = m.Line.Intercept + m.Line.Slope*x
		case isShare:
			margins[i] = math.Min(math.Max(x, 0), 1)
			continue
		}
		margins[i] = sigmoid(x)
	}
	return margins
}

func (m *Model) raw(f *frame.Frame) (values []float64, isShare bool) {
	switch {
	case m.Linear != nil:
		return m.Linear.margins(f), false
	case m.Trees != nil:
		return m.Trees.sums(f), m.Trees.IsShare
	case m.Network != nil:
		return m.Network.margins(f), false
	}
	out := make([]float64, f.Rows)
	for i := range out {
		out[i] = m.Share
	}
	return out, true
}

// Columns are the names of the columns that the model reads.
func (m *Model) Columns() []string {
	switch {
	case m.Linear != nil:
		return m.Linear.Encoder.Names()
	case m.Network != nil:
		return m.Network.Encoder.Names()
	case m.Trees != nil:
		names := make([]string, len(m.Trees.Binner.Columns))
		for i, c := range m.Trees.Binner.Columns {
			names[i] = c.Name
		}
		return names
	}
	return nil
}

// MissingColumns are columns of the model that a table lacks.
func (m *Model) MissingColumns(f *frame.Frame) []string {
	names := f.Names()
	var out []string
	for _, name := range m.Columns() {
		if !slices.Contains(names, name) {
			out = append(out, name)
		}
	}
	return out
}

// Write writes the model as JSON.
func (m *Model) Write(w io.Writer) error { return json.NewEncoder(w).Encode(m) }

// Read reads a model that Write wrote.
func Read(r io.Reader) (*Model, error) {
	m := &Model{}
	if err := json.NewDecoder(r).Decode(m); err != nil {
		return nil, problem("bad_model", "The file is no model of Dangol: %v.", err)
	}
	if m.Version != Version || !slices.Contains(Families, m.Family) {
		return nil, problem("bad_model", "The file is no model of Dangol of version %d.", Version)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

// check refuses a file by which scoring would run out of its bounds.
func (m *Model) check() error {
	bad := problem("bad_model", "The model file is damaged: its parts do not fit together.")
	if m.Linear != nil && (m.Linear.Encoder == nil || len(m.Linear.Weights) != len(m.Linear.Encoder.Features)) {
		return bad
	}
	if m.Network != nil {
		if m.Network.Encoder == nil {
			return bad
		}
		for _, n := range m.Network.Nets {
			if len(n.Into) != hidden*len(m.Network.Encoder.Features) || len(n.Bias) != hidden || len(n.Out) != hidden {
				return bad
			}
		}
	}
	if m.Trees == nil {
		return nil
	}
	if m.Trees.Binner == nil {
		return bad
	}
	for _, t := range m.Trees.Trees {
		for at, n := range t {
			isLeaf := n.Left == 0 && n.Right == 0
			if !isLeaf && (int(n.Left) <= at || int(n.Right) <= at || int(n.Left) >= len(t) || int(n.Right) >= len(t)) ||
				n.Column < 0 || !isLeaf && int(n.Column) >= len(m.Trees.Binner.Columns) {
				return bad
			}
		}
		if len(t) == 0 {
			return bad
		}
	}
	return nil
}
