// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// block is the number of rows that a worker takes at once: enough to forget
// the cost of taking, small enough for the fast memory.
const block = 4096

// parallel runs work over blocks of rows on all processors. Blocks are the same
// whatever their number, so that sums kept per block do not depend on it.
func parallel(rows int, work func(from, to int)) {
	blocks := (rows + block - 1) / block
	each(blocks, func(b int) { work(b*block, min(rows, (b+1)*block)) })
}

// each runs work for 0 … count-1 on all processors.
func each(count int, work func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), count)
	if workers <= 1 {
		for i := range count {
			work(i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= count {
					return
				}
				work(i)
			}
		})
	}
	wait.Wait()
}
