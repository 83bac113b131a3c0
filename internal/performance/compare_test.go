// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: %.9f, want %.9f", what, got, want)
	}
}

func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("DANGOL_SHARED")
	for up := "."; dir == "" && len(up) < 40; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(up, "shared", "data")); err == nil {
			dir = filepath.Join(up, "shared", "data")
		}
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); dir == "" || err != nil {
		t.Skipf("the data set %s is not here", filepath.Join(parts...))
	}
	return path
}

// hillstrom reads the arms of the three-armed e-mail test, one outcome each.
func hillstrom(t *testing.T) map[string]map[string]Arm {
	t.Helper()
	file, err := os.Open(shared(t, "hillstrom", "hillstrom.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	arms := map[string]map[string]Arm{}
	for _, row := range rows[1:] {
		name := row[column["segment"]]
		if arms[name] == nil {
			arms[name] = map[string]Arm{}
		}
		for _, outcome := range []string{"visit", "conversion", "spend"} {
			value, err := strconv.ParseFloat(row[column[outcome]], 64)
			if err != nil {
				t.Fatal(err)
			}
			a := arms[name][outcome]
			a.Count++
			a.Sum += value
			a.SumSquares += value * value
			if value > 0 {
				a.Successes++
			}
			arms[name][outcome] = a
		}
	}
	return arms
}

// Figures of section 6 of the data sets' FIGURES.md.
func TestHillstrom(t *testing.T) {
	t.Parallel()
	arms := hillstrom(t)
	mens, womens, none := arms["Mens E-Mail"], arms["Womens E-Mail"], arms["No E-Mail"]
	counts := []struct {
		arm       map[string]Arm
		n         int64
		visits    int64
		sales     int64
		spendMean float64
		spend     float64
	}{
		{mens, 21307, 3894, 267, 1.422617, 30311.69}, {womens, 21387, 3238, 189, 1.077202, 23038.11}, {none, 21306, 2262, 122, .652789, 13908.33},
	}
	for i, c := range counts {
		if c.arm["visit"].Count != c.n || c.arm["visit"].Successes != c.visits || c.arm["conversion"].Successes != c.sales {
			t.Errorf("arm %d: %+v", i, c.arm)
		}
		near(t, "mean spend", c.arm["spend"].Mean(), c.spendMean, 5e-7)
		near(t, "spend", c.arm["spend"].Sum, c.spend, 5e-3)
	}
	figures := []struct {
		name      string
		d         Difference
		lift      float64
		se        float64
		low, high float64
	}{
		{"mens visit", CompareRates(mens["visit"], none["visit"]), .076590, .003386, .069953, .083226},
		{"mens conversion", CompareRates(mens["conversion"], none["conversion"]), .006805, .000921, .005000, .008610},
		{"mens spend", CompareMeans(mens["spend"], none["spend"]), .769827, .145247, .485149, 1.054505},
		{"womens visit", CompareRates(womens["visit"], none["visit"]), .045233, .003234, math.NaN(), math.NaN()},
		{"womens conversion", CompareRates(womens["conversion"], none["conversion"]), .003111, .000823, math.NaN(), math.NaN()},
		{"womens spend", CompareMeans(womens["spend"], none["spend"]), .424412, .130333, .168965, .679860},
	}
	for _, f := range figures {
		near(t, f.name, f.d.Difference, f.lift, 5e-7)
		near(t, f.name+" se", f.d.StandardError, f.se, 6e-7)
		if !math.IsNaN(f.low) {
			near(t, f.name+" low", f.d.Low, f.low, 6e-7)
			near(t, f.name+" high", f.d.High, f.high, 6e-7)
		}
		if f.d.Verdict != EffectPositive {
			t.Errorf("%s: %s", f.name, f.d.Verdict)
		}
	}
	near(t, "t", figures[2].d.T, 5.3001, 5e-5)
	near(t, "df", figures[2].d.Degrees, 36671.16, 5e-3)
	chi, degrees := ChiSquare(mens["visit"], none["visit"])
	near(t, "chi-square of two arms", chi, 505.62203, 5e-6)
	if degrees != 1 {
		t.Errorf("degrees of two arms: %d", degrees)
	}
	chi, degrees = ChiSquare(mens["visit"], womens["visit"], none["visit"])
	near(t, "chi-square of three arms", chi, 504.46067, 5e-6)
	if degrees != 2 {
		t.Errorf("degrees of three arms: %d", degrees)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name               string
		treatment, control Arm
		want               Verdict
	}{
		{"clear effect", Arm{Count: 1000, Successes: 200}, Arm{Count: 1000, Successes: 100}, EffectPositive},
		{"clear harm", Arm{Count: 1000, Successes: 100}, Arm{Count: 1000, Successes: 200}, EffectNegative},
		{"nothing to see", Arm{Count: 1000, Successes: 105}, Arm{Count: 1000, Successes: 100}, NoEffectShown},
		{"three buyers", Arm{Count: 1000, Successes: 100}, Arm{Count: 10, Successes: 3}, TooFew},
		{"everybody bought", Arm{Count: 10, Successes: 10}, Arm{Count: 1000, Successes: 300}, TooFew},
		{"no control", Arm{Count: 1000, Successes: 100}, Arm{}, NoControl},
		{"nobody at all", Arm{}, Arm{}, NoControl},
	}
	for _, c := range cases {
		d := CompareRates(c.treatment, c.control)
		if d.Verdict != c.want {
			t.Errorf("%s: %s, want %s", c.name, d.Verdict, c.want)
		}
		for _, x := range []float64{d.Difference, d.Low, d.High, d.StandardError} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%s: %+v", c.name, d)
			}
		}
	}
	if n := NeededSize(.05, .01); n != 7600 {
		t.Errorf("needed size: %d", n)
	}
	near(t, "detectable", Detectable(.05, 7600, 7600), .01, 1e-4)
}

func TestStudentPoints(t *testing.T) {
	t.Parallel()
	// Quantiles of R: qt(.975, df).
	for degrees, want := range map[float64]float64{1: 12.706204736, 2: 4.302652730, 5: 2.570581836, 10: 2.228138852, 30: 2.042272456, 120: 1.979930405, 1000: 1.962339081} {
		near(t, "point", studentPoint(degrees), want, 1e-8)
	}
}

// Where there is no effect, the interval must contain zero in about 95 of 100
// cases; swapping the arms mirrors everything.
func TestIntervalsKeepTheirPromise(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) Arm {
		a := Arm{Count: int64(n)}
		for range n {
			if random.Float64() < .1 {
				amount := math.Exp(random.NormFloat64())
				a.Successes++
				a.Sum += amount
				a.SumSquares += amount * amount
			}
		}
		return a
	}
	const runs = 1500
	covered := [2]int{}
	for range runs {
		a, b := draw(2000), draw(600)
		there, back := Compare(a, b), Compare(b, a)
		near(t, "mirrored", there.Mean.Low, -back.Mean.High, 1e-12)
		near(t, "mirrored", there.Rate.Low, -back.Rate.High, 1e-12)
		for i, d := range []Difference{there.Rate, there.Mean} {
			if d.Low <= 0 && d.High >= 0 {
				covered[i]++
			}
		}
	}
	for i, n := range covered {
		if share := float64(n) / runs; share < .93 || share > .97 {
			t.Errorf("interval %d covers in %.3f of the cases", i, share)
		}
	}
}
