// SPDX-License-Identifier: Apache-2.0

package customer

// rehome keeps the promise that the end of every merge relies on: the home of a record, and all whom it was
// merged into, lead to the customer that holds the record. An alias of which all records move goes with them;
// one of which some stay, stays, and those of its records that move are at home where they go. It changes
// the homes of moving records in place, and returns the aliases that get another parent and the staying
// records that get another home.
func rehome(survivorID int64, target *parting, moving, staying []link) (aliases map[int64]int64, stayed []link) {
	parents := target.parents
	above := func(links []link) map[int64]bool {
		reached := map[int64]bool{}
		for _, l := range links {
			for at := l.homeID; at != 0 && at != survivorID && !reached[at]; at = parents[at] {
				reached[at] = true
			}
		}
		return reached
	}
	moves, stays := above(moving), above(staying)
	isWhole := func(alias int64) bool { return moves[alias] && !stays[alias] }
	aliases = map[int64]int64{}
	for alias, parent := range parents {
		switch {
		case alias == target.id:
		case parent == target.id && stays[alias]:
			aliases[alias] = parents[target.id]
		case parent != target.id && isWhole(alias) && !isWhole(parent):
			aliases[alias] = target.id
		}
	}
	for i, l := range moving {
		if l.homeID == target.id || stays[l.homeID] {
			moving[i].homeID = 0
		}
	}
	for _, l := range staying {
		if l.homeID != 0 && l.homeID == target.id {
			l.homeID = parents[target.id]
			stayed = append(stayed, l)
		}
	}
	return aliases, stayed
}
