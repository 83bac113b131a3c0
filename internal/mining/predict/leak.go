// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"slices"

	"dangol/internal/mining/frame"
)

// Why a column that is known as of today only is used with a warning, or not.
const (
	IsOfToday = "as_of_today" // may have been written after the day learned from
	IsLate    = "late"        // as of today, and knows the answer too well: left out
)

// lateAUC is the AUC from which on a column that was read today, and not when
// the time of the answer began, is taken to have been written after the answer:
// what people really know beforehand rarely tells that much alone.
const lateAUC = 0.85

// late tells what columns that are known as of today only give away. They are
// tried alone on the rows learned from and on those held out: what was written
// after the answer fits the latest time best.
func late(names []string, learn, test *frame.Frame, learnYes, testYes []bool) (list []Notice) {
	for _, name := range names {
		c := learn.Find(name)
		if c == nil {
			continue
		}
		n := Notice{Column: name, Code: IsOfToday, IsUsed: true, Value: aloneAUC(c, learnYes)}
		if held := test.Find(name); held != nil && len(testYes) > 0 {
			n.Held = aloneAUC(held, testYes)
		}
		if len(learnYes) >= fewestRows && math.Max(n.Value, n.Held) >= lateAUC {
			n.Code, n.IsUsed = IsLate, false
		}
		list = append(list, n)
	}
	return list
}

// withLate adds those notices and takes the columns out that are not used,
// unless they are to be kept.
func withLate(used *frame.Frame, notices, found []Notice, kept []string) (*frame.Frame, []Notice) {
	for _, n := range found {
		if used.Find(n.Column) == nil {
			continue // left out for another reason already
		}
		for _, name := range kept {
			n.IsUsed = n.IsUsed || name == n.Column
		}
		if !n.IsUsed {
			used = used.Without(n.Column)
			// That it is rarely filled, say, no longer matters.
			notices = slices.DeleteFunc(notices, func(other Notice) bool { return other.Column == n.Column })
		}
		notices = append(notices, n)
	}
	return used, notices
}
