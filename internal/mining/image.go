// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

// Images is where the newest customer image comes from; image.Image is it.
type Images interface {
	// Current returns a snapshot that includes all that the warehouse does, or why there is none.
	Current() (*image.Snapshot, string)
	// Damaged tells that a question met a damaged file.
	Damaged(err error)
}

// UseImage computes scores and shares from the customer image where that is possible.
func (s *Service) UseImage(images Images) { s.images = images }

// Explain says which engine answered, and why that one.
type Explain struct {
	Engine string `json:"engine" enum:"image,duckdb"`
	Why    string `json:"why"`
}

// ask runs fn over the image; ok is false when DuckDB has to answer.
func (s *Service) ask(ctx context.Context, fn func(*image.Snapshot) error) (e Explain, ok bool) {
	e.Engine = "duckdb"
	if s.images == nil {
		e.Why = "there is no customer image here"
		return e, false
	}
	snapshot, why := s.images.Current()
	if snapshot == nil {
		e.Why = why
		return e, false
	}
	err := fn(snapshot)
	var cannot *image.Unsupported
	switch {
	case err == nil:
		return Explain{"image", "every column of the question lies in the customer image"}, true
	case errors.As(err, &cannot):
		e.Why = cannot.Why
		return e, false
	case image.IsDamaged(err):
		s.images.Damaged(err)
	case ctx.Err() == nil:
		slog.Warn("mining: the image did not answer; DuckDB does", "error", err)
	}
	e.Why = err.Error()
	return e, false
}

// tests makes conditions on columns of the image; err is the first that failed.
type tests struct{ err error }

func (t *tests) row(column string, kind warehouse.Kind, is condition.Operator, value any) *image.Row {
	test, err := condition.Compile(condition.Field{Name: column, Column: column, Kind: kind}, is, value, condition.Moment{})
	t.err = errors.Join(t.err, err)
	return &image.Row{Column: column, Test: test}
}

// who is the row scope of whoever acts in ctx as a rule; nil is everybody.
func (t *tests) who(ctx context.Context) *image.Rule {
	rule, err := image.InScope(ctx, customersTable)
	t.err = errors.Join(t.err, err)
	return rule
}

// sold are the lines that take part in sums, between two days (either may be "").
func (t *tests) sold(currency, from, to string) *image.Row {
	out := &image.Row{Op: "and", Rows: []*image.Row{t.row("counts", warehouse.KindInteger, condition.Greater, int64(0))}}
	if currency != "" {
		out.Rows = append(out.Rows, t.row("currency", warehouse.KindChoice, condition.Equal, currency))
	}
	if from != "" {
		out.Rows = append(out.Rows, t.row("ordered_at", warehouse.KindTime, condition.AtLeast, from))
	}
	if to != "" {
		out.Rows = append(out.Rows, t.row("ordered_at", warehouse.KindTime, condition.AtMost, to))
	}
	return out
}

// errLineOfProducts sends a question to DuckDB.
var errLineOfProducts = &image.Unsupported{Why: "the business line is one of products"}

// within adds the business line to a condition on lines.
func (t *tests) within(where *image.Row, line *Line) *image.Row {
	if line != nil {
		where.Rows = append(where.Rows, t.row(line.By, warehouse.KindChoice, condition.Equal, line.Value))
	}
	return where
}

// buyer is one customer's measures.
type buyers struct{ r, f, m []int64 }

// buyersInImage measures the buyers as buyersSQL does.
func (s *RFMSettings) buyersInImage(ctx context.Context, snapshot *image.Snapshot, currency string) (*buyers, error) {
	t := &tests{}
	if !s.Line.isOfOrders() {
		return nil, errLineOfProducts
	}
	sale := t.row("counts", warehouse.KindInteger, condition.Equal, int64(2))
	frequency := image.Figure{Aggregate: image.Sum, Column: "first_line"}
	if s.CountBy == CountDays {
		frequency = image.Figure{Aggregate: image.Distinct, Column: "ordered_at", PerDay: true, Where: sale}
	}
	q := &image.Figures{
		Table: linesTable, Who: t.who(ctx), Where: t.within(t.sold(currency, s.from(), s.At), s.Line),
		Figures: []image.Figure{{Aggregate: image.Last, Column: "ordered_at", Where: sale}, frequency, {Aggregate: image.Sum, Column: "amount"}},
	}
	if t.err != nil {
		return nil, t.err
	}
	columns, err := snapshot.Measure(ctx, q)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(isoDate, s.At)
	if err != nil {
		return nil, err
	}
	out := &buyers{columns.Values[0], columns.Values[1], columns.Values[2]}
	today, n := condition.Days(at), 0
	for i := range out.f {
		if out.f[i] <= 0 {
			continue
		}
		if out.r[i] == image.Missing {
			return nil, &image.Unsupported{Why: "a purchase has no time"}
		}
		out.r[n], out.f[n], out.m[n] = today-floorDay(out.r[i]), out.f[i], out.m[i]
		n++
	}
	out.r, out.f, out.m = out.r[:n], out.f[:n], out.m[:n]
	return out, nil
}

const microsPerDay = 24 * 60 * 60 * 1_000_000

func floorDay(micros int64) int64 {
	if micros < 0 {
		return (micros+1)/microsPerDay - 1
	}
	return micros / microsPerDay
}

// limit is the quantiles at 20, 40, 50, 60 and 80 % of values, or hand-set cuts
// around an empty middle.
func limit(values []int64, cuts []float64) [5]float64 {
	if len(cuts) == 4 {
		return [5]float64{cuts[0], cuts[1], math.NaN(), cuts[2], cuts[3]}
	}
	return [5]float64(image.Quantiles(values, 0.2, 0.4, 0.5, 0.6, 0.8))
}

// bars are the limits as whole numbers: a whole number is above a limit when it
// is above the next whole number below it.
func bars(l *[5]float64) (out [4]int64) {
	for k, i := range [4]int{0, 1, 3, 4} {
		switch below := math.Floor(l[i]); {
		case below >= math.MaxInt64:
			out[k] = math.MaxInt64
		case below <= math.MinInt64:
			out[k] = math.MinInt64
		default:
			out[k] = int64(below)
		}
	}
	return out
}

// passed counts the limits below a value; the median is none of them.
func passed(x int64, l *[4]int64) int {
	n := 0
	for _, bar := range l {
		if x > bar {
			n++
		}
	}
	return n
}

// inParts runs work over parts of a list at once.
func inParts(n int, work func(part, from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), n/4096+1)
	var group sync.WaitGroup
	for part := range parts {
		group.Go(func() { work(part, n*part/parts, n*(part+1)/parts) })
	}
	group.Wait()
}

// scored are the buyers' scores, 1 to 5 each.
type scored struct {
	limits     [3][5]float64
	rs, fs, ms []uint8
}

func (s *RFMSettings) score(b *buyers) *scored {
	cuts := Cuts{}
	if s.Cuts != nil {
		cuts = *s.Cuts
	}
	n := len(b.r)
	out := &scored{rs: make([]uint8, n), fs: make([]uint8, n), ms: make([]uint8, n)}
	var group sync.WaitGroup
	for k, values := range [3][]int64{b.r, b.f, b.m} {
		group.Go(func() { out.limits[k] = limit(values, [3][]float64{cuts.R, cuts.F, cuts.M}[k]) })
	}
	group.Wait()
	recent := bars(&out.limits[0])
	inParts(n, func(_, from, to int) {
		for i := from; i < to; i++ {
			out.rs[i] = uint8(5 - passed(b.r[i], &recent)) //nolint:gosec // 1…5
		}
	})
	nested := s.Method == Nested
	out.scoreBy(b.f, out.fs, cuts.F, &out.limits[1], nested, func(i int) int { return int(out.rs[i]) })
	out.scoreBy(b.m, out.ms, cuts.M, &out.limits[2], nested, func(i int) int { return int(out.rs[i])*8 + int(out.fs[i]) })
	return out
}

// scoreBy scores values by the limits of everybody, or nested by those of the
// group that a buyer is in already.
func (o *scored) scoreBy(values []int64, to []uint8, cuts []float64, all *[5]float64, nested bool, groupOf func(i int) int) {
	if !nested {
		limits := bars(all)
		inParts(len(values), func(_, from, end int) {
			for i := from; i < end; i++ {
				to[i] = uint8(1 + passed(values[i], &limits)) //nolint:gosec // 1…5
			}
		})
		return
	}
	var parts [64][]int64
	for i, v := range values {
		g := groupOf(i)
		parts[g] = append(parts[g], v)
	}
	var limits [64][4]int64
	for g := range parts {
		if len(parts[g]) > 0 {
			own := limit(parts[g], cuts)
			limits[g] = bars(&own)
		}
	}
	for i, v := range values {
		to[i] = uint8(1 + passed(v, &limits[groupOf(i)])) //nolint:gosec // 1…5
	}
}

// boxesInImage fills the boxes as readBoxes does.
func (s *Service) boxesInImage(ctx context.Context, snapshot *image.Snapshot, out *RFM) error {
	b, err := out.Settings.buyersInImage(ctx, snapshot, out.Currency)
	if err != nil {
		return err
	}
	scores := out.Settings.score(b)
	boxes := out.fill(b, scores)
	for r := 5; r >= 1; r-- {
		for f := 5; f >= 1; f-- {
			for m := 5; m >= 1; m-- {
				box := boxes[r][f][m]
				if box.Customers == 0 {
					continue
				}
				box.R, box.F, box.M = r, f, m
				out.Boxes = append(out.Boxes, box)
				out.Buyers += box.Customers
				out.Revenue += box.Revenue
			}
		}
	}
	// Without buyers there are no boxes and so no limits, as in SQL.
	four := func(k int) []float64 {
		l := scores.limits[k]
		return []float64{out.round(l[0]), out.round(l[1]), out.round(l[3]), out.round(l[4])}
	}
	out.Limits = Cuts{four(0), four(1), four(2)}
	out.Sums.MedianR, out.Sums.MedianF, out.Sums.MedianM = out.round(scores.limits[0][2]), out.round(scores.limits[1][2]), out.round(scores.limits[2][2])
	customers, err := snapshot.Select(ctx, (&tests{}).who(ctx), image.Want{})
	out.customers = customers.Count
	at := snapshot.Position()
	out.AsOf = AsOf{at.Seq, at.At}
	return err
}

// fill counts the buyers of every box, and adds up the measures of all.
func (r *RFM) fill(b *buyers, scores *scored) *[6][6][6]Box {
	parts := make([][6][6][6]Box, runtime.GOMAXPROCS(0))
	inParts(len(b.r), func(part, from, to int) {
		boxes := &parts[part]
		for i := from; i < to; i++ {
			box := &boxes[scores.rs[i]][scores.fs[i]][scores.ms[i]]
			box.Customers++
			box.Revenue += b.m[i]
		}
	})
	for i := range b.r {
		r.Sums.Recency += b.r[i]
		r.Sums.Frequency += b.f[i]
		r.Sums.Monetary += b.m[i]
	}
	boxes := &parts[0]
	for _, other := range parts[1:] {
		for x := range other {
			for y := range other[x] {
				for z := range other[x][y] {
					boxes[x][y][z].Customers += other[x][y][z].Customers
					boxes[x][y][z].Revenue += other[x][y][z].Revenue
				}
			}
		}
	}
	return boxes
}

// round takes the dust off that interpolation leaves behind the decimals.
func (r *RFM) round(x float64) float64 {
	if len(r.Boxes) == 0 || math.IsNaN(x) {
		return 0
	}
	return math.Round(x*1e6) / 1e6
}

// partsInImage makes the hundredths of the Pareto curve as readParts does.
func (s *Service) partsInImage(ctx context.Context, snapshot *image.Snapshot, settings ParetoSettings) ([]part, error) {
	if !settings.Line.isOfOrders() {
		return nil, errLineOfProducts
	}
	t := &tests{}
	currency := ""
	if settings.Measure == "revenue" {
		currency = settings.Currency
	}
	column := map[string]string{"revenue": "amount", "orders": "first_line", "quantity": "quantity"}[settings.Measure]
	q := &image.Figures{
		Table: linesTable, Who: t.who(ctx), Where: t.within(t.sold(currency, settings.From, settings.To), settings.Line),
		Figures: []image.Figure{{Aggregate: image.Sum, Column: column}},
	}
	if t.err != nil {
		return nil, t.err
	}
	columns, err := snapshot.Measure(ctx, q)
	if err != nil {
		return nil, err
	}
	values := image.Sorted(slices.DeleteFunc(columns.Values[0], func(v int64) bool { return v <= 0 }))
	var list []part
	n := int64(len(values))
	for rank := int64(1); rank <= n; rank++ {
		v := values[n-rank] // the best first
		number := (rank - 1) * 100 / n
		if len(list) == 0 || list[len(list)-1].number != number {
			list = append(list, part{number: number, most: v})
		}
		p := &list[len(list)-1]
		p.customers++
		p.value += v
		p.least, p.ranked = v, rank
		p.weighted += float64(v) * float64(n-rank+1)
	}
	return list, nil
}
