// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// entry is one cell or total: raw keys, and the values of all basics of all
// plans of the question, now and before.
type entry struct {
	keys     []any
	values   []any
	previous []any
	place    int64
}

// grid holds the entries of one arm by key.
type grid struct {
	list  []*entry
	byKey map[string]*entry
}

// answer is a question being answered.
type answer struct {
	service  *Service
	query    *Query
	plans    []*plan
	isExport bool
	// mostCells, when set, ends the reading with errMany beyond so many cells.
	mostCells int
	// isMerged says that rows come together in Go: several base cubes, or a
	// comparison; then the engine gives all rows and Go sorts and cuts.
	isMerged bool
	// from is the columnar engine that answers, "" when DuckDB does.
	from string
	// isPlaced says that rows are put in the order in which DuckDB would place them.
	isPlaced bool
	arms     [4]grid
	width    int // basics of all plans
	count    int64
	notes    []Note
	isCut    bool
	explain  Explain
}

func (a *answer) run(ctx context.Context) (*Result, error) {
	whys := []string{}
	for _, engine := range a.service.columnar(a.query.Engine) {
		result, ok, err := a.runIn(ctx, engine)
		if ok || err != nil {
			return result, err
		}
		whys = append(whys, a.explain.Why)
	}
	if a.query.Engine != "" && a.query.Engine != engineDuckDB {
		if len(whys) == 0 {
			whys = append(whys, "it is not set up here")
		}
		return nil, fault.New(fault.Unavailable, "cube.engine_cannot", "{engine} cannot answer this: {why}.", "engine", a.query.Engine, "why", strings.Join(whys, "; "))
	}
	if len(whys) > 0 {
		a.explain = Explain{engineDuckDB, strings.Join(whys, "; ")}
	} else {
		a.explain = Explain{engineDuckDB, "the question names this engine"}
	}
	return a.ask(ctx)
}

// runIn answers out of the image or ClickHouse when all parts of the question can be.
func (a *answer) runIn(ctx context.Context, engine string) (*Result, bool, error) {
	if a.isExport || !worthImage(a.plans) {
		a.explain = Explain{engineDuckDB, "free questions without behaviour are DuckDB's"}
		return nil, false, nil
	}
	trial := &answer{service: a.service, query: a.query, isMerged: true, from: engine, isPlaced: !a.isMerged}
	for _, p := range a.plans {
		own := *p
		trial.plans = append(trial.plans, &own)
	}
	result, err := trial.ask(ctx)
	a.explain = trial.explain
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	if trial.explain.Engine != engine {
		return nil, false, nil
	}
	if err == nil && result.Truncated && len(a.plans[0].order) == 0 {
		a.explain = Explain{engineDuckDB, "DuckDB chooses which rows of a cut answer without an order are shown"}
		return nil, false, nil
	}
	return result, true, err
}

// worthImage says that a question asks customers or their rows.
func worthImage(plans []*plan) bool {
	for _, p := range plans {
		if p.base.Customer == "" {
			return false
		}
	}
	return true
}

func (a *answer) ask(ctx context.Context) (*Result, error) {
	for _, p := range a.plans {
		a.width += len(p.basics)
	}
	offset := 0
	for _, p := range a.plans {
		if a.isMerged {
			p.limit = 0
		}
		if err := a.read(ctx, p, offset, nil); err != nil {
			return nil, err
		}
		if a.query.Compare != "" && p.period != nil {
			earlier := *p
			before, by := p.period.before(a.query.Compare)
			earlier.period = &before
			if err := p.canAlign(by); err != nil {
				return nil, err
			}
			if err := a.read(ctx, &earlier, offset, &by); err != nil {
				return nil, err
			}
		}
		offset += len(p.basics)
	}
	return a.result(ctx)
}

// read runs a plan and puts its values in place; by is set when the plan asks
// about an earlier period.
func (a *answer) read(ctx context.Context, p *plan, offset int, by *shift) error {
	if a.from != "" {
		a.readColumns(ctx, p, offset, by)
		return nil
	}
	query, args := p.render()
	rows, err := a.service.reader.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("ask %s: %w", p.base.Name, err)
	}
	defer func() { _ = rows.Close() }()
	width := 1 + len(p.dims) + len(p.basics) + 2
	cells := make([]any, width)
	dest := make([]any, width)
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("read answer of %s: %w", p.base.Name, err)
		}
		for i := range cells {
			cells[i] = Plain(cells[i])
		}
		a.place(p, cells, offset, by)
		if a.mostCells > 0 && len(a.arms[armCells].list) > a.mostCells {
			return errMany
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read answer of %s: %w", p.base.Name, err)
	}
	return nil
}

func (a *answer) place(p *plan, cells []any, offset int, by *shift) {
	arm, _ := cells[0].(int64)
	keys := append([]any(nil), cells[1:1+len(p.dims)]...)
	if by != nil {
		for i, d := range p.dims {
			if !p.isTime(d) {
				continue
			}
			moved, ok := by.move(d.Unit, keys[i])
			if !ok {
				return
			}
			keys[i] = moved
		}
	}
	e := a.entry(int(arm), keys)
	if e == nil {
		return
	}
	target := e.values
	if by != nil {
		target = e.previous
	} else {
		e.place, _ = cells[len(cells)-2].(int64)
		if n, _ := cells[len(cells)-1].(int64); n > a.count {
			a.count = n
		}
	}
	copy(target[offset:], cells[1+len(p.dims):len(cells)-2])
}

// isTime says that a dimension is of the time that periods are about.
func (p *plan) isTime(d *dimension) bool { return d.side == sideBase && d.Column == p.base.Time }

func (p *plan) canAlign(by shift) error {
	for _, d := range p.dims {
		if p.isTime(d) && !by.fits(d.Unit) {
			return fault.New(fault.Invalid, "cube.cannot_align",
				"The earlier period cannot be laid over {name}: compare whole months or years, or take the dimension out.", "name", d.name)
		}
	}
	return nil
}

// entry finds or makes the entry of a key; nil when there are too many cells.
func (a *answer) entry(arm int, keys []any) *entry {
	g := &a.arms[arm]
	key := keyOf(keys)
	if e, ok := g.byKey[key]; ok {
		return e
	}
	if arm == armCells && len(g.list) >= maxCells && !a.isExport {
		a.isCut = true
		return nil
	}
	if g.byKey == nil {
		g.byKey = map[string]*entry{}
	}
	e := &entry{keys: keys, values: make([]any, a.width)}
	if a.query.Compare != "" {
		e.previous = make([]any, a.width)
	}
	g.byKey[key] = e
	g.list = append(g.list, e)
	return e
}

func keyOf(keys []any) string {
	var b strings.Builder
	for _, k := range keys {
		switch x := k.(type) {
		case nil:
			b.WriteByte(0)
		case string:
			b.WriteByte(1)
			b.WriteString(x)
		case time.Time:
			b.WriteString(x.Format("2006-01-02T15:04:05.000000"))
		default:
			fmt.Fprint(&b, x)
		}
		b.WriteByte(0xff)
	}
	return b.String()
}

// Plain makes int64, float64, string, bool, time.Time or nil of what the
// engine gives.
func Plain(v any) any {
	switch x := v.(type) {
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case float32:
		return float64(x)
	case *big.Int:
		return x.Int64()
	case []byte:
		return string(x)
	}
	return v
}
