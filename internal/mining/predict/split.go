// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math/rand/v2"
)

// foldsOf deals rows to k folds so that each has the same share of yeses.
func foldsOf(yes []bool, k int, seed uint64) []int {
	random := rand.New(rand.NewPCG(seed, 77)) //nolint:gosec // no secret
	out := make([]int, len(yes))
	next := [2]int{0, k / 2}
	for _, row := range random.Perm(len(yes)) {
		class := 0
		if yes[row] {
			class = 1
		}
		out[row] = next[class] % k
		next[class]++
	}
	return out
}

func split(fold []int, held int) (learn, test []int) {
	for row, k := range fold {
		if k == held {
			test = append(test, row)
		} else {
			learn = append(learn, row)
		}
	}
	return learn, test
}

func pick[T any](values []T, rows []int) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = values[row]
	}
	return out
}
