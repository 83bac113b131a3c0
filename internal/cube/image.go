// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
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

// Cluster is a server that mirrors the warehouse; clickhouse.Mirror is it.
type Cluster interface {
	// Group answers when the mirror holds exactly that version; an image.Unsupported says why it cannot.
	Group(ctx context.Context, q *image.Question, version int64) (*image.Grouped, error)
}

// UseImage answers from the customer image where that is possible.
func (s *Service) UseImage(images Images) { s.images = images }

// UseCluster answers in ClickHouse what the image cannot.
func (s *Service) UseCluster(c Cluster) { s.cluster = c }

// Explain says which engine answered, and why that one.
type Explain struct {
	Engine string `json:"engine" enum:"image,clickhouse,duckdb"`
	Why    string `json:"why"`
}

const (
	engineImage      = "image"
	engineClickHouse = "clickhouse"
	engineDuckDB     = "duckdb"
	whyImage         = "every column of the question lies in the customer image"
	whyClickHouse    = "ClickHouse holds the same rows as the warehouse"
)

// columnar lists the engines that are tried before DuckDB; only names the one that the question wants.
func (s *Service) columnar(only string) []string {
	list := []string{engineImage}
	if s.cluster != nil {
		list = append(list, engineClickHouse)
	}
	if only == "" {
		return list
	}
	return slices.DeleteFunc(list, func(engine string) bool { return engine != only })
}

// readColumns answers a plan out of the image or ClickHouse and puts its values in place; it
// is false when another engine has to answer, and the reason is kept.
func (a *answer) readColumns(ctx context.Context, p *plan, offset int, by *shift) bool {
	if a.explain.Engine == engineDuckDB { // all parts of an answer come from one engine
		return false
	}
	q, sets, err := p.imageQuestion(ctx, a.isPlaced)
	var grouped *image.Grouped
	if err == nil {
		if a.from == engineClickHouse {
			grouped, err = a.service.cluster.Group(ctx, q, a.service.reader.Position().Version)
		} else {
			grouped, err = a.service.groupInImage(ctx, q)
		}
	}
	if err != nil {
		a.explain = Explain{engineDuckDB, a.service.whyNot(ctx, err)}
		return false
	}
	a.explain = Explain{a.from, map[string]string{engineImage: whyImage, engineClickHouse: whyClickHouse}[a.from]}
	for k, arm := range sets {
		dims := arm.dims
		for _, c := range grouped.Cells[k] {
			cells := make([]any, 1+len(p.dims)+len(p.basics)+2)
			cells[0] = int64(arm.arm)
			for i, dim := range dims {
				cells[1+dim] = p.imageKey(grouped, dim, c.Keys[i])
			}
			for i, m := range p.basics {
				cells[1+len(p.dims)+i] = imageValue(m, c.Values[i])
			}
			cells[len(cells)-2], cells[len(cells)-1] = int64(0), int64(0)
			a.place(p, cells, offset, by)
		}
	}
	return true
}

func (s *Service) groupInImage(ctx context.Context, q *image.Question) (*image.Grouped, error) {
	if s.images == nil {
		return nil, &image.Unsupported{Why: "there is no customer image here"}
	}
	snapshot, why := s.images.Current()
	if snapshot == nil {
		return nil, &image.Unsupported{Why: why}
	}
	return snapshot.Group(ctx, q)
}

// whyNot is the reason why an engine did not answer, as people read it.
func (s *Service) whyNot(ctx context.Context, err error) string {
	var cannot *image.Unsupported
	switch {
	case errors.As(err, &cannot):
		return cannot.Why
	case image.IsDamaged(err):
		s.images.Damaged(err)
		return "the image file was damaged and is being built anew"
	}
	if ctx.Err() == nil {
		slog.Warn("cube: the image did not answer; DuckDB does", "error", err)
	}
	return err.Error()
}

func imageValue(m *warehouse.Measure, v int64) any {
	if v != image.Missing {
		return v
	}
	return nil
}

// imageArm is one grouping of the question: the cells or a total.
type imageArm struct {
	arm  int
	dims []int
}

// imageQuestion makes a question to the image of a plan.
func (p *plan) imageQuestion(ctx context.Context, isPlaced bool) (*image.Question, []imageArm, error) {
	q := &image.Question{Table: p.base.Table, Where: &image.Row{Op: "and"}}
	isCustomers := p.base == p.model.customer
	if !isCustomers && p.base.Customer == "" {
		return nil, nil, &image.Unsupported{Why: "the rows of " + p.base.Name + " belong to no customer"}
	}
	who, err := p.imageWho(ctx)
	if err != nil {
		return nil, nil, err
	}
	if isCustomers { // their own conditions are facts of the base
		for _, n := range p.facts {
			who.Rules = append(who.Rules, p.imageRule(n))
		}
		q.Who = who
	} else if len(who.Rules) > 0 {
		q.Who = who
	}
	if err := p.imageRows(q.Where); err != nil {
		return nil, nil, err
	}
	for _, d := range p.dims {
		one, err := p.imageDim(d)
		if err != nil {
			return nil, nil, err
		}
		q.Dims = append(q.Dims, one)
	}
	for _, m := range p.basics {
		one, err := p.imageMeasure(m)
		if err != nil {
			return nil, nil, err
		}
		q.Measures = append(q.Measures, one)
	}
	sets := []imageArm{{armCells, all(len(p.dims))}}
	add := func(arm int, dims []int) {
		sets = append(sets, imageArm{arm, dims})
		q.Totals = append(q.Totals, dims)
	}
	if p.columns() > 0 && (isPlaced || p.totals[TotalsOfRows]) { // rows are placed by their totals
		add(armRows, all(p.rows))
	}
	if p.totals[TotalsOfColumns] && p.columns() > 0 && p.rows > 0 {
		add(armColumns, all(len(p.dims))[p.rows:])
	}
	if p.totals[TotalsGrand] {
		add(armGrand, []int{})
	}
	return q, sets, nil
}

// imageWho is who counts: row scope and the conditions on customers alone.
func (p *plan) imageWho(ctx context.Context) (*image.Rule, error) {
	who := &image.Rule{Op: "and"}
	if p.scope != "" {
		scope, err := image.InScope(ctx, p.model.customer.Table)
		if err != nil {
			return nil, err
		}
		if scope != nil {
			who.Rules = append(who.Rules, scope)
		}
	}
	for _, n := range p.people {
		who.Rules = append(who.Rules, p.imageRule(n))
	}
	return who, nil
}

func (p *plan) imageRule(n *node) *image.Rule {
	if n.op == "" {
		return &image.Rule{Table: n.dim.cube.Table, Column: n.test.Column, Test: n.test}
	}
	out := &image.Rule{Op: n.op}
	for _, child := range n.nodes {
		out.Rules = append(out.Rules, p.imageRule(child))
	}
	return out
}

// imageRows adds the conditions on rows.
func (p *plan) imageRows(where *image.Row) error {
	if c := p.shared(); c != nil {
		row, err := imageCondition(*c)
		if err != nil {
			return err
		}
		where.Rows = append(where.Rows, row)
	}
	if p.period != nil {
		value := []any{p.period.from.Format(isoDate), p.period.to.Format(isoDate)}
		f := condition.Field{Name: "period", Column: p.base.Time, Kind: warehouse.KindTime}
		test, err := condition.Compile(f, condition.Between, value, condition.Moment{})
		if err != nil {
			return err
		}
		where.Rows = append(where.Rows, &image.Row{Column: p.base.Time, Test: test})
	}
	if p.money != "" {
		row, err := imageCondition(warehouse.Condition{Column: p.moneyColumn(), Values: []any{p.money}})
		if err != nil {
			return err
		}
		where.Rows = append(where.Rows, row)
	}
	for _, n := range p.facts {
		if p.base == p.model.customer {
			break // they are conditions on who counts
		}
		row, err := p.imageRow(n)
		if err != nil {
			return err
		}
		where.Rows = append(where.Rows, row)
	}
	return nil
}

func (p *plan) imageRow(n *node) (*image.Row, error) {
	if n.op != "" {
		out := &image.Row{Op: n.op}
		for _, child := range n.nodes {
			one, err := p.imageRow(child)
			if err != nil {
				return nil, err
			}
			out.Rows = append(out.Rows, one)
		}
		return out, nil
	}
	out := &image.Row{Column: n.test.Column, Test: n.test}
	switch n.dim.side {
	case sideCustomer:
		return nil, &image.Unsupported{Why: "a filter mixes customers and their rows"}
	case sideJoined:
		out.Via, out.Lookup = p.via(n.dim), n.dim.cube.Table
	}
	return out, nil
}

// via is the column of the base that leads to a joined cube.
func (p *plan) via(d *dimension) string {
	for _, j := range p.base.Joins {
		if j.Cube == d.cube.Name {
			return j.Column
		}
	}
	return ""
}

func imageCondition(c warehouse.Condition) (*image.Row, error) {
	f := condition.Field{Name: c.Column, Column: c.Column, Kind: warehouse.KindInteger}
	is := condition.In
	if c.Not {
		// SQL's NOT IN leaves rows without a value out, ours would keep them.
		return nil, &image.Unsupported{Why: "a measure leaves values out"}
	}
	switch value := c.Values[0].(type) {
	case string:
		f.Kind = warehouse.KindChoice
	case bool:
		f.Kind = warehouse.KindBoolean
		test, err := condition.Compile(f, condition.Equal, value, condition.Moment{})
		return &image.Row{Column: c.Column, Test: test}, err
	}
	test, err := condition.Compile(f, is, c.Values, condition.Moment{})
	return &image.Row{Column: c.Column, Test: test}, err
}

// imageDim is a dimension for the image; what it cannot group by goes to DuckDB.
func (p *plan) imageDim(d *dimension) (image.Dim, error) {
	one := image.Dim{Column: d.Column, Unit: d.Unit}
	switch d.side {
	case sideCustomer:
		one.Table = d.cube.Table
	case sideJoined:
		one.Via, one.Lookup = p.via(d), d.cube.Table
	}
	switch d.Unit {
	case warehouse.UnitFiscalYear, warehouse.UnitFiscalQuarter, warehouse.UnitDayKind:
		return one, &image.Unsupported{Why: "fiscal years and working days are DuckDB's"}
	case warehouse.UnitYear, warehouse.UnitQuarter, warehouse.UnitMonth:
		if d.Month != "" {
			one.Column, one.Unit = d.Month, warehouse.UnitNone
			one.Scale = map[warehouse.Unit]int64{warehouse.UnitYear: 12, warehouse.UnitQuarter: 3, warehouse.UnitMonth: 1}[d.Unit]
		}
	case warehouse.UnitAge:
		one.Unit = warehouse.UnitNone
		born := func(years int64) int64 { return condition.Days(condition.LatestBirth(p.today, years)) }
		for _, b := range d.Bands {
			low := int64(math.MinInt64 + 1)
			if b.To != 0 {
				low = born(b.To) + 1
			}
			one.Bands = append(one.Bands, [2]int64{low, born(b.From)})
		}
	case warehouse.UnitNone:
		for _, b := range d.Bands {
			high := int64(math.MaxInt64)
			if b.To != 0 {
				high = b.To - 1
			}
			one.Bands = append(one.Bands, [2]int64{b.From, high})
		}
	}
	return one, nil
}

func (p *plan) imageMeasure(m *warehouse.Measure) (image.Measure, error) {
	one := image.Measure{Column: m.Column}
	switch {
	case p.byCustomer(m):
		one.Kind = image.CountSubjects
	case p.byFlag(m):
		one.Kind, one.Column = image.SumOf, m.Flag
	case m.Aggregate == warehouse.Count:
		one.Kind = image.CountRows
	case m.Aggregate == warehouse.Sum:
		one.Kind = image.SumOf
	case m.Aggregate == warehouse.Distinct:
		one.Kind = image.CountValues
	case m.Aggregate == warehouse.Minimum:
		one.Kind = image.LeastOf
	case m.Aggregate == warehouse.Maximum:
		one.Kind = image.MostOf
	default:
		return one, &image.Unsupported{Why: fmt.Sprintf("%s is an %s", m.Name, m.Aggregate)}
	}
	if p.filterOf(m) == "" {
		return one, nil
	}
	one.Where = &image.Row{Op: "and"}
	for _, c := range m.Where {
		row, err := imageCondition(c)
		if err != nil {
			return one, err
		}
		one.Where.Rows = append(one.Where.Rows, row)
	}
	return one, nil
}

// imageKey turns a key of the image into what the engine's SQL would give.
func (p *plan) imageKey(g *image.Grouped, dim int, key int64) any {
	if key == image.Missing {
		return nil
	}
	if text, ok := g.Text(dim, key); ok {
		return text
	}
	d := p.dims[dim]
	switch d.Unit {
	case warehouse.UnitDay, warehouse.UnitWeek:
		return time.Unix(key*24*60*60, 0).UTC()
	case warehouse.UnitNone:
		if d.Kind == warehouse.KindBoolean && !d.Flag {
			return key != 0
		}
		if d.Kind == warehouse.KindDate && len(d.Bands) == 0 {
			return time.Unix(key*24*60*60, 0).UTC()
		}
	}
	return key
}
