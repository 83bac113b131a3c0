// SPDX-License-Identifier: Apache-2.0

package heap

import (
	"runtime/debug"
	"testing"
)

func current() int {
	percent := debug.SetGCPercent(100)
	debug.SetGCPercent(percent)
	return percent
}

func TestTheMostFrugalRequestWinsAndTheOldPaceComesBack(t *testing.T) {
	was := current()
	first := Ask(400)
	second := Ask(150)
	if got := current(); got != 150 {
		t.Errorf("two requests: %d", got)
	}
	first() // ends before the second, in whatever order
	if got := current(); got != 150 {
		t.Errorf("the second alone: %d", got)
	}
	third := Ask(300)
	second()
	if got := current(); got != 300 {
		t.Errorf("the third alone: %d", got)
	}
	third()
	if got := current(); got != was {
		t.Errorf("afterwards: %d, was %d", got, was)
	}
}

func TestRoomStaysBetweenTheUsualAndTheMost(t *testing.T) {
	if got := Room(1<<50, 400); got != 400 {
		t.Errorf("a small heap: %d", got)
	}
	if got := Room(1, 400); got != 100 {
		t.Errorf("a large heap: %d", got)
	}
}
