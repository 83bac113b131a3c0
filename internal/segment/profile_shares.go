// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

// shares counts the values of attributes: in the image in one sweep, the rest
// in DuckDB.
func (s *Service) shares(ctx context.Context, p *Program, list []attribute, today time.Time) ([][]share, AsOf, Explain, error) {
	position := s.reader.Position()
	asOf, explain := AsOf{position.Seq, position.At}, Explain{Engine: EngineDuckDB}
	out := make([][]share, len(list))
	snapshot, scope, why, err := s.newest(ctx, p.Reads[0].Table)
	if err != nil {
		return nil, asOf, explain, err
	}
	explain.Why = why
	if snapshot != nil {
		born := func(years int64) int64 { return condition.Days(condition.LatestBirth(today, years)) }
		found, err := snapshot.Shares(ctx, scope, p.Rule(), imageDims(list, born))
		if err == nil {
			at := snapshot.Position()
			asOf, explain = AsOf{at.Seq, at.At}, Explain{EngineImage, whyImage}
			for i := range found {
				if found[i] != nil {
					out[i] = sharesOfImage(&list[i], found[i])
				}
			}
		} else if explain.Why, err = s.cannot(err); err != nil {
			return nil, asOf, explain, err
		}
	}
	for i := range list {
		if out[i] != nil {
			continue
		}
		if out[i], err = s.sharesInDuckDB(ctx, p, list[i], today); err != nil {
			return nil, asOf, explain, err
		}
	}
	return out, asOf, explain, nil
}

func sharesOfImage(a *attribute, found []image.Share) []share {
	out := make([]share, 0, len(found))
	for _, f := range found {
		one := share{all: f.All, some: f.Some}
		switch {
		case f.Key == image.Missing:
		case len(a.dim.Bands) > 0:
			one.value = f.Key
		case a.dim.Kind == warehouse.KindChoice || a.dim.Kind == warehouse.KindText:
			one.value = f.Text
		case a.dim.Kind == warehouse.KindBoolean:
			one.value = f.Key != 0
		default:
			one.value = f.Key
		}
		out = append(out, one)
	}
	return labelled(a, out)
}

// labelled names values and bands, and makes quarters of many numbers.
func labelled(a *attribute, list []share) []share {
	if len(a.dim.Bands) > 0 {
		for i := range list {
			place, ok := list[i].value.(int64)
			if !ok || place < 0 || place >= int64(len(a.dim.Bands)) {
				continue
			}
			band := &a.dim.Bands[place]
			low := float64(band.From)
			list[i].low, list[i].label = &low, &band.Label
			if band.To != 0 {
				high := float64(band.To - 1)
				list[i].high = &high
			}
		}
		return list
	}
	for i := range list {
		text, ok := list[i].value.(string)
		if !ok {
			continue
		}
		for k := range a.dim.Values {
			if a.dim.Values[k].Value == text {
				list[i].label = &a.dim.Values[k].Label
			}
		}
	}
	if isNumeric(a.dim.Kind) && len(list) > mostValues {
		return quarters(list)
	}
	return list
}

func isNumeric(k warehouse.Kind) bool {
	switch k {
	case warehouse.KindInteger, warehouse.KindMoney, warehouse.KindQuantity, warehouse.KindNumber, warehouse.KindPercent:
		return true
	}
	return false
}

func numberOf(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

// quarters puts numbers together into four parts of about as many customers.
func quarters(list []share) []share {
	var numbers []share
	var none []share
	total := int64(0)
	for _, one := range list {
		if _, ok := numberOf(one.value); !ok {
			none = append(none, one)
			continue
		}
		numbers = append(numbers, one)
		total += one.all
	}
	slices.SortFunc(numbers, func(a, b share) int {
		x, _ := numberOf(a.value)
		y, _ := numberOf(b.value)
		return cmp.Compare(x, y)
	})
	const parts = 4
	var out []share
	seen := int64(0)
	for _, one := range numbers {
		x, _ := numberOf(one.value)
		part := int(seen * parts / max(total, 1))
		if len(out) == 0 || part >= len(out) {
			low := x
			out = append(out, share{low: &low})
		}
		last := &out[len(out)-1]
		high := x
		last.high = &high
		last.all, last.some = last.all+one.all, last.some+one.some
		seen += one.all
	}
	return append(out, none...)
}
