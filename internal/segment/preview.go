// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

const (
	// faceCount is how many customers a preview shows.
	faceCount = 5
	// revenueDays is the time of the revenue in a preview.
	revenueDays = 365
	// mostPreviews is how many answers are kept for those who ask the same again.
	mostPreviews = 200
)

// Preview counts the customers who answer the rules, among those that whoever
// acts in ctx may see, and adds up what they bought for.
func (s *Service) Preview(ctx context.Context, rules []byte) (Preview, error) {
	if err := auth.Check(ctx, "segment:read"); err != nil {
		return Preview{}, err
	}
	started := time.Now()
	p, err := s.Compile(ctx, rules)
	if err != nil {
		return Preview{}, err
	}
	money, err := s.money(ctx)
	if err != nil {
		return Preview{}, err
	}
	key := s.counts.key(ctx, s, rules, money != nil)
	found, ok := s.counts.find(key)
	if !ok {
		if found, err = s.preview(ctx, p, money); err != nil {
			return Preview{}, err
		}
		if found.explain.Engine == EngineImage { // why the image did not answer may pass in a moment
			s.counts.keep(key, found)
		}
	}
	out := Preview{Count: found.n, Total: found.total, AsOf: found.asOf, Explain: found.explain, Faces: []Face{}}
	if money != nil {
		out.Revenue = &Revenue{Amount: found.sum, Currency: s.cubes.Currency(), Days: revenueDays}
	}
	const perMilli = 1000
	out.Milliseconds = float64(time.Since(started).Microseconds()) / perMilli
	if s.faces != nil && len(found.sample) > 0 {
		out.Faces, err = s.faces.Faces(ctx, found.sample)
	}
	return out, err
}

// previewed is what a preview found, without faces: those are read each time,
// because they are logged and masked for whoever asks.
type previewed struct {
	counted
	total int64
}

func (s *Service) preview(ctx context.Context, p, money *Program) (previewed, error) {
	var out previewed
	var err error
	if out.counted, err = s.countExplained(ctx, p, image.Want{Sample: faceCount, Typing: true}, money); err != nil {
		return out, fmt.Errorf("preview segment: %w", err)
	}
	if out.total, err = s.total(ctx); err != nil {
		return out, fmt.Errorf("count customers: %w", err)
	}
	return out, nil
}

// money is the behaviour of which revenue is the sum: the first one that has
// money; nil when there is none or whoever acts may not see it.
func (s *Service) money(ctx context.Context) (*Program, error) {
	for _, e := range s.Catalogue(ctx).Events() {
		for _, sum := range e.Sums {
			if sum.Kind != warehouse.KindMoney {
				continue
			}
			p, err := s.compile(ctx, &Rule{
				Event: e.Name, Within: &Within{LastDays: revenueDays}, Sum: &Compare{Of: sum.Name, Is: string(condition.IsSet)},
			})
			if fault.Is(err, fault.Forbidden) {
				return nil, nil //nolint:nilnil // not for this person
			}
			return p, err
		}
	}
	return nil, nil //nolint:nilnil // nothing has money
}

// previewCache keeps answers by question, data, asker's rows and day.
type previewCache struct {
	mu    sync.Mutex
	found map[string]previewed
	order []string
}

// key names a question with all that its answer depends on. Segments named in
// the rules may change without the data: "" keeps nothing.
func (c *previewCache) key(ctx context.Context, s *Service, rules []byte, hasMoney bool) string {
	position := s.reader.Position()
	scope := auth.ScopeOf(ctx)
	_, at := s.cubes.Asks(ctx)
	if strings.Contains(string(rules), `"segment"`) {
		return ""
	}
	text, err := json.Marshal([]any{
		string(rules), position.Version, position.Seq, scope.All, scope.Branch, scope.OwnerID, at.Today.Format("2006-01-02"), hasMoney,
	})
	if err != nil {
		return ""
	}
	return string(text)
}

func (c *previewCache) find(key string) (previewed, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.found[key]
	return found, ok
}

func (c *previewCache) keep(key string, p previewed) {
	if key == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil {
		c.found = map[string]previewed{}
	}
	if _, has := c.found[key]; !has {
		c.order = append(c.order, key)
	}
	c.found[key] = p
	for len(c.order) > mostPreviews {
		delete(c.found, c.order[0])
		c.order = c.order[1:]
	}
}
