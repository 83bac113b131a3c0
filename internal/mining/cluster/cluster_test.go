// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"dangol/internal/mining/frame"
)

func load(t testing.TB, name string) *frame.Frame {
	t.Helper()
	var file *os.File
	var err error
	for _, up := range []string{"../../../../shared/data", "../../../../../shared/data"} {
		if file, err = os.Open(filepath.Join(up, name)); err == nil {
			break
		}
	}
	if err != nil {
		t.Skipf("shared data set %s is not there", name)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f := &frame.Frame{Rows: len(rows) - 1}
	for i, header := range rows[0] {
		texts := make([]string, f.Rows)
		for row := range texts {
			texts[row] = rows[row+1][i]
		}
		f.Columns = append(f.Columns, frame.Parse(header, texts))
	}
	return f
}

// Totals are those of R's kmeans (reference figures, sections 3 and 8).
func TestWithinIsTheBestKnown(t *testing.T) {
	iris := Prepare(load(t, "clustering/iris.csv"), false)
	for k, want := range map[int]float64{1: 681.37060, 2: 152.34795, 3: 78.85144, 4: 57.22847, 5: 46.44618, 6: 39.03999} {
		g, err := KMeans(context.Background(), iris.Points, Options{K: k, Starts: 50, Seed: 1})
		if err != nil || g.Within > want*1.001 || g.Within < want*.9999 {
			t.Errorf("iris, %d groups: %.5f (%v), want %.5f", k, g.Within, err, want)
		}
	}
	rfm := cdnow(t)
	for k, want := range map[int]float64{2: 2879.606, 3: 1984.465, 4: 1591.057, 5: 1304.220, 6: 1100.815} {
		g, err := KMeans(context.Background(), rfm.Points, Options{K: k, Starts: 20, Seed: 1})
		if err != nil || g.Within > want*1.001 || g.Within < want*.9999 {
			t.Errorf("RFM, %d groups: %.3f (%v), want %.3f", k, g.Within, err, want)
		}
		if k == 4 && !slices.Equal(g.Sizes, []int{919, 730, 465, 243}) {
			t.Errorf("sizes are %v", g.Sizes)
		}
	}
}

// cdnow is RFM of the CDNOW sample at 1998-07-01 on a logarithmic scale.
func cdnow(t testing.TB) *Scaled {
	t.Helper()
	f := load(t, "cdnow/cdnow_sample.csv")
	type key struct{ customer, day float64 }
	var customer, date, amount *frame.Column
	for _, c := range f.Columns {
		switch c.Name {
		case "customer_id", "id", "cust":
			customer = c
		case "date":
			date = c
		case "amount", "value", "price", "spend":
			amount = c
		}
	}
	if customer == nil || date == nil || amount == nil {
		t.Fatalf("columns are %v", f.Names())
	}
	days, last, sum := map[key]bool{}, map[float64]float64{}, map[float64]float64{}
	count := map[float64]float64{}
	var order []float64
	for row := range f.Rows {
		id, day := customer.Numbers[row], date.Numbers[row]
		y, m, d := int(day)/10000, int(day)/100%100, int(day)%100
		number := frame.Parse("d", []string{strconv.Itoa(y) + "-" + pad(m) + "-" + pad(d)}).Numbers[0]
		if _, known := sum[id]; !known {
			order = append(order, id)
		}
		sum[id] += amount.Numbers[row]
		if !days[key{id, day}] {
			days[key{id, day}] = true
			count[id]++
		}
		last[id] = math.Max(last[id], number)
	}
	at := frame.Parse("d", []string{"1998-07-01"}).Numbers[0]
	r, fr, m := make([]float64, len(order)), make([]float64, len(order)), make([]float64, len(order))
	for i, id := range order {
		r[i], fr[i], m[i] = math.Log1p(at-last[id]), math.Log1p(count[id]), math.Log1p(sum[id])
	}
	return Prepare(&frame.Frame{Rows: len(order), Columns: []*frame.Column{frame.Numeric("r", r), frame.Numeric("f", fr), frame.Numeric("m", m)}}, true)
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func TestLinkageIsThatOfR(t *testing.T) {
	iris := Prepare(load(t, "clustering/iris.csv"), false)
	joins, err := Linkage(iris.Points, "average")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.314188, 1.380994, 1.785566, 1.963614, 4.062683} {
		if got := joins[len(joins)-5+i].Height; math.Abs(got-want) > 1e-6 {
			t.Errorf("iris, height %d: %.6f, want %.6f", i, got, want)
		}
	}
	sizes := map[int]int{}
	for _, g := range Cut(joins, iris.Len(), 3) {
		sizes[g]++
	}
	if sizes[0] != 50 || sizes[1] != 64 || sizes[2] != 36 {
		t.Errorf("iris cut at 3: %v", sizes)
	}
	arrests := Prepare(load(t, "clustering/USArrests.csv"), false)
	if joins, err = Linkage(arrests.Points, "complete"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{68.7623, 87.3263, 102.8616, 168.6114, 293.6228} {
		if got := joins[len(joins)-5+i].Height; math.Abs(got-want) > 1e-4 {
			t.Errorf("arrests, height %d: %.4f, want %.4f", i, got, want)
		}
	}
}

// blobs are groups that can be told apart, or one cloud.
func blobs(n, k int) *Points {
	random := rand.New(rand.NewPCG(4, 4))
	p := &Points{Width: 3}
	for i := range n {
		for j := range 3 {
			p.Values = append(p.Values, random.NormFloat64()+12*float64((i%k)>>j&1))
		}
	}
	return p
}

func TestChooseFindsTheNumberOfGroups(t *testing.T) {
	for _, k := range []int{1, 2, 4} {
		trials, err := Choose(context.Background(), blobs(1200, k), 8, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range trials {
			if trial.IsProposed && trial.K != k {
				t.Errorf("%d groups are proposed, want %d: %+v", trial.K, k, trials)
			}
		}
	}
}

func TestOddPoints(t *testing.T) {
	same := &Points{make([]float64, 30), 3}
	g, err := KMeans(context.Background(), same, Options{K: 4})
	if err != nil || g.Within != 0 {
		t.Errorf("equal points: %v %v", g, err)
	}
	three := &frame.Frame{Rows: 3, Columns: []*frame.Column{frame.Numeric("x", []float64{1, math.NaN(), math.Inf(1)}), frame.Numeric("c", []float64{1, 1, 1})}}
	if s := Prepare(three, true); s.Len() != 0 || s.Omitted != 3 || len(s.Dropped) != 2 {
		t.Errorf("three odd rows: %+v", s)
	}
}
