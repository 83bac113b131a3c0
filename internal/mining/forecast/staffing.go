// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// Desk says how calls are handled and how soon they should be answered.
type Desk struct {
	HandleSeconds float64 // mean time of a call with its work afterwards
	Share         float64 // of calls that should be answered …
	Seconds       float64 // … within so many seconds
}

// waiting is the chance that a call waits with n agents and a load of erlangs
// (Erlang's C formula, by the recursion of his B formula).
func waiting(load float64, n int) float64 {
	if load <= 0 {
		return 0
	}
	if float64(n) <= load {
		return 1
	}
	blocked := 1.0
	for k := 1; k <= n; k++ {
		blocked = load * blocked / (float64(k) + load*blocked)
	}
	rho := load / float64(n)
	return blocked / (1 - rho + rho*blocked)
}

// Level is the share of calls answered in time by n agents, when so many calls
// come in an interval of so many seconds.
func (d Desk) Level(calls, interval float64, n int) float64 {
	load := calls * d.HandleSeconds / interval
	if calls <= 0 {
		return 1
	}
	if float64(n) <= load {
		return 0 // the queue grows without end
	}
	return 1 - waiting(load, n)*math.Exp(-(float64(n)-load)*d.Seconds/d.HandleSeconds)
}

// Agents is the smallest number of agents that answers in time, with the level
// that they reach.
func (d Desk) Agents(calls, interval float64) (n int, level float64) {
	if calls <= 0 {
		return 0, 1
	}
	for n = int(calls*d.HandleSeconds/interval) + 1; ; n++ {
		if level = d.Level(calls, interval, n); level >= d.Share {
			return n, level
		}
	}
}
