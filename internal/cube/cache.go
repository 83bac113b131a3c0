// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"dangol/internal/platform/auth"
)

// cache keeps answers by question, version of the data and policy of the
// asker; equal questions at the same time are computed once.
type cache struct {
	mu     sync.Mutex
	limit  int
	size   int
	order  *list.List // most recently used first
	byKey  map[[32]byte]*list.Element
	flying map[[32]byte]*flight
}

type cached struct {
	key    [32]byte
	result *Result
	size   int
}

type flight struct {
	done   chan struct{}
	result *Result
	err    error
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[[32]byte]*list.Element{}, flying: map[[32]byte]*flight{}}
}

// cacheKey is content, data version, day and policy: two people share an
// answer only when they may see the same rows and hold the same rights.
func cacheKey(ctx context.Context, q Query, version int64, today time.Time, closed []ClosedDay) [32]byte {
	person := auth.From(ctx)
	text, _ := json.Marshal(struct {
		Query   Query
		Version int64
		Day     string
		Scope   auth.Scope
		Rights  []string
		System  bool
		Clear   bool
		Closed  []ClosedDay
		Token   int64 // a token may narrow rights in any way, so it keeps to itself
	}{
		q, version, today.Format(isoDate), auth.ScopeOf(ctx),
		person.Permissions.Patterns(), person.IsSystem, auth.CanSeeClear(ctx), closed, person.TokenID,
	})
	return sha256.Sum256(text)
}

// get answers from memory, waits for the same question under way, or computes.
func (c *cache) get(ctx context.Context, key [32]byte, compute func() (*Result, error)) (*Result, bool, error) {
	for {
		c.mu.Lock()
		if e, ok := c.byKey[key]; ok {
			c.order.MoveToFront(e)
			result := e.Value.(*cached).result
			c.mu.Unlock()
			return result, true, nil
		}
		if f, ok := c.flying[key]; ok {
			c.mu.Unlock()
			select {
			case <-ctx.Done():
				return nil, false, context.Cause(ctx)
			case <-f.done:
			}
			if f.err == nil {
				return f.result, true, nil
			}
			// Whoever computed it may have gone away; that is no answer for others.
			if errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded) {
				continue
			}
			return nil, false, f.err
		}
		f := &flight{done: make(chan struct{})}
		c.flying[key] = f
		c.mu.Unlock()
		c.fly(key, f, compute)
		return f.result, false, f.err
	}
}

func (c *cache) fly(key [32]byte, f *flight, compute func() (*Result, error)) {
	f.err = errors.New("the question was not answered") // stands when compute panics
	defer func() {
		c.mu.Lock()
		delete(c.flying, key)
		if f.err == nil {
			c.keep(key, f.result)
		}
		c.mu.Unlock()
		close(f.done)
	}()
	f.result, f.err = compute()
}

func (c *cache) keep(key [32]byte, r *Result) {
	size := sizeOf(r)
	if size > c.limit/4 {
		return
	}
	c.byKey[key] = c.order.PushFront(&cached{key, r, size})
	c.size += size
	for c.size > c.limit {
		last := c.order.Back()
		old := last.Value.(*cached)
		c.order.Remove(last)
		delete(c.byKey, old.key)
		c.size -= old.size
	}
}

// sizeOf estimates the memory of an answer: a value costs about 40 bytes.
func sizeOf(r *Result) int {
	return 2_000 + 40*(len(r.Columns)+3)*(len(r.Rows)+len(r.Totals.Rows)+len(r.Totals.Columns))
}
