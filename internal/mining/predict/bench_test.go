// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"testing"

	"dangol/internal/mining/frame"
)

// tenfold repeats the rows of the Adult set ten times: 325,610 rows, tested on
// the official part held out. bench/peers measures the rivals on the same.
func tenfold(b *testing.B) set {
	b.Helper()
	s := adult(b)
	rows := make([]int, 0, 10*s.train.Rows)
	for range 10 {
		for row := range s.train.Rows {
			rows = append(rows, row)
		}
	}
	s.train, s.yes = s.train.Take(rows), pick(s.yes, rows)
	return s
}

func (s set) measure(b *testing.B, learn func(f *frame.Frame, yes []bool) (*Model, error)) {
	b.Helper()
	var m *Model
	for b.Loop() {
		var err error
		if m, err = learn(s.train, s.yes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(AUC(m.Score(s.test), s.answer), "AUC")
}

// As many trees, as deep and at the same rate as the rival's.
func BenchmarkBoost(b *testing.B) {
	o := boostDefaults
	o.Rounds = 200
	tenfold(b).measure(b, func(f *frame.Frame, yes []bool) (*Model, error) {
		trees, err := fitBoost(context.Background(), f, yes, o, 1)
		return &Model{Family: Boost, Trees: trees}, err
	})
}

func BenchmarkLogistic(b *testing.B) {
	tenfold(b).measure(b, func(f *frame.Frame, yes []bool) (*Model, error) {
		return Fit(context.Background(), Logistic, f, yes, 1)
	})
}

func BenchmarkForest(b *testing.B) {
	adult(b).measure(b, func(f *frame.Frame, yes []bool) (*Model, error) {
		return Fit(context.Background(), Forest, f, yes, 1)
	})
}

// 200 trees over a million rows, encoding included.
func BenchmarkScoreMillion(b *testing.B) {
	s := tenfold(b)
	o := boostDefaults
	o.Rounds = 200
	trees, err := fitBoost(context.Background(), s.train, s.yes, o, 1)
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]int, 1_000_000)
	for i := range rows {
		rows[i] = i % s.train.Rows
	}
	million, m := s.train.Take(rows), &Model{Family: Boost, Trees: trees}
	for b.Loop() {
		m.Score(million)
	}
}
