// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"sync"
	"time"
)

// ruleAge is how long rules are believed without looking: another node may have changed them.
const ruleAge = 2 * time.Second

// ruleSet is everything that golden rows and search tokens are computed by.
type ruleSet struct {
	survivorship *Survivorship
	searchable   []string // names of searchable text attributes
	attributes   map[string]*Attribute
	schemes      map[int64]*KeyScheme
	sources      map[int64]*Source
	loadedAt     time.Time
}

// ruleCache keeps the rules between changes.
type ruleCache struct {
	store *Store
	mu    sync.Mutex
	set   *ruleSet
}

// current returns the rules; when they cannot be read the ones known before stay in use, and defaults
// when there are none.
func (c *ruleCache) current(ctx context.Context) *ruleSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set != nil && time.Since(c.set.loadedAt) < ruleAge {
		return c.set
	}
	set, err := c.store.loadRules(ctx)
	switch {
	case err == nil:
		set.loadedAt = time.Now()
		c.set = set
	case c.set == nil:
		return &ruleSet{survivorship: NewSurvivorship(nil, nil)}
	}
	return c.set
}

// forget makes the next current read the rules anew.
func (c *ruleCache) forget() {
	c.mu.Lock()
	c.set = nil
	c.mu.Unlock()
}
