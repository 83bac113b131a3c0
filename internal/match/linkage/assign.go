// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"math"
	"slices"
)

// largestAssigned bounds the records of one connected part that are assigned
// exactly, in O(n³); larger parts take the strongest pairs first.
const largestAssigned = 600

// assigned keeps, of the pairs between two files that are each free of
// duplicates, those of the best one-to-one assignment: the links whose weights
// together are greatest, which is the likeliest set of links under the model.
// Taking the strongest pair first would let one good pair spoil two nearly as
// good ones. It works on each connected part by itself.
func assigned(pairs []Pair, source []uint8, prior, threshold float32) []Pair {
	believed := pairs[:0:0]
	parent := map[uint32]uint32{}
	var find func(a uint32) uint32
	find = func(a uint32) uint32 {
		up, known := parent[a]
		if !known || up == a {
			parent[a] = a
			return a
		}
		root := find(up)
		parent[a] = root
		return root
	}
	for _, p := range pairs {
		if p.Bits+prior < threshold {
			continue
		}
		if source[p.A] > source[p.B] {
			p.A, p.B = p.B, p.A
		}
		believed = append(believed, p)
		parent[find(p.B)] = find(p.A)
	}
	slices.SortStableFunc(believed, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(find(x.A), find(y.A)), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	var kept []Pair
	for from := 0; from < len(believed); {
		to := from + 1
		for to < len(believed) && find(believed[to].A) == find(believed[from].A) {
			to++
		}
		kept = append(kept, assignPart(believed[from:to], prior)...)
		from = to
	}
	return kept
}

// assignPart is the assignment of one connected part.
func assignPart(pairs []Pair, prior float32) []Pair {
	if len(pairs) == 1 {
		return pairs
	}
	left, right := map[uint32]int{}, map[uint32]int{}
	for _, p := range pairs {
		if _, known := left[p.A]; !known {
			left[p.A] = len(left)
		}
		if _, known := right[p.B]; !known {
			right[p.B] = len(right)
		}
	}
	if max(len(left), len(right)) > largestAssigned {
		return pairs
	}
	rows, columns, turned := len(left), len(right), false
	if rows > columns {
		rows, columns, turned = columns, rows, true
	}
	gain, at := make([][]float64, rows), make([][]int, rows)
	for i := range gain {
		gain[i], at[i] = make([]float64, columns), make([]int, columns)
	}
	for k, p := range pairs {
		i, j := left[p.A], right[p.B]
		if turned {
			i, j = j, i
		}
		// a pair at the threshold is still a link
		gain[i][j], at[i][j] = max(float64(p.Bits+prior), 0)+leastGainOfLink, k+1
	}
	var kept []Pair
	for i, j := range bestAssignment(gain) {
		if at[i][j] > 0 {
			kept = append(kept, pairs[at[i][j]-1])
		}
	}
	return kept
}

// leastGainOfLink lets a link count for more than no link.
const leastGainOfLink = 1e-3

// bestAssignment answers the column of each row such that the gains together
// are greatest, by shortest augmenting paths with potentials (the Hungarian
// method, Kuhn 1955, Munkres 1957, as Jonker and Volgenant 1987 order it).
// There are at least as many columns as rows.
func bestAssignment(gain [][]float64) []int {
	rows, columns := len(gain), len(gain[0])
	u, v := make([]float64, rows+1), make([]float64, columns+1)
	rowOf, way := make([]int, columns+1), make([]int, columns+1) // 1-based, 0 for none
	for i := 1; i <= rows; i++ {
		rowOf[0] = i
		column := 0
		least, done := make([]float64, columns+1), make([]bool, columns+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		for rowOf[column] != 0 {
			done[column] = true
			row, next, delta := rowOf[column], 0, math.Inf(1)
			for j := 1; j <= columns; j++ {
				if done[j] {
					continue
				}
				if cost := -gain[row-1][j-1] - u[row] - v[j]; cost < least[j] {
					least[j], way[j] = cost, column
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := 0; j <= columns; j++ {
				if done[j] {
					u[rowOf[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			column = next
		}
		for column != 0 {
			before := way[column]
			rowOf[column], column = rowOf[before], before
		}
	}
	out := make([]int, rows)
	for j := 1; j <= columns; j++ {
		if rowOf[j] > 0 {
			out[rowOf[j]-1] = j - 1
		}
	}
	return out
}
