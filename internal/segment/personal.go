// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"fmt"

	"dangol/internal/cube"
)

// mayAsk refuses rules over values that are masked for whoever acts in ctx. Rules that cannot be
// understood pass: compiling them says what is wrong. Segments named in the rules were checked when they
// were saved.
func (c *Catalogue) mayAsk(ctx context.Context, r *Rule) error {
	return c.mayAskAt(ctx, r, "rules")
}

func (c *Catalogue) mayAskAt(ctx context.Context, r *Rule, path string) error {
	for i := range r.Rules {
		if err := c.mayAskAt(ctx, &r.Rules[i], fmt.Sprintf("%s.rules[%d]", path, i)); err != nil {
			return err
		}
	}
	switch {
	case r.Field != "":
		a, err := c.attribute(r.Field)
		if err != nil {
			return nil
		}
		return at(cube.MayAsk(ctx, r.Field, a.dim, r.Is), path)
	case r.Event != "":
		return c.mayAskBehaviour(ctx, r, path)
	}
	return nil
}

func (c *Catalogue) mayAskBehaviour(ctx context.Context, r *Rule, path string) error {
	b, err := c.behaviour(r.Event)
	if err != nil {
		return nil
	}
	if r.Where != nil {
		if err := c.mayAskEvent(ctx, b, r.Where, path+".where"); err != nil {
			return err
		}
	}
	if r.Distinct != nil {
		if err := c.mayAskEvent(ctx, b, &Rule{Field: r.Distinct.Of}, path+".distinct"); err != nil {
			return err
		}
	}
	if r.Then == nil || r.Then.Where == nil {
		return nil
	}
	if r.Then.Event != "" {
		if b, err = c.behaviour(r.Then.Event); err != nil {
			return nil
		}
	}
	return c.mayAskEvent(ctx, b, r.Then.Where, path+".followed_by.where")
}

func (c *Catalogue) mayAskEvent(ctx context.Context, b behaviour, r *Rule, path string) error {
	for i := range r.Rules {
		if err := c.mayAskEvent(ctx, b, &r.Rules[i], fmt.Sprintf("%s.rules[%d]", path, i)); err != nil {
			return err
		}
	}
	if r.Field == "" {
		return nil
	}
	_, d, _, err := c.eventField(b, r.Field)
	if err != nil {
		return nil
	}
	return at(cube.MayAsk(ctx, r.Field, d, r.Is), path)
}

func at(err error, path string) error {
	if err == nil {
		return nil
	}
	return cube.At(err, path)
}
