// SPDX-License-Identifier: Apache-2.0

package association_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dangol/internal/mining/association"
)

// open opens a file of the shared data sets, or skips the test by its name.
func open(t testing.TB, name string) io.Reader {
	t.Helper()
	file, err := os.Open(filepath.Join("../../../../../shared/data", name))
	if err != nil {
		file, err = os.Open(filepath.Join("../../../../shared/data", name))
	}
	if err != nil {
		t.Skipf("shared data set %s is not there", name)
	}
	t.Cleanup(func() { _ = file.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return file
	}
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return zipped
}

func baskets(t testing.TB, name string) *association.Baskets {
	t.Helper()
	b, err := association.Read(open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mine(t testing.TB, b *association.Baskets, support float64, kind association.Kind) *association.Itemsets {
	t.Helper()
	sets, err := association.Mine(context.Background(), b, association.Options{Kind: kind, MinCount: association.MinCount(support, b.Count())})
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// The counts are those of arules 1.7.13 (reference figures, section 4).
func TestCountsAreThoseOfArules(t *testing.T) {
	for _, set := range []struct {
		name string
		rows []struct {
			support float64
			counts  [3]int
		}
	}{
		{"groceries/groceries_baskets.csv", []struct {
			support float64
			counts  [3]int
		}{{.1, [3]int{8, 8, 8}}, {.05, [3]int{31, 31, 27}}, {.02, [3]int{122, 122, 91}}, {.01, [3]int{333, 333, 243}}, {.005, [3]int{1001, 1001, 708}}, {.002, [3]int{4223, 4223, 2675}}, {.001, [3]int{13492, 13464, 7794}}}},
		{"income_esl/income_esl_baskets.csv.gz", []struct {
			support float64
			counts  [3]int
		}{{.3, [3]int{52, 50, 23}}, {.2, [3]int{167, 158, 59}}, {.1, [3]int{951, 881, 251}}}},
		{"fimi/mushroom.dat", []struct {
			support float64
			counts  [3]int
		}{{.5, [3]int{153, 45, 15}}, {.4, [3]int{565, 140, 41}}, {.3, [3]int{2735, 427, 63}}, {.25, [3]int{5545, 688, 105}}, {.2, [3]int{53583, 1197, 158}}, {.1, [3]int{574431, 4885, 547}}}},
		{"fimi/T10I4D100K.dat.gz", []struct {
			support float64
			counts  [3]int
		}{{.02, [3]int{155, 155, 155}}, {.01, [3]int{385, 385, 370}}, {.005, [3]int{1073, 1073, 585}}, {.002, [3]int{13255, 13107, 1938}}, {.001, [3]int{27532, 26806, 4054}}}},
	} {
		t.Run(set.name, func(t *testing.T) {
			t.Parallel()
			b := baskets(t, set.name)
			for _, row := range set.rows {
				for kind, want := range row.counts {
					if got := mine(t, b, row.support, association.Kind(kind)).Len(); got != want {
						t.Errorf("support %g, kind %d: %d itemsets, want %d", row.support, kind, got, want)
					}
				}
			}
		})
	}
}

func TestSizesAreThoseOfArules(t *testing.T) {
	for _, row := range []struct {
		name    string
		support float64
		sizes   []int
	}{
		{"groceries/groceries_baskets.csv", .01, []int{88, 213, 32}},
		{"groceries/groceries_baskets.csv", .001, []int{157, 2981, 6831, 3137, 376, 10}},
		{"fimi/mushroom.dat", .2, []int{43, 376, 1472, 3559, 6267, 8802, 10151, 9488, 7010, 4004, 1729, 546, 119, 16, 1}},
	} {
		if got := mine(t, baskets(t, row.name), row.support, association.Frequent).BySize(); !slices.Equal(got, row.sizes) {
			t.Errorf("%s at %g: %v, want %v", row.name, row.support, got, row.sizes)
		}
	}
}

func TestRulesAreThoseOfArules(t *testing.T) {
	for _, row := range []struct {
		name                string
		support, confidence float64
		least, want         int
	}{
		{"groceries/groceries_baskets.csv", .001, .8, 1, 410},
		{"groceries/groceries_baskets.csv", .001, .9, 1, 129},
		{"groceries/groceries_baskets.csv", .001, .5, 1, 5668},
		{"groceries/groceries_baskets.csv", .01, .5, 1, 15},
		{"groceries/groceries_baskets.csv", .01, .2, 1, 232},
		{"groceries/groceries_baskets.csv", .006, .25, 2, 463},
		{"income_esl/income_esl_baskets.csv.gz", .1, .9, 1, 457},
		{"fimi/T10I4D100K.dat.gz", .005, .5, 1, 607},
	} {
		sets := mine(t, baskets(t, row.name), row.support, association.Frequent)
		rules := association.Rules(sets, association.RuleOptions{Confidence: row.confidence, MinLength: row.least})
		if len(rules) != row.want {
			t.Errorf("%s %g/%g: %d rules, want %d", row.name, row.support, row.confidence, len(rules), row.want)
		}
	}
}

// Every figure of the 410 rules is compared with the list that arules wrote.
func TestMeasuresAreThoseOfArules(t *testing.T) {
	list, err := csv.NewReader(open(t, "groceries/arules_rules_s0.001_c0.8.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sets := mine(t, baskets(t, "groceries/groceries_baskets.csv"), .001, association.Frequent)
	mined := map[string]association.Rule{}
	kept := 0
	for _, r := range association.Rules(sets, association.RuleOptions{Confidence: .8}) {
		mined[key(sets.Names, r)] = r
		if !r.Redundant {
			kept++
		}
	}
	if kept != 392 {
		t.Errorf("%d rules are not redundant, want 392", kept)
	}
	for _, row := range list[1:] {
		left := strings.Split(row[0], ",")
		for i := range left { // one name of the source ends in a blank, which reading takes off
			left[i] = strings.TrimSpace(left[i])
		}
		slices.Sort(left)
		r, found := mined[strings.Join(left, ",")+" => "+strings.TrimSpace(row[1])]
		if !found {
			t.Errorf("rule %s => %s is missing", row[0], row[1])
			continue
		}
		m := r.Measures
		for i, got := range []float64{m.Support, m.Confidence, m.Coverage, m.Lift, float64(m.Count), m.Leverage, float64(m.Conviction), m.ChiSquared, m.Cosine, m.Jaccard, m.Kulczynski, m.Phi, float64(m.OddsRatio), m.Fisher} {
			want, err := strconv.ParseFloat(row[i+2], 64)
			if row[i+2] == "NA" || row[i+2] == "Inf" || err != nil {
				if !math.IsInf(got, 1) {
					t.Errorf("%s: %s is %g, arules has %s", row[0], list[0][i+2], got, row[i+2])
				}
				continue
			}
			if math.Abs(got-want) > 1e-8*math.Abs(want) {
				t.Errorf("%s => %s: %s is %.12g, want %.12g", row[0], row[1], list[0][i+2], got, want)
			}
		}
	}
}

func key(names []string, r association.Rule) string {
	left := make([]string, len(r.Left))
	for i, item := range r.Left {
		left[i] = names[item]
	}
	slices.Sort(left)
	return strings.Join(left, ",") + " => " + names[r.Right]
}

// Small random baskets against all subsets, counted one by one.
func TestMineAgreesWithCountingEverything(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		items, count := 2+random.IntN(7), 1+random.IntN(40)
		rows := make([]int, count)
		b := association.NewBuilder()
		for i := range rows {
			var names []string
			for item := range items {
				if random.Float64() < .2+.7*float64(item)/float64(items) {
					rows[i] |= 1 << item
					names = append(names, strconv.Itoa(item))
				}
			}
			b.Add(names...)
		}
		least := 1 + random.IntN(4)
		counts := make([]int, 1<<items)
		for set := range counts {
			for _, row := range rows {
				if row&set == set {
					counts[set]++
				}
			}
		}
		want := [3]int{}
		for set := 1; set < len(counts); set++ {
			if counts[set] < least {
				continue
			}
			isClosed, isMaximal := true, true
			for item := range items {
				if bigger := set | 1<<item; bigger != set {
					isClosed = isClosed && counts[bigger] < counts[set]
					isMaximal = isMaximal && counts[bigger] < least
				}
			}
			want[0]++
			if isClosed {
				want[1]++
			}
			if isMaximal {
				want[2]++
			}
		}
		for kind := range want {
			sets, err := association.Mine(context.Background(), b.Baskets(), association.Options{Kind: association.Kind(kind), MinCount: least})
			if err != nil || sets.Len() != want[kind] {
				t.Fatalf("%d baskets of %d items, at least %d, kind %d: %d sets (%v), want %d", count, items, least, kind, sets.Len(), err, want[kind])
			}
			for i := range sets.Len() {
				set := 0
				for _, item := range sets.Set(i) {
					number, _ := strconv.Atoi(sets.Names[item])
					set |= 1 << number
				}
				if counts[set] != int(sets.Counts[i]) {
					t.Fatalf("set %b is counted %d, want %d", set, sets.Counts[i], counts[set])
				}
			}
		}
	}
}

func TestBadInputEndsInOrder(t *testing.T) {
	empty := association.NewBuilder()
	sets, err := association.Mine(context.Background(), empty.Baskets(), association.Options{MinCount: 1})
	if err != nil || sets.Len() != 0 || len(association.Rules(sets, association.RuleOptions{})) != 0 {
		t.Errorf("no baskets: %v, %v", sets, err)
	}
	one := association.NewBuilder()
	names := make([]string, 40)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	one.Add(names...)
	if _, err := association.Mine(context.Background(), one.Baskets(), association.Options{MinCount: 1, MaxSets: 1_000_000}); err == nil {
		t.Error("2^40 itemsets must end in a sentence")
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := association.Mine(stopped, one.Baskets(), association.Options{MinCount: 1}); err == nil {
		t.Error("a stopped search must say so")
	}
}

func BenchmarkMushroom(b *testing.B) {
	data := baskets(b, "fimi/mushroom.dat")
	b.ResetTimer()
	for range b.N {
		mine(b, data, .1, association.Frequent)
	}
}

func BenchmarkT10I4D100K(b *testing.B) {
	data := baskets(b, "fimi/T10I4D100K.dat.gz")
	b.ResetTimer()
	for range b.N {
		mine(b, data, .001, association.Frequent)
	}
}

// A rule keeps its figures in the same baskets and is told apart in others.
func TestRecount(t *testing.T) {
	t.Parallel()
	here, there := association.NewBuilder(), association.NewBuilder()
	for i := range 400 {
		here.Add("bread", []string{"butter", "jam"}[i%2])
		there.Add("bread", []string{"butter", "jam", "salt", "tea"}[i%4])
	}
	sets := mine(t, here.Baskets(), .1, association.Frequent)
	rules := association.Rules(sets, association.RuleOptions{Confidence: .4, MinLength: 2})
	named, measures := make([]association.Named, len(rules)), make([]association.Measures, len(rules))
	for i, r := range rules {
		named[i].Right, measures[i] = sets.Names[r.Right], r.Measures
		for _, item := range r.Left {
			named[i].Left = append(named[i].Left, sets.Names[item])
		}
	}
	for i, e := range association.Recount(here.Baskets(), named, measures) {
		if e.Count != measures[i].Count || math.Abs(e.Confidence-measures[i].Confidence) > 1e-12 || math.Abs(e.Lift-measures[i].Lift) > 1e-12 || e.P != 1 {
			t.Errorf("%v in the same baskets: %+v, not %+v", named[i], e, measures[i])
		}
	}
	isSeen := false
	for i, e := range association.Recount(there.Baskets(), named, measures) {
		if named[i].Left[0] == "bread" && named[i].Right == "butter" {
			isSeen = true
			if e.Count != 100 || e.Confidence != .25 || e.P > 1e-6 {
				t.Errorf("bread and butter elsewhere: %+v", e)
			}
		}
	}
	if !isSeen {
		t.Error("no rule from bread to butter")
	}
	if e := association.Recount(association.NewBuilder().Baskets(), named, measures)[0]; e.Count != 0 || e.P != 1 {
		t.Errorf("in no baskets: %+v", e)
	}
}
