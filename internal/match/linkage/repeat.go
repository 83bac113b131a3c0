// SPDX-License-Identifier: Apache-2.0

package linkage

import "slices"

const (
	// repeatSample is how many records tell whether one column repeats another.
	repeatSample = 20_000
	// repeatShare is the share of records with both values in which they are the same.
	repeatShare = .8
	// fewestRepeats is how many records with both a judgement needs.
	fewestRepeats = 50
)

// withoutRepeats leaves out a field that says in most records what another one
// of its kind has said, such as the receiver of an order that is the buyer: to
// count both would be to count one fact twice.
func withoutRepeats(fields []*field, result *Result) []*field {
	all := slices.Clone(fields)
	return slices.DeleteFunc(fields, func(f *field) bool {
		place := slices.Index(all, f)
		for k, other := range all {
			isFuller := other.present > f.present || other.present == f.present && k < place
			if isFuller && other.kind == f.kind && f.repeats(other) {
				result.Notes = append(result.Notes, f.name+": left out, it repeats "+other.name)
				for i := range result.Columns {
					if result.Columns[i].Comparison == f.name {
						result.Columns[i].Comparison = ""
					}
				}
				return true
			}
		}
		return false
	})
}

func (f *field) repeats(other *field) bool {
	rows := f.slots[0]
	both, same := 0, 0
	for row := 0; row < len(rows); row += max(1, len(rows)/repeatSample) {
		a, b := rows[row], other.slots[0][row]
		if a == missing || b == missing {
			continue
		}
		both++
		if f.values[a] == other.values[b] {
			same++
		}
	}
	return both >= fewestRepeats && float64(same) >= repeatShare*float64(both)
}
