// SPDX-License-Identifier: Apache-2.0

package weight

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"dangol/internal/match/compare"
)

// shared finds the published fixtures beside the project, or skips by name.
func shared(t *testing.T, name string) [][]string {
	t.Helper()
	root := os.Getenv("DANGOL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	file, err := os.Open(filepath.Join(root, "data", "splink_fake", name))
	if err != nil {
		t.Skipf("the fixture %s is not here", name)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func two(name string, m, u float64) Comparison {
	return Comparison{Name: name, Levels: []Level{{Label: "missing"}, {Label: "exact", M: m, U: u}, {Label: "else", M: 1 - m, U: 1 - u}}}
}

// Splink tests/test_correctness_of_convergence.py.
func TestEstimateFindsKnownParameters(t *testing.T) {
	t.Parallel()
	rows := shared(t, "known_params_comparison_vectors.csv")[1:]
	model := Model{Lambda: .3, Comparisons: []Comparison{two("col_1", .9, .1), two("col_2", .9, .1), two("col_3", .9, .1)}}
	var classes []Class
	for _, row := range rows {
		levels := make([]uint8, 3)
		for i := range levels {
			levels[i] = 2 - (row[i][0] - '0')
		}
		classes = append(classes, Class{Levels: levels, Count: 1})
	}
	model.Estimate(classes, Options{Iterations: 500, Tolerance: 1e-300})
	near(t, "lambda", model.Lambda, .5, 1e-9)
	for i, want := range [][2]float64{{.7, .1}, {.9, .025}, {.95, .2}} {
		near(t, "m", model.Comparisons[i].Levels[1].M, want[0], 1e-9)
		near(t, "u", model.Comparisons[i].Levels[1].U, want[1], 1e-9)
	}
	for i, row := range rows {
		want, _ := strconv.ParseFloat(row[7], 64)
		near(t, "posterior", Probability(model.Score(classes[i].Levels, nil)), want, 1e-12)
	}
}

// Splink tests/test_compare_splink2.py: pairs of equal surname, first names by
// Levenshtein with a term-frequency adjustment of weight .6.
func splink2(t *testing.T) (Model, []Class) {
	t.Helper()
	rows := shared(t, "fake_1000_splink_tests.csv")[1:]
	names, total := map[string]float64{}, 0.0
	for _, row := range rows {
		if row[1] != "" {
			names[row[1]]++
			total++
		}
	}
	model := Model{Lambda: .3, Comparisons: []Comparison{
		{Name: "first_name", Levels: []Level{
			{Label: "missing"},
			{Label: "exact", M: .7, U: .1, FrequencyWeight: .6},
			{Label: "levenshtein <= 2", M: .2, U: .1},
			{Label: "else", M: .1, U: .8},
		}},
		two("dob", .9, .1), two("city", .9, .1), two("email", .9, .1),
	}}
	exact := func(a, b string) uint8 {
		switch {
		case a == "" || b == "":
			return Missing
		case a == b:
			return 1
		}
		return 2
	}
	var classes []Class
	for i, a := range rows {
		for _, b := range rows[i+1:] {
			if a[2] == "" || a[2] != b[2] {
				continue
			}
			class := Class{Levels: []uint8{0, exact(a[3], b[3]), exact(a[4], b[4]), exact(a[5], b[5])}, Frequencies: make([]float64, 4), Count: 1}
			switch {
			case a[1] == "" || b[1] == "":
			case a[1] == b[1]:
				class.Levels[0], class.Frequencies[0] = 1, names[a[1]]/total
			case compare.Levenshtein(a[1], b[1]) <= 2:
				class.Levels[0] = 2
			default:
				class.Levels[0] = 3
			}
			classes = append(classes, class)
		}
	}
	if len(classes) != 3167 {
		t.Fatalf("%d pairs of equal surname, want 3,167", len(classes))
	}
	return model, classes
}

func TestEstimateFollowsTheHistoryOfSplink(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name       string
		fixU       bool
		lambda     [2]float64
		firstNameM [2]float64
		firstNameU [2]float64
	}{
		{"u fixed", true, [2]float64{0.2588110991484573, 0.2823831219907462}, [2]float64{0.743459884860577, 0.7459410675398278}, [2]float64{.1, .1}},
		{"u free", false, [2]float64{0.2588110991484573, 0.2954053465070158}, [2]float64{0.743459884860577, 0}, [2]float64{0.0629681009277723, 0.0349938006465562}},
	} {
		t.Run(row.name, func(t *testing.T) {
			model, classes := splink2(t)
			model.Estimate(classes, Options{FixU: row.fixU, Iterations: 2, Tolerance: 1e-300, Each: func(n int, m *Model) {
				near(t, "lambda", m.Lambda, row.lambda[n-1], 1e-13)
				near(t, "u first name", m.Comparisons[0].Levels[1].U, row.firstNameU[n-1], 1e-13)
				if want := row.firstNameM[n-1]; want > 0 {
					near(t, "m first name", m.Comparisons[0].Levels[1].M, want, 1e-13)
				}
			}})
		})
	}
}

func TestScoreOfOnePair(t *testing.T) {
	t.Parallel()
	model, _ := splink2(t)
	tf := .1 / math.Pow(4.272592890212634, 1/.6)
	got := model.Score([]uint8{1, 1, 2, 2}, []float64{tf, 0, 0, 0})
	near(t, "match weight", got, 0.5101493570766487, 1e-12)
	near(t, "probability", Probability(got), 0.5874923778509089, 1e-12)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance || math.IsNaN(got) {
		t.Errorf("%s is %.16g, want %.16g", what, got, want)
	}
}
