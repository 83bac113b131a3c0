// SPDX-License-Identifier: Apache-2.0

package linkage

// Quality compares clusters with the truth, pair by pair.
type Quality struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	TruePairs int64   `json:"true_pairs"`
}

// Measure counts pairs of records in one cluster (found), of one entity
// (true), and both.
func Measure(cluster []uint32, truth []string, source []uint8, linkOnly bool) Quality {
	type size struct{ n, first int64 }
	count := func(s size) int64 {
		if linkOnly {
			return s.first * (s.n - s.first)
		}
		return s.n * (s.n - 1) / 2
	}
	entities := newInterner(nil)
	found, real, right := make([]size, len(cluster)), make([]size, len(cluster)+1), map[uint64]size{}
	for row, c := range cluster {
		entity, _ := entities.addString(truth[row])
		isFirst := int64(0)
		if source != nil && source[row] == 0 {
			isFirst = 1
		}
		f, r := found[c], real[entity]
		found[c] = size{f.n + 1, f.first + isFirst}
		if entity == missing {
			continue
		}
		real[entity] = size{r.n + 1, r.first + isFirst}
		both := uint64(c)<<32 | uint64(entity)
		b := right[both]
		right[both] = size{b.n + 1, b.first + isFirst}
	}
	var f, r, b int64
	for _, s := range found {
		f += count(s)
	}
	for _, s := range real {
		r += count(s)
	}
	for _, s := range right {
		b += count(s)
	}
	q := Quality{TruePairs: r}
	if f > 0 {
		q.Precision = float64(b) / float64(f)
	}
	if r > 0 {
		q.Recall = float64(b) / float64(r)
	}
	if q.Precision+q.Recall > 0 {
		q.F1 = 2 * q.Precision * q.Recall / (q.Precision + q.Recall)
	}
	return q
}
