// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"dangol/internal/platform/warehouse/image"
)

// Images is where the newest customer image comes from; image.Image is it.
type Images interface {
	// Current returns a snapshot that includes all that the warehouse does, or why there is none.
	Current() (*image.Snapshot, string)
	// Damaged tells that a question met a damaged file.
	Damaged(err error)
}

// UseImage answers from the customer image where that is possible.
func (s *Service) UseImage(images Images) { s.images = images }

// Engines of an answer.
const (
	EngineImage  = "image"
	EngineDuckDB = "duckdb"
)

// Explain says which engine answered, and why that one.
type Explain struct {
	Engine string `json:"engine" enum:"image,duckdb"`
	Why    string `json:"why"`
}

const whyImage = "every column of the question lies in the customer image"

// ask answers a program out of the image; ok is false when DuckDB has to,
// and the explanation says why.
func (s *Service) ask(ctx context.Context, p *Program, want image.Want) (found image.Selection, asOf AsOf, e Explain, ok bool) {
	duck := func(why string) (image.Selection, AsOf, Explain, bool) {
		return image.Selection{}, AsOf{}, Explain{EngineDuckDB, why}, false
	}
	if s.images == nil {
		return duck("there is no customer image here")
	}
	snapshot, why := s.images.Current()
	if snapshot == nil {
		return duck(why)
	}
	scope, err := image.InScope(ctx, p.Reads[0].Table)
	if err != nil {
		return duck(err.Error())
	}
	found, err = snapshot.Select(ctx, image.And(scope, p.Rule()), want)
	var cannot *image.Unsupported
	switch {
	case err == nil:
		at := snapshot.Position()
		return found, AsOf{at.Seq, at.At}, Explain{EngineImage, whyImage}, true
	case errors.As(err, &cannot):
		return duck(cannot.Why)
	case image.IsDamaged(err):
		s.images.Damaged(err)
		return duck("the image file was damaged and is being built anew")
	case ctx.Err() == nil:
		slog.Warn("segment: the image did not answer; DuckDB does", "error", err)
	}
	return duck(err.Error())
}

// pageOf cuts a page out of ordered keys.
func pageOf(keys []int64, after int64, limit int) []int64 {
	i, found := slices.BinarySearch(keys, after)
	if found {
		i++
	}
	keys = keys[i:]
	if limit > 0 && len(keys) > limit {
		keys = keys[:limit]
	}
	return keys
}
