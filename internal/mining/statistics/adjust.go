// SPDX-License-Identifier: Apache-2.0

package statistics

import "sort"

// Holm adjusts p values so that the chance of any false finding among all
// tests stays below the level (Holm 1979).
func Holm(p []float64, tests int) []float64 {
	order := ascending(p)
	out, running := make([]float64, len(p)), 0.0
	for rank, i := range order {
		running = max(running, min(1, p[i]*float64(max(tests, len(p))-rank)))
		out[i] = running
	}
	return out
}

// BenjaminiHochberg adjusts p values so that the expected share of false
// findings stays below the level (1995).
func BenjaminiHochberg(p []float64, tests int) []float64 {
	order := ascending(p)
	out, running := make([]float64, len(p)), 1.0
	for rank := len(order) - 1; rank >= 0; rank-- {
		i := order[rank]
		running = min(running, p[i]*float64(max(tests, len(p)))/float64(rank+1))
		out[i] = running
	}
	return out
}

func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] < p[order[b]] })
	return order
}
