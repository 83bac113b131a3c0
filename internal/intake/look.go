// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// reasonPrefix marks the columns that a file of rejects has on top of the original ones; they are left
// out when the mended file comes back.
const reasonPrefix = "dangol_"

// Looked is what a file holds and how it would be imported.
type Looked struct {
	Shape   reader.Shape
	Mapping recognise.Mapping
	Name    string
	// IsRemembered says that this mapping was used for the source before.
	IsRemembered bool
	RememberedAt *time.Time
	Raw          [][]string   // the first rows as they stand in the file, header first
	Rows         []PreviewRow // the same rows, normalised
}

// Look opens a file and proposes how to import it.
func (s *Service) Look(ctx context.Context, request Request) (*Looked, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	if err := s.named(ctx, &request); err != nil {
		return nil, err
	}
	content, size, err := s.content(ctx, request.FileID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }()
	file, err := reader.OpenAt(content, size, request.FileName, request.Options.reading())
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	look := &Looked{Shape: *file.Shape(), Name: request.FileName}
	if err := s.settle(ctx, request, look); err != nil {
		return nil, err
	}
	return look, nil
}

// settle finds the mapping: what a person says now, over what a person said before, over what was
// recognised.
func (s *Service) settle(ctx context.Context, request Request, look *Looked) error {
	headers := look.Shape.Headers()
	proposed := recognise.Propose(recognise.Input{
		Source: request.Source, FileName: request.FileName, Kind: request.Kind, Headers: headers, Rows: look.Shape.Sample,
		Keys: request.Options.Keys, Currency: s.config.Currency,
	})
	look.Mapping = proposed
	remembered, at, err := s.recall(ctx, request, &proposed)
	if err != nil {
		return err
	}
	if remembered != nil {
		if applied, err := proposed.Apply(*remembered); err == nil { // else the file has changed too much
			look.Mapping, look.IsRemembered, look.RememberedAt = applied, true, &at
		}
	}
	if request.Mapping != nil {
		if look.Mapping, err = look.Mapping.Apply(*request.Mapping); err != nil {
			return err
		}
	}
	for i := range look.Mapping.Columns {
		if strings.HasPrefix(look.Mapping.Columns[i].Header, reasonPrefix) {
			look.Mapping.Columns[i].Field, look.Mapping.Columns[i].Attribute = recognise.FieldIgnore, nil
		}
	}
	look.Mapping.HeaderSignature = signature(headers)
	return s.nameAttributes(ctx, &look.Mapping)
}

// nameAttributes finds the custom attributes that columns mean: one of the same name or label that exists,
// else a new one whose name no other column has.
func (s *Service) nameAttributes(ctx context.Context, m *recognise.Mapping) error {
	known, err := s.customers.ListAttributes(ctx)
	if err != nil {
		return err
	}
	byLabel, taken := map[string]string{}, map[string]bool{}
	for _, a := range known {
		byLabel[a.LabelKo], byLabel[a.LabelEn], byLabel[a.Name] = a.Name, a.Name, a.Name
	}
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Field != recognise.FieldAttribute || c.Attribute == nil {
			continue
		}
		a := *c.Attribute // the proposal may share it
		if a.Label == "" {
			a.Label = c.Header
		}
		name := customer.AttributeName(a.Slug)
		for _, candidate := range []string{a.Slug, a.Label} {
			if existing, ok := byLabel[candidate]; ok && !taken[existing] {
				name = existing
			}
		}
		for n := 2; taken[name]; n++ {
			name = customer.AttributeName(fmt.Sprintf("%.40s_%d", customer.AttributeName(a.Slug), n))
		}
		taken[name] = true
		a.Slug, c.Attribute = name, &a
	}
	return nil
}

// recall finds the mapping that a person has used for files of this source with this header. A source
// that does not exist yet has none.
func (s *Service) recall(ctx context.Context, request Request, proposed *recognise.Mapping) (*recognise.Mapping, time.Time, error) {
	if len(request.Options.Keys) > 0 || request.Source == "" { // keys named now stand above what was remembered
		return nil, time.Time{}, nil
	}
	source, err := s.store.findSource(ctx, request.Source)
	if err != nil || source == 0 {
		return nil, time.Time{}, err
	}
	return s.store.recall(ctx, source, request.Kind, signature(headersOf(proposed)))
}

func headersOf(m *recognise.Mapping) []string {
	headers := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		headers[i] = c.Header
	}
	return headers
}

// signature tells files with the same columns; reasons of rejects do not count.
func signature(headers []string) string {
	var kept []string
	for _, h := range headers {
		if !strings.HasPrefix(h, reasonPrefix) {
			kept = append(kept, dataquality.SearchKey(h))
		}
	}
	return strings.Join(kept, "\x1f")
}

// lookRows is how many of the first rows a person sees while mapping.
const lookRows = 30

// Sample shows the first rows of a file as they would be taken in with the mapping.
func (s *Service) Sample(ctx context.Context, request Request) (*Looked, error) {
	look, err := s.Look(ctx, request)
	if err != nil {
		return nil, err
	}
	b := &Batch{Kind: look.Mapping.Kind, FileID: request.FileID, FileName: request.FileName, Shape: look.Shape, Mapping: look.Mapping, Options: request.Options}
	file, closer, err := s.open(ctx, b)
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = file.Close(), closer.Close() }()
	p := s.looseplan(ctx, b)
	w := newWorker(p)
	look.Raw = append(look.Raw, p.headers)
	for range lookRows {
		cells, number, err := file.Next()
		var bad *reader.RowError
		switch {
		case errors.Is(err, io.EOF):
			return look, nil
		case errors.As(err, &bad):
			look.Rows = append(look.Rows, rejectedRow(unreadable(bad, p.headers)))
			continue
		case err != nil:
			return nil, err
		}
		look.Raw = append(look.Raw, slices.Clone(w.redact(cells)))
		var out chunkResult
		w.take(cells, int64(number), &out)
		look.Rows = append(look.Rows, s.sampleRows(ctx, p, &out)...)
	}
	return look, nil
}

// looseplan is planOf without making anything: schemes and attributes that do not exist yet get numbers
// that nobody has.
func (s *Service) looseplan(ctx context.Context, b *Batch) *plan {
	known, err := s.customers.ListAttributes(ctx)
	if err != nil {
		known = nil
	}
	return s.planWith(b, known, s.rules(ctx))
}

func (s *Service) planWith(b *Batch, known []customer.Attribute, rules dataquality.Rules) *plan {
	unknown := func(at int, _ recognise.Column) (int64, error) { return -int64(at) - 1, nil }
	p, _ := buildPlan(b, rules, unknown, func(wanted *recognise.Attribute) *customer.Attribute { return attributeOf(known, wanted) })
	return p
}

// errEmpty is what a file without rows means.
func errEmpty() error {
	return fault.New(fault.Invalid, "intake.empty_file", "The file holds no rows below its header. Check the header row, or choose another file.")
}
