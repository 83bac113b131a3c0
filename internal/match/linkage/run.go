// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"dangol/internal/match/weight"
)

// Options say how to match; the zero value is right for most files.
type Options struct {
	// LinkOnly compares only records of different files and links at most one
	// of each.
	LinkOnly bool
	// Threshold is the probability from which records are joined; 0 means 0.5.
	Threshold float64
	// Spec replaces what would be learnt: kinds of columns, blocking rules, m, u and λ.
	Spec *Spec
	// OnePerPerson names columns of which a person has one value: two
	// different ones forbid a link.
	OnePerPerson []string
	// LargestCluster is the most records of one person; 0 means 500.
	LargestCluster int
	// Seed makes the random pairs repeatable.
	Seed uint64
	// Progress hears of what is being done; total 0 means not known.
	Progress func(stage string, done, total int64)
}

// Result is what a run found.
type Result struct {
	Columns    []ColumnReport
	Rules      []*Rule
	Model      *weight.Model
	Notes      []string
	Pairs      []Pair   // pairs worth showing, the strongest first
	Cluster    []uint32 // the cluster of each record, named by its first record
	Clusters   int
	Largest    int
	Matches    int64 // pairs of records in one cluster
	Candidates int64
	Seconds    float64
	// Threshold and Sources are what the report speaks of, in its Language.
	Threshold float64
	Sources   []string
	Language  Language

	fields []*field
	worker *worker
}

// run is one matching under way.
type run struct {
	t       *Table
	options Options
	result  *Result
	random  *rand.Rand
	fields  []*field
	rules   []*Rule
	matrix  *keyMatrix
	total   float64 // pairs that could be
}

// Run matches the records of a table.
func Run(ctx context.Context, t *Table, options Options) (*Result, error) {
	started := time.Now()
	if options.Threshold == 0 {
		options.Threshold = .5
	}
	if options.Progress == nil {
		options.Progress = func(string, int64, int64) {}
	}
	r := &run{t: t, options: options, result: &Result{}, random: rand.New(rand.NewPCG(options.Seed, 0x5eed)), total: pairsOf(t, options.LinkOnly)}
	r.result.Notes = append(r.result.Notes, t.Notes...)
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"recognising columns", r.understand}, {"choosing blocking rules", r.propose}, {"training", r.train}, {"comparing", r.score}, {"clustering", r.cluster},
	} {
		options.Progress(step.name, 0, 0)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		began := time.Now()
		if err := step.do(ctx); err != nil {
			return nil, err
		}
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("%s took %.2f s", step.name, time.Since(began).Seconds()))
	}
	r.result.Seconds = time.Since(started).Seconds()
	return r.result, nil
}

func (r *run) understand(context.Context) (err error) {
	if r.options.Spec != nil {
		r.fields, err = r.options.Spec.fieldsOf(r.t, r.result)
	} else {
		r.fields, err = assemble(r.t, r.result)
	}
	r.result.fields = r.fields
	return err
}

func (r *run) propose(context.Context) (err error) {
	if r.options.Spec != nil {
		r.rules, err = r.options.Spec.rulesOf(r.fields)
	} else {
		r.rules, err = proposeRules(r.t, r.fields, r.options.LinkOnly, r.random)
	}
	if err != nil {
		return err
	}
	r.matrix = newKeyMatrix(r.fields, r.rules, r.t.Rows, r.t.spill)
	budget := int64(pairsPerRecord) * int64(r.t.Rows)
	kept := r.rules[:0]
	for _, rule := range r.rules {
		rule.block(r.t, r.matrix, r.options.LinkOnly)
		if rule.Pairs == 0 || rule.Pairs > budget {
			if rule.Pairs > 0 {
				r.result.Notes = append(r.result.Notes, fmt.Sprintf("rule %s left out: %d pairs are more than the budget", rule.Label, rule.Pairs))
			}
			continue
		}
		budget -= rule.Pairs
		kept = append(kept, rule)
	}
	r.rules = kept
	r.result.Rules = kept
	if len(kept) == 0 {
		return noRule()
	}
	return nil
}

func (r *run) train(context.Context) error {
	if r.options.Spec != nil {
		r.result.Model = r.options.Spec.Model
		return nil
	}
	model := newModel(r.fields)
	countU(r.t, r.fields, model, r.options.LinkOnly, r.random)
	selections := r.selections()
	estimate(model, selections)
	var notes []string
	model.Lambda, _ = firstLambda(model, r.fields, selections, float64(r.t.Rows), r.total)
	withoutMatches(model)
	r.result.Notes = append(r.result.Notes, estimate(model, selections)...)
	model.Lambda, notes = firstLambda(model, r.fields, selections, float64(r.t.Rows), r.total)
	r.result.Notes = append(r.result.Notes, notes...)
	for _, s := range selections {
		if len(s.uses) == 1 && len(s.coarse) == 0 {
			r.fields[s.uses[0]].strangers = s.strangers(model)
		}
	}
	model.Chances = chances(r.fields, selections)
	r.result.Model = model
	return nil
}

// selections samples, on all cores, the pairs of every rule and of every field
// that is no rule alone.
func (r *run) selections() []*selection {
	var jobs []func(random *rand.Rand) *selection
	hasSingle := map[int]bool{}
	for _, rule := range r.rules {
		jobs = append(jobs, func(random *rand.Rand) *selection {
			s := selectPairs(r.t, r.fields, rule, r.options.LinkOnly, random)
			s.teaches = true
			return s
		})
		if uses := rule.uses(); len(uses) == 1 && rule.parts[0].form == Whole {
			hasSingle[uses[0]] = true
		}
	}
	for i := range r.fields {
		if !hasSingle[i] {
			jobs = append(jobs, func(random *rand.Rand) *selection { return selectEqual(r.t, r.fields, i, r.options.LinkOnly, random) })
		}
	}
	made := make([]*selection, len(jobs))
	sources := make([]*rand.Rand, len(jobs))
	for k := range sources { // drawn in order, so that the same seed gives the same result
		sources[k] = rand.New(rand.NewPCG(r.random.Uint64(), r.random.Uint64()))
	}
	each(len(jobs), func(k int) { made[k] = jobs[k](sources[k]) })
	return slices.DeleteFunc(made, func(s *selection) bool { return s == nil })
}

// slack is how far below an even chance, in bits, pairs are still kept.
const slack = 10

func (r *run) score(ctx context.Context) error {
	model := r.result.Model
	s := newScorer(r.fields, r.t.Rows, r.total, r.t.spill)
	s.use(model)
	keep := float32(-model.PriorWeight() - slack)
	all := int64(0)
	for _, rule := range r.rules {
		all += rule.Pairs
	}
	pairs, looked, err := s.candidates(ctx, r.t, r.matrix, r.rules, r.options.LinkOnly, keep, func(done int64) { r.options.Progress("comparing", done, all) })
	if err != nil {
		return err
	}
	r.result.Candidates, r.result.Pairs = looked, pairs
	if r.options.Spec == nil {
		r.settle(s, model)
	}
	s.use(model)
	r.result.worker = s.newWorker()
	return nil
}

// settle takes λ from the scored pairs themselves and learns how matches
// differ together, then weighs the kept pairs again.
func (r *run) settle(s *scorer, model *weight.Model) {
	pairs := r.result.Pairs
	for range 2 {
		model.Lambda = settleLambda(pairs, r.total, model.Lambda)
		prior := model.PriorWeight()
		model.Causes = causesFrom(model, r.fields, pairs, func(p Pair) float64 { return weight.Probability(float64(p.Bits) + prior) })
		s.use(model)
		parallel(len(pairs), func(from, to int) {
			w := &worker{scorer: s, patterns: make(map[uint64][]story, patternStart), extra: make([]float32, len(s.fields))}
			for k := from; k < to; k++ {
				pairs[k].Bits = w.weigh(s.row(pairs[k].A), s.row(pairs[k].B), pairs[k].Pattern)
			}
		})
	}
}

// settleLambda repeats λ = Σ p / all pairs until it stands, near the first estimate.
func settleLambda(pairs []Pair, total, first float64) float64 {
	const reach = 4
	lambda := first
	for range 20 {
		prior := math.Log2(lambda / (1 - lambda))
		sum := 0.0
		for _, p := range pairs {
			sum += weight.Probability(float64(p.Bits) + prior)
		}
		next := min(max(sum/total, first/reach), min(first*reach, .5))
		if math.Abs(next-lambda) < 1e-4*lambda {
			return next
		}
		lambda = next
	}
	return lambda
}

func (r *run) cluster(context.Context) error {
	prior := float32(r.result.Model.PriorWeight())
	c := newClusters(r.t, r.result.worker, prior, r.options)
	threshold := float32(math.Log2(r.options.Threshold / (1 - r.options.Threshold)))
	if pairs := r.result.Pairs; r.options.LinkOnly && len(r.t.Sources) == 2 {
		c.joinAll(assigned(slices.DeleteFunc(slices.Clone(pairs), func(p Pair) bool { return c.isConflict(p.Pattern) }), r.t.Source, prior, threshold), threshold)
		strongestFirst(pairs)
	} else {
		c.joinAll(pairs, threshold)
	}
	r.result.Cluster = make([]uint32, r.t.Rows)
	first := make(map[uint32]uint32, len(c.members))
	for row := range r.result.Cluster {
		root := c.find(uint32(row))
		if c.members[root] != nil { // named by the first record, whatever the order of joins
			name, known := first[root]
			if !known {
				name = uint32(row)
				first[root] = name
			}
			root = name
		}
		r.result.Cluster[row] = root
		if root == uint32(row) {
			r.result.Clusters++
		}
	}
	for _, members := range c.members {
		if r.options.LinkOnly {
			r.result.Matches += crossPairs(r.t, members)
		} else {
			r.result.Matches += int64(len(members)) * int64(len(members)-1) / 2
		}
	}
	r.result.Largest = c.largest
	return nil
}

func pairsOf(t *Table, linkOnly bool) float64 {
	n := float64(t.Rows)
	if !linkOnly {
		return n * (n - 1) / 2
	}
	var counts [mostSources + 1]float64
	for _, s := range t.Source {
		counts[s]++
	}
	same := 0.0
	for _, k := range counts {
		same += k * k
	}
	return max((n*n-same)/2, 1)
}
