// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/mining"
)

func BenchmarkRFM(b *testing.B) {
	w := shop.Open(b)
	s := mining.New(nil, nil, w, mining.Options{Clock: func() time.Time { return shop.Today }})
	shop.Against(b, func() error {
		_, err := s.RFM(shop.Boss(), mining.RFMSettings{PeriodMonths: -1})
		return err
	}, func() error {
		return shop.Drain(w, `WITH b AS (SELECT customer_id, date_diff('day', max(ordered_at)::DATE, DATE '2026-01-01') r, count(DISTINCT order_id) f, sum(amount) m
				FROM order_lines WHERE counts = 2 GROUP BY 1),
			q AS (SELECT quantile_cont(r, [.2, .4, .6, .8]) r, quantile_cont(f, [.2, .4, .6, .8]) f, quantile_cont(m, [.2, .4, .6, .8]) m FROM b),
			s AS (SELECT b.m, 5 - len(list_filter(q.r, lambda x: b.r > x)) rs, 1 + len(list_filter(q.f, lambda x: b.f > x)) fs, 1 + len(list_filter(q.m, lambda x: b.m > x)) ms FROM b, q)
			SELECT rs, fs, ms, count(*), sum(m) FROM s GROUP BY ALL`)
	})
}

func BenchmarkPareto(b *testing.B) {
	w := shop.Open(b)
	s := mining.New(nil, nil, w, mining.Options{})
	shop.Against(b, func() error {
		_, err := s.Pareto(shop.Boss(), mining.ParetoSettings{})
		return err
	}, func() error {
		return shop.Drain(w, `WITH v AS (SELECT customer_id, sum(amount) v FROM order_lines WHERE counts > 0 GROUP BY 1),
			t AS (SELECT ntile(100) OVER (ORDER BY v DESC) p, v FROM v) SELECT p, count(*), sum(v) FROM t GROUP BY 1 ORDER BY 1`)
	})
}
