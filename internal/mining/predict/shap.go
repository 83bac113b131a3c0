// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

// Reason is what one column adds to the log odds of one row (of a forest: to
// its share), against the mean of the training rows.
type Reason struct {
	Column string  `json:"column"`
	Value  string  `json:"value"`
	Effect float64 `json:"effect"`
}

// Contributions returns for every row what each column of the model adds, and
// the start that all rows share: start + Σ effects is the uncalibrated margin.
// Trees are explained exactly (TreeSHAP; deep forests by the ways of their
// rows), linear models by weight × distance
// from the mean, networks by Shapley values sampled from paths.
func (m *Model) Contributions(f *frame.Frame, seed uint64) (start float64, effects [][]float64) {
	effects = make([][]float64, f.Rows)
	switch {
	case m.Trees != nil:
		t := m.Trees.Binner.encode(f)
		start = m.Trees.Start
		for _, tree := range m.Trees.Trees {
			start += tree.mean(0)
		}
		exact, _ := m.shapCost()
		var means [][]float64
		if exact > shapSteps {
			for _, tree := range m.Trees.Trees {
				means = append(means, tree.means())
			}
		}
		tables, width := m.Trees.tables(f.Rows), len(m.Trees.Binner.Columns)
		// Tree by tree over some rows, so that its table stays in fast memory.
		const some = 256
		each((f.Rows+some-1)/some, func(part int) {
			from, to := part*some, min(f.Rows, (part+1)*some)
			all := make([]float64, (to-from)*width)
			for row := from; row < to; row++ {
				effects[row] = all[(row-from)*width : (row-from+1)*width : (row-from+1)*width]
			}
			for i, tree := range m.Trees.Trees {
				for row := from; row < to; row++ {
					switch {
					case tables[i] != nil:
						tables[i].add(effects[row], tree, t.bins, row)
					case means != nil:
						tree.follow(effects[row], means[i], t.bins, row)
					default:
						tree.explain(effects[row], t.bins, row)
					}
				}
			}
		})
	case m.Linear != nil:
		start = m.Linear.contributions(f, effects)
	case m.Network != nil:
		start = m.sampled(f, effects, seed)
	default:
		for row := range effects {
			effects[row] = []float64{}
		}
		return m.Share, effects
	}
	return start, effects
}

// contributions of a linear model: features are centred already, categories
// are compared with the mean weight of the rows at hand.
func (l *Linear) contributions(f *frame.Frame, effects [][]float64) float64 {
	d := l.Encoder.encode(f)
	column := make([]int, len(l.Encoder.Features))
	for i, one := range l.Encoder.Columns {
		end := len(l.Encoder.Features)
		if i+1 < len(l.Encoder.Columns) {
			end = l.Encoder.Columns[i+1].Feature
		}
		for k := one.Feature; k < end; k++ {
			column[k] = i
		}
	}
	means := make([]float64, len(l.Encoder.Columns))
	var at []int
	var values []float64
	for row := range effects {
		effects[row] = make([]float64, len(l.Encoder.Columns))
		at, values = d.row(row, at[:0], values[:0])
		for i, feature := range at[:len(at)-1] {
			effects[row][column[feature]] += l.Weights[feature] * values[i]
		}
		for i, e := range effects[row] {
			means[i] += e / float64(len(effects))
		}
	}
	start := l.Intercept
	for i, mean := range means {
		start += mean
		for row := range effects {
			effects[row][i] -= mean
		}
	}
	return start
}

// sampled estimates Shapley values by walking from other rows to this one in
// random order (Štrumbelj and Kononenko 2014).
func (m *Model) sampled(f *frame.Frame, effects [][]float64, seed uint64) float64 {
	const walks = 40
	columns := m.Columns()
	places := make([]int, len(columns))
	for i, name := range columns {
		places[i] = slices.Index(f.Names(), name)
	}
	base, _ := m.raw(f)
	start := 0.0
	for _, x := range base {
		start += x / float64(len(base))
	}
	for row := range effects {
		effects[row] = make([]float64, len(columns))
		random := rand.New(rand.NewPCG(seed, uint64(row))) //nolint:gosec // no secret
		// One table of all steps of all walks is scored at once.
		var picks [][]int // source row of each column
		var orders [][]int
		for range walks {
			order, other := random.Perm(len(columns)), random.IntN(f.Rows)
			orders = append(orders, order)
			now := make([]int, len(columns))
			for i := range now {
				now[i] = other
			}
			picks = append(picks, slices.Clone(now))
			for _, c := range order {
				now[c] = row
				picks = append(picks, slices.Clone(now))
			}
		}
		table := &frame.Frame{Rows: len(picks)}
		for i := range columns {
			if places[i] < 0 {
				continue
			}
			rows := make([]int, len(picks))
			for k := range picks {
				rows[k] = picks[k][i]
			}
			table.Columns = append(table.Columns, f.Columns[places[i]].Take(rows))
		}
		scores, _ := m.raw(table)
		for w, order := range orders {
			from := w * (len(columns) + 1)
			for step, c := range order {
				effects[row][c] += (scores[from+step+1] - scores[from+step]) / walks
			}
		}
		// What sampling missed is dealt out evenly, so that the parts add up.
		sum := start
		for _, e := range effects[row] {
			sum += e
		}
		for i := range effects[row] {
			effects[row][i] += (base[row] - sum) / float64(len(columns))
		}
	}
	return start
}

// Reasons are the strongest contributions of one row.
func (m *Model) Reasons(f *frame.Frame, row int, effects []float64, most int) []Reason {
	columns := m.Columns()
	order := identity(len(effects))
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case math.Abs(effects[a]) > math.Abs(effects[b]):
			return -1
		case math.Abs(effects[a]) < math.Abs(effects[b]):
			return 1
		}
		return 0
	})
	var out []Reason
	for _, i := range order[:min(most, len(order))] {
		if effects[i] == 0 {
			break
		}
		reason := Reason{Column: columns[i], Effect: effects[i]}
		if c := f.Find(columns[i]); c != nil {
			reason.Value = c.Text(row)
		}
		out = append(out, reason)
	}
	return out
}

// mean is the expected value of a tree below a node.
func (t Tree) mean(at int32) float64 {
	n := &t[at]
	if n.Left == 0 {
		return n.Value
	}
	l, r := &t[n.Left], &t[n.Right]
	return (l.Cover*t.mean(n.Left) + r.Cover*t.mean(n.Right)) / math.Max(l.Cover+r.Cover, 1e-300)
}

// step is one column on the way from the root: how large a share of the
// orderings goes on when it is unknown (zero) and known (one).
type step struct {
	column    int32
	zero, one float64
	weight    float64
}

// explain adds the Shapley values of one row (Lundberg, Erion, Lee 2018,
// algorithm 2, with the covers of the nodes as weights).
func (t Tree) explain(effects []float64, bins [][]uint16, row int) {
	var walk func(at int32, path []step, zero, one float64, column int32)
	walk = func(at int32, parent []step, zero, one float64, column int32) {
		path := extend(parent, zero, one, column)
		n := &t[at]
		if n.Left == 0 {
			for i := 1; i < len(path); i++ {
				w := unwoundSum(path, i)
				effects[path[i].column] += w * (path[i].one - path[i].zero) * n.Value
			}
			return
		}
		hot, cold := n.Right, n.Left
		if n.goesLeft(bins[n.Column][row]) {
			hot, cold = cold, hot
		}
		z, o := 1.0, 1.0
		for k := 1; k < len(path); k++ {
			if path[k].column == n.Column {
				z, o = path[k].zero, path[k].one
				path = unwind(path, k)
				break
			}
		}
		cover := math.Max(t[hot].Cover+t[cold].Cover, 1e-300)
		walk(hot, path, z*t[hot].Cover/cover, o, n.Column)
		walk(cold, path, z*t[cold].Cover/cover, 0, n.Column)
	}
	walk(0, nil, 1, 1, -1)
}

func extend(path []step, zero, one float64, column int32) []step {
	l := len(path)
	out := make([]step, l+1, l+2)
	copy(out, path)
	out[l] = step{column, zero, one, 0}
	if l == 0 {
		out[l].weight = 1
	}
	for i := l - 1; i >= 0; i-- {
		out[i+1].weight += one * out[i].weight * float64(i+1) / float64(l+1)
		out[i].weight = zero * out[i].weight * float64(l-i) / float64(l+1)
	}
	return out
}

func unwind(path []step, i int) []step {
	l := len(path) - 1
	out := slices.Clone(path)
	next := out[l].weight
	zero, one := out[i].zero, out[i].one
	for j := l - 1; j >= 0; j-- {
		if one != 0 {
			kept := out[j].weight
			out[j].weight = next * float64(l+1) / (float64(j+1) * one)
			next = kept - out[j].weight*zero*float64(l-j)/float64(l+1)
		} else {
			out[j].weight = out[j].weight * float64(l+1) / (zero * float64(l-j))
		}
	}
	for j := i; j < l; j++ {
		out[j].column, out[j].zero, out[j].one = out[j+1].column, out[j+1].zero, out[j+1].one
	}
	return out[:l]
}

func unwoundSum(path []step, i int) float64 {
	l := len(path) - 1
	zero, one := path[i].zero, path[i].one
	next, total := path[l].weight, 0.0
	for j := l - 1; j >= 0; j-- {
		if one != 0 {
			kept := next * float64(l+1) / (float64(j+1) * one)
			total += kept
			next = path[j].weight - kept*zero*float64(l-j)/float64(l+1)
		} else {
			total += path[j].weight * float64(l+1) / (zero * float64(l-j))
		}
	}
	return total
}

// shapSteps is what the exact contributions of one row may cost: boosting stays
// below it, deep forests would need minutes for a few hundred rows.
const shapSteps = 1e6

// ReasonCost is about how many steps the contributions of one row take.
func (m *Model) ReasonCost() float64 {
	exact, walk := m.shapCost()
	if exact > shapSteps {
		return walk
	}
	return exact
}

// shapCost is the sum over all leaves of the square of their depth (Lundberg et
// al. 2020), of small trees that of looking up, and what walking down every tree
// costs.
func (m *Model) shapCost() (exact, walk float64) {
	exact, walk = 1, 1
	if m.Trees == nil {
		return exact, walk
	}
	for _, t := range m.Trees.Trees {
		if t.canTable() {
			exact, walk = exact+t.tableCost(), walk+t.tableCost()
			continue
		}
		depths := make([]float64, len(t))
		for i, n := range t {
			if n.Left == 0 {
				exact += depths[i] * depths[i]
				continue
			}
			depths[n.Left], depths[n.Right] = depths[i]+1, depths[i]+1
		}
		walk += float64(t.depth(0))
	}
	return exact, walk
}

// means are the values that every node would give its rows.
func (t Tree) means() []float64 {
	out := make([]float64, len(t))
	for i := len(t) - 1; i >= 0; i-- { // children stand after their parent
		n := &t[i]
		if n.Left == 0 {
			out[i] = n.Value
			continue
		}
		left, right := t[n.Left].Cover, t[n.Right].Cover
		out[i] = (left*out[n.Left] + right*out[n.Right]) / math.Max(left+right, 1e-300)
	}
	return out
}

// follow gives every question on the way of a row the change of the mean that
// it brought (Saabas 2014): it adds up as SHAP does, and costs one walk.
func (t Tree) follow(effects, means []float64, bins [][]uint16, row int) {
	at := int32(0)
	for t[at].Left != 0 {
		n := &t[at]
		next := n.Right
		if n.goesLeft(bins[n.Column][row]) {
			next = n.Left
		}
		effects[n.Column] += means[next] - means[at]
		at = next
	}
}
