// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

func TestVecKeepsValues(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 400 {
		values := make([]int64, 1+r.IntN(300))
		spread, step := int64(1)<<r.IntN(63), int64(1+r.IntN(3)*r.IntN(1000))
		base := int64(r.Uint64() >> 2)
		if round%3 == 0 {
			base = -base
		}
		for i := range values {
			values[i] = base + r.Int64N(spread)/step*step
			if round%2 == 0 && r.IntN(5) == 0 {
				values[i] = missing
			}
		}
		if round == 1 {
			values = []int64{math.MaxInt64, math.MinInt64 + 1, 0, missing}
		}
		v, data := encode(values, nil)
		v.data = data[len(data)-v.size(len(values)):]
		lo := r.IntN(len(values))
		to, buffer := make([]int64, len(values)), make([]byte, len(values)+16)
		v.decode(to, buffer, lo, len(values))
		for i := range values {
			if v.at(i) != values[i] || i >= lo && to[i] != values[i] {
				t.Fatalf("value %d: %d, read as %d and %d (%d bits, step %d)", i, values[i], v.at(i), to[i], v.bits, v.step)
			}
		}
	}
}

func openFake(t testing.TB, s *fake) *Image {
	t.Helper()
	m, err := Open(s, Options{Dir: t.TempDir(), Spec: func(context.Context) Spec { return s.spec }})
	if err != nil {
		t.Fatal(err)
	}
	s.follower = m
	if err := m.Build(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return m
}

// totals is a question whose answer needs every row.
func totals(t testing.TB, m *Image) map[[2]int64][3]int64 {
	t.Helper()
	s, why := m.Current()
	if s == nil {
		t.Fatal(why)
	}
	return ask(t, s)
}

func ask(t testing.TB, s *Snapshot) map[[2]int64][3]int64 {
	t.Helper()
	g, err := s.Group(context.Background(), &Question{
		Table: "deeds", Dims: []Dim{{Column: "weight"}, {Table: "people", Column: "born", Unit: warehouse.UnitYear}},
		Measures: []Measure{{Kind: CountRows}, {Kind: SumOf, Column: "amount"}, {Kind: CountSubjects}},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[[2]int64][3]int64{}
	for _, c := range g.Cells[0] {
		out[[2]int64(c.Keys)] = [3]int64(c.Values)
	}
	return out
}

// expected is the same answer by the plainest means.
func (s *fake) expected() map[[2]int64][3]int64 {
	born := map[int64]int64{}
	for _, row := range s.rows["people"] {
		born[row[0].(int64)] = row[2].(int64)
	}
	out := map[[2]int64][3]int64{}
	met := map[[3]int64]bool{}
	for _, row := range s.rows["deeds"] {
		id := row[0].(int64)
		key := [2]int64{row[6].(int64), missing}
		if day, ok := born[id]; ok && day != missing {
			key[1] = int64(time.Unix(day*86_400, 0).UTC().Year())
		}
		c := out[key]
		c[0]++
		if a := row[4].(int64); a != missing {
			c[1] += a
		}
		if one := [3]int64{id, key[0], key[1]}; id != missing && !met[one] {
			met[one] = true
			c[2]++
		}
		out[key] = c
	}
	return out
}

func same(t testing.TB, what string, got, want map[[2]int64][3]int64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d cells, not %d", what, len(got), len(want))
	}
	for k, v := range want {
		if got[k] != v {
			t.Fatalf("%s: cell %v is %v, not %v", what, k, got[k], v)
		}
	}
}

// TestColumnsOfOneValue builds of columns that are not read, and then changes rows.
func TestColumnsOfOneValue(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	s := newFake(r, 3000)
	for _, row := range s.rows["deeds"] {
		row[2], row[4], row[5], row[6] = int64(missing), int64(500), "buy", int64(3) // basket, amount, kind, weight
	}
	m := openFake(t, s)
	same(t, "built", totals(t, m), s.expected())
	is, err := condition.Compile(condition.Field{Name: "kind", Column: "kind", Kind: warehouse.KindText}, condition.Equal, "buy", condition.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	some, err := condition.Compile(condition.Field{Name: "n", Column: "n", Kind: warehouse.KindInteger}, condition.AtLeast, json.Number("1"), condition.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	buyers := func() int64 {
		now, why := m.Current()
		if now == nil {
			t.Fatal(why)
		}
		got, err := now.Select(context.Background(), &Rule{Deed: &Deed{
			Table: "deeds", Where: &Row{Column: "kind", Test: is}, Test: some,
		}}, Want{})
		if err != nil {
			t.Fatal(err)
		}
		return got.Count
	}
	expected := func() (n int64) {
		people := map[int64]bool{}
		for _, row := range s.rows["people"] {
			people[row[0].(int64)] = true
		}
		for _, row := range s.rows["deeds"] {
			if id := row[0].(int64); people[id] && row[5] == "buy" {
				people[id] = false
				n++
			}
		}
		return n
	}
	if got, want := buyers(), expected(); got != want || want == 0 {
		t.Errorf("%d buyers, not %d", got, want)
	}
	s.change(r, []int64{5, 6, 7, 1000, 3001})
	same(t, "changed", totals(t, m), s.expected())
	if got, want := buyers(), expected(); got != want {
		t.Errorf("%d buyers after the change, not %d", got, want)
	}
}

// TestDeltaAndCompaction changes, erases and adds people again and again: file
// and delta together must always answer like the rows themselves.
func TestDeltaAndCompaction(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	s := newFake(r, 5000)
	m := openFake(t, s)
	same(t, "built", totals(t, m), s.expected())
	for round := range 60 {
		ids := map[int64]struct{}{}
		for range 1 + r.IntN(40) {
			ids[int64(1+r.IntN(5400))] = struct{}{}
		}
		s.change(r, idsOf(ids))
		same(t, "changed", totals(t, m), s.expected())
		if round%17 == 16 {
			if err := m.Compact(context.Background()); err != nil {
				t.Fatal(err)
			}
			if n := m.Status().Delta; n != 0 {
				t.Errorf("%d subjects in the delta after compaction", n)
			}
			same(t, "compacted", totals(t, m), s.expected())
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s, m.opts)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "opened again", totals(t, again), s.expected())
}

// TestChangesDuringBuild has people change while the build reads.
func TestChangesDuringBuild(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	s := newFake(r, 3000)
	m := openFake(t, s)
	var group sync.WaitGroup
	group.Go(func() {
		for range 50 {
			s.change(r, []int64{int64(1 + r.IntN(3100))})
		}
	})
	for range 5 {
		if err := m.Build(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
	}
	group.Wait()
	same(t, "after changes during builds", totals(t, m), s.expected())
}

// TestQuestionsWhileChanging reads while others write: every snapshot is whole,
// because a subject's deeds and his number change together.
func TestQuestionsWhileChanging(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	s := newFake(r, 2500)
	m := openFake(t, s)
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for ctx.Err() == nil {
				if now, _ := m.Snapshot(); now != nil {
					if !mapsEqual(ask(t, now), ask(t, now)) {
						t.Error("one snapshot gave two answers")
					}
				}
			}
		})
	}
	for range 40 {
		s.change(r, []int64{int64(1 + r.IntN(2500)), int64(2501 + r.IntN(100))})
		if r.IntN(10) == 0 {
			if err := m.Compact(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
	stop()
	group.Wait()
	same(t, "in the end", totals(t, m), s.expected())
}

func mapsEqual(a, b map[[2]int64][3]int64) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

func TestDamageIsNoticedAndMended(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(path string) error{
		"a byte": func(path string) error {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte{0xff, 0xfe, 0xfd}, 4001)
			return errors.Join(err, f.Close())
		},
		"cut":     func(path string) error { return os.Truncate(path, 5000) },
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"removed": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, 10))
			s := newFake(r, 4000)
			m := openFake(t, s)
			before := m.now.Load()
			if err := harm(before.file.path); err != nil {
				t.Fatal(err)
			}
			if _, err := before.Select(context.Background(), nil, Want{Keys: true}); err != nil {
				if !IsDamaged(err) {
					t.Fatalf("a damaged file gave %v", err)
				}
				m.Damaged(err)
			} else if m.Check() {
				t.Fatal("the damage was not noticed")
			}
			if now, why := m.Current(); now != nil || why == "" {
				t.Fatalf("a damaged image still answers (%q)", why)
			}
			ctx, stop := context.WithCancel(context.Background())
			done := make(chan error, 1)
			go func() { done <- m.Run(ctx, func() bool { return true }) }()
			for now, _ := m.Current(); now == nil; now, _ = m.Current() {
				if ctx.Err() != nil {
					t.Fatal(ctx.Err())
				}
				time.Sleep(time.Millisecond)
			}
			stop()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			same(t, "mended", totals(t, m), s.expected())
			if m.Status().Damaged != 1 {
				t.Errorf("%d damages told", m.Status().Damaged)
			}
		})
	}
}

func TestDamagedFileIsNotOpened(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	s := newFake(r, 800)
	m := openFake(t, s)
	path := m.now.Load().file.path
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		bad := slices.Clone(whole)
		if r.IntN(2) == 0 {
			bad = bad[:r.IntN(len(bad))]
		} else {
			bad[r.IntN(len(bad))] ^= byte(1 + r.IntN(255))
		}
		other := path + ".bad"
		if err := os.WriteFile(other, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		// A byte between two chunks means nothing; any other is noticed.
		if f, err := openFile(other); err == nil && slices.Equal(bad, whole) == false {
			s2, err := m.snapshotOf(context.Background(), f, nil, s)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "a file with a meaningless byte", ask(t, s2), s.expected())
		}
	}
}

func TestCancelledQuestionStops(t *testing.T) {
	t.Parallel()
	m := openFake(t, newFake(rand.New(rand.NewPCG(13, 14)), 300))
	ctx, stop := context.WithCancel(context.Background())
	stop()
	s, _ := m.Current()
	if _, err := s.Select(ctx, nil, Want{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled question gave %v", err)
	}
	if err := m.Build(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled build gave %v", err)
	}
	if s, why := m.Current(); s == nil {
		t.Errorf("a cancelled build took the image away: %s", why)
	}
}

func TestUnsupportedSaysWhy(t *testing.T) {
	t.Parallel()
	m := openFake(t, newFake(rand.New(rand.NewPCG(15, 16)), 50))
	s, _ := m.Current()
	test, err := condition.Compile(condition.Field{Name: "x", Column: "x", Kind: warehouse.KindInteger}, condition.Equal, int64(1), condition.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Select(context.Background(), &Rule{Table: "people", Column: "x", Test: test}, Want{})
	var cannot *Unsupported
	if !errors.As(err, &cannot) || cannot.Why != "column x of people is not kept" {
		t.Errorf("a column that is not there gave %v", err)
	}
}
