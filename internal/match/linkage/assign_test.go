// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBestAssignmentAgainstAllOrders compares with every assignment there is.
func TestBestAssignmentAgainstAllOrders(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		rows := 1 + random.IntN(5)
		columns := rows + random.IntN(3)
		gain := make([][]float64, rows)
		for i := range gain {
			gain[i] = make([]float64, columns)
			for j := range gain[i] {
				if random.IntN(3) > 0 {
					gain[i][j] = float64(random.IntN(30))
				}
			}
		}
		got := 0.0
		seen := map[int]bool{}
		for i, j := range bestAssignment(gain) {
			if seen[j] {
				t.Fatalf("column %d is given twice", j)
			}
			seen[j] = true
			got += gain[i][j]
		}
		if want := bestOf(gain, 0, make([]bool, columns)); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v gives %v, %v is possible", gain, got, want)
		}
	}
}

func bestOf(gain [][]float64, row int, taken []bool) float64 {
	if row == len(gain) {
		return 0
	}
	best := math.Inf(-1)
	for j := range taken {
		if !taken[j] {
			taken[j] = true
			best = max(best, gain[row][j]+bestOf(gain, row+1, taken))
			taken[j] = false
		}
	}
	return best
}

// TestOneGoodPairDoesNotSpoilTwo: greedy would link 0–2 and leave 1 and 3 alone.
func TestOneGoodPairDoesNotSpoilTwo(t *testing.T) {
	pairs := []Pair{{A: 0, B: 2, Bits: 10}, {A: 3, B: 0, Bits: 9}, {A: 1, B: 2, Bits: 9}, {A: 4, B: 5, Bits: 1}}
	kept := assigned(pairs, []uint8{0, 0, 1, 1, 0, 1}, 0, 2)
	if len(kept) != 2 || kept[0].A != 0 || kept[0].B != 3 || kept[1].A != 1 || kept[1].B != 2 {
		t.Errorf("kept %v", kept)
	}
}
