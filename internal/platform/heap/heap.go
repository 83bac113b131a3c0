// SPDX-License-Identifier: Apache-2.0

// Package heap lets work that makes much garbage ask for another pace of the collector.
// The pace is one number of the whole process, so requests are kept here together:
// the most frugal of those that run wins, and the last that ends gives the old one back.
package heap

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

var (
	mu       sync.Mutex
	requests = map[int]int{}
	next     int
	before   int
)

// Ask sets the collector's percentage until done is called, which may be called once.
func Ask(percent int) (done func()) {
	mu.Lock()
	defer mu.Unlock()
	id := next
	next++
	requests[id] = percent
	if old := apply(); len(requests) == 1 {
		before = old
	}
	return func() {
		mu.Lock()
		defer mu.Unlock()
		delete(requests, id)
		if len(requests) == 0 {
			debug.SetGCPercent(before)
			return
		}
		apply()
	}
}

// apply sets the lowest percentage that is asked for and returns the one before.
func apply() int {
	lowest := 0
	for _, percent := range requests {
		if lowest == 0 || percent < lowest {
			lowest = percent
		}
	}
	return debug.SetGCPercent(lowest)
}

// Room is the percentage that lets garbage grow to about so many bytes, between the
// usual 100 and most: a process with a large heap collects seldom anyway.
func Room(bytes uint64, most int) int {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := uint64(1)
	if sample[0].Value.Kind() == metrics.KindUint64 {
		live = max(live, sample[0].Value.Uint64())
	}
	return int(min(uint64(most), max(100, bytes*100/live)))
}
