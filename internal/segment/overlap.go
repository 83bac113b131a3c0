// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse/image"
)

// mostOverlapping bounds the other segments that are laid over one.
const mostOverlapping = 3

// Overlap is how the customers of rules and of other segments lie over one another.
type Overlap struct {
	// Sizes are the customers of each: of the rules first, then of the segments.
	Sizes []int64 `json:"sizes"`
	// Regions counts customers by the sets they are in; every one is in at least one.
	Regions []Region `json:"regions"`
	Outside int64    `json:"outside" doc:"customers in none"`
	AsOf    AsOf     `json:"as_of"`
	Explain Explain  `json:"explain"`
}

// Region is the customers who are in some sets and in no other.
type Region struct {
	Sets  []int `json:"sets" doc:"places in sizes"`
	Count int64 `json:"count"`
}

// Overlap lays rules over saved segments.
func (s *Service) Overlap(ctx context.Context, rules []byte, others []int64) (Overlap, error) {
	out := Overlap{}
	if err := auth.Check(ctx, "segment:read"); err != nil {
		return out, err
	}
	if len(others) == 0 || len(others) > mostOverlapping {
		return out, fault.New(fault.Invalid, "segment.bad_overlap", "Choose one to {most} other segments.", "most", mostOverlapping)
	}
	programs := make([]*Program, 0, len(others)+1)
	p, err := s.Compile(ctx, rules)
	if err != nil {
		return out, err
	}
	programs = append(programs, p)
	for _, id := range others {
		text, err := json.Marshal(Rule{ID: &id})
		if err != nil {
			return out, fmt.Errorf("write rules: %w", err)
		}
		if p, err = s.compileSaved(ctx, text); err != nil {
			return out, cube.At(err, "segments")
		}
		programs = append(programs, p)
	}
	counts, asOf, explain, err := s.overlap(ctx, programs)
	if err != nil {
		return out, fmt.Errorf("lay segments over one another: %w", err)
	}
	out.AsOf, out.Explain = asOf, explain
	out.Sizes, out.Regions, out.Outside = make([]int64, len(programs)), []Region{}, counts[0]
	for place, n := range counts {
		region := Region{Count: n}
		for i := range programs {
			if place>>i&1 == 1 {
				out.Sizes[i] += n
				region.Sets = append(region.Sets, i)
			}
		}
		if len(region.Sets) > 0 {
			out.Regions = append(out.Regions, region)
		}
	}
	return out, nil
}

func (s *Service) overlap(ctx context.Context, programs []*Program) ([]int64, AsOf, Explain, error) {
	snapshot, scope, why, err := s.newest(ctx, programs[0].Reads[0].Table)
	if err != nil {
		return nil, AsOf{}, Explain{}, err
	}
	if snapshot != nil {
		rules := make([]*image.Rule, len(programs))
		for i, p := range programs {
			rules[i] = p.Rule()
		}
		counts, err := snapshot.Overlap(ctx, scope, rules)
		if err == nil {
			at := snapshot.Position()
			return counts, AsOf{at.Seq, at.At}, Explain{EngineImage, whyImage}, nil
		}
		if why, err = s.cannot(err); err != nil {
			return nil, AsOf{}, Explain{}, err
		}
	}
	position := s.reader.Position()
	counts, err := s.overlapInDuckDB(ctx, programs)
	return counts, AsOf{position.Seq, position.At}, Explain{EngineDuckDB, why}, err
}

// newest is the image of this moment with the row scope of whoever acts, or
// why there is none.
func (s *Service) newest(ctx context.Context, table string) (*image.Snapshot, *image.Rule, string, error) {
	if s.images == nil {
		return nil, nil, "there is no customer image here", nil
	}
	snapshot, why := s.images.Current()
	if snapshot == nil {
		return nil, nil, why, nil
	}
	scope, err := image.InScope(ctx, table)
	return snapshot, scope, "", err
}

// cannot says why the image does not answer, if DuckDB is to.
func (s *Service) cannot(err error) (string, error) {
	var cannot *image.Unsupported
	switch {
	case errors.As(err, &cannot):
		return cannot.Why, nil
	case image.IsDamaged(err):
		s.images.Damaged(err)
		return "the image file was damaged and is being built anew", nil
	}
	return "", err
}
