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
	type both struct {
		cluster uint32
		truth   string
	}
	count := func(n, first int64) int64 {
		if linkOnly {
			return first * (n - first)
		}
		return n * (n - 1) / 2
	}
	type size struct{ n, first int64 }
	found, real, right := map[uint32]size{}, map[string]size{}, map[both]size{}
	for row, c := range cluster {
		add := size{n: 1}
		if source != nil && source[row] == 0 {
			add.first = 1
		}
		f, r, b := found[c], real[truth[row]], right[both{c, truth[row]}]
		found[c] = size{f.n + add.n, f.first + add.first}
		if truth[row] != "" {
			real[truth[row]] = size{r.n + add.n, r.first + add.first}
			right[both{c, truth[row]}] = size{b.n + add.n, b.first + add.first}
		}
	}
	var f, r, b int64
	for _, s := range found {
		f += count(s.n, s.first)
	}
	for _, s := range real {
		r += count(s.n, s.first)
	}
	for _, s := range right {
		b += count(s.n, s.first)
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
