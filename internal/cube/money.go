// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"dangol/internal/platform/warehouse"
)

// moneyWatch remembers which currencies a fact table holds, as of a version of
// the data.
type moneyWatch struct {
	mu      sync.Mutex
	version int64
	known   map[string][]currencyCount
}

type currencyCount struct {
	currency string
	rows     int64
}

// currencies lists the currencies of a column, the most frequent first.
func (s *Service) currencies(ctx context.Context, table, columnName string) ([]currencyCount, error) {
	version := s.reader.Position().Version
	key := table + "." + columnName
	s.money.mu.Lock()
	if s.money.version != version || s.money.known == nil {
		s.money.version, s.money.known = version, map[string][]currencyCount{}
	}
	list, ok := s.money.known[key]
	s.money.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := s.readCurrencies(ctx, table, columnName)
	if err != nil {
		return nil, err
	}
	s.money.mu.Lock()
	defer s.money.mu.Unlock()
	if s.money.version == version {
		s.money.known[key] = list
	}
	return list, nil
}

// settleCurrency makes sure that unlike currencies are never added up: unless
// the question groups by currency or names one, it is narrowed to one.
func (s *Service) settleCurrency(ctx context.Context, p *plan) error {
	name := p.moneyColumn()
	if name == "" {
		return nil
	}
	list, err := s.currencies(ctx, p.base.Table, name)
	if err != nil {
		return fmt.Errorf("currencies of %s: %w", p.base.Name, err)
	}
	isGrouped := slices.ContainsFunc(p.dims, func(d *dimension) bool { return d.side == sideBase && d.Column == name })
	switch {
	case isGrouped:
		return nil
	case len(list) == 0:
		p.shown = s.currency
	case len(list) == 1:
		p.shown = list[0].currency
	default:
		if one := p.namedCurrency(name); one != "" {
			p.shown = one
			return nil
		}
		p.money = list[0].currency
		if slices.ContainsFunc(list, func(c currencyCount) bool { return c.currency == s.currency }) {
			p.money = s.currency
		}
		p.shown = p.money
		for _, c := range list {
			if c.currency != p.money {
				p.leftOut += c.rows
			}
		}
	}
	return nil
}

// namedCurrency is the one currency that the filters of the question name.
func (p *plan) namedCurrency(name string) string {
	for _, n := range p.facts {
		if n.op == "" && n.dim.side == sideBase && n.dim.Column == name && n.leaf.Is == "eq" {
			if v, err := DecodeValue(n.leaf.Value); err == nil {
				s, _ := v.(string)
				return s
			}
		}
	}
	return ""
}

func (p *plan) currencyShown() string { return p.shown }

// labels looks up what ids of named things are called.
func (s *Service) labels(ctx context.Context, p *plan, lists ...[]*entry) (map[string][]warehouse.Value, error) {
	out := map[string][]warehouse.Value{}
	for i, d := range p.dims {
		if d.Display == "" {
			continue
		}
		set := map[int64]struct{}{}
		for _, list := range lists {
			for _, e := range list {
				if id, ok := e.keys[i].(int64); ok {
					set[id] = struct{}{}
				}
			}
		}
		named, err := s.names(ctx, d, set)
		if err != nil {
			return nil, fmt.Errorf("names of %s: %w", d.name, err)
		}
		out[d.name] = named
	}
	return out, nil
}
