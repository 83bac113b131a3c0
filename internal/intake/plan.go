// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"io"
	"strings"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

// planOf makes the mapping of a batch ready: schemes and custom attributes that it names are made when
// they do not exist yet.
func (s *Service) planOf(ctx context.Context, b *Batch) (*plan, error) {
	attributes, err := s.attributesOf(ctx, &b.Mapping)
	if err != nil {
		return nil, err
	}
	p, err := buildPlan(b, s.rules(ctx), func(_ int, column recognise.Column) (int64, error) {
		scheme, err := s.customers.EnsureScheme(ctx, column.Scheme, column.Header)
		return scheme.ID, err
	}, func(wanted *recognise.Attribute) *customer.Attribute {
		a := attributes[wanted.Slug]
		return &a
	})
	if err != nil {
		return nil, err
	}
	for _, a := range attributes {
		if a.IsSearchable && a.ArchivedAt == nil {
			p.searchable = append(p.searchable, a.Name)
		}
	}
	return p, nil
}

// buildPlan is the one reading of a mapping, for dry runs and real ones alike: they differ only in where
// key schemes and custom attributes come from.
func buildPlan(b *Batch, rules dataquality.Rules, scheme func(at int, column recognise.Column) (int64, error), attribute func(*recognise.Attribute) *customer.Attribute) (*plan, error) {
	p := &plan{kind: b.Kind, headers: b.Shape.Headers(), primary: -1, rules: rules}
	isCards := b.Shape.Format == reader.VCard
	for at, column := range b.Mapping.Columns {
		// Address books give a UID to some cards only. A card without one is found again by its content.
		c := cellPlan{
			index: column.Index, header: column.Header, format: column.Format, isScanned: !column.NotScanned,
			isSparse: column.IsSparse && !isCards, isOptional: isCards,
		}
		switch {
		case column.Field == recognise.FieldKey:
			var err error
			if c.scheme, err = scheme(at, column); err != nil {
				return nil, err
			}
		case column.Field == recognise.FieldAttribute && column.Attribute != nil:
			c.attribute = attribute(column.Attribute)
			p.isPerson = true
		case column.Field == recognise.FieldExtra:
			c.isExtra = true
		case dataquality.FieldOf(column.Field) != dataquality.NoField:
			c.field = dataquality.FieldOf(column.Field)
			p.isPerson = true
		case column.Field != recognise.FieldIgnore:
			c.fact = column.Field
		}
		p.cells = append(p.cells, c)
	}
	p.orderKeys(&b.Mapping)
	return p, nil
}

// orderKeys puts the strongest key first.
func (p *plan) orderKeys(m *recognise.Mapping) {
	add := func(index int) {
		for at := range p.cells {
			if p.cells[at].index == index && p.cells[at].scheme != 0 {
				p.keyed = append(p.keyed, at)
			}
		}
	}
	for _, index := range m.KeyColumns {
		add(index)
	}
	for at := range p.cells {
		known := false
		for _, k := range p.keyed {
			known = known || k == at
		}
		if p.cells[at].scheme != 0 && !known {
			p.keyed = append(p.keyed, at)
		}
	}
	for _, at := range p.keyed {
		if !p.cells[at].isSparse {
			p.primary = at
			return
		}
	}
}

// primaryScheme is the scheme of the column that tells the rows of the source apart, 0 for none.
func (p *plan) primaryScheme() int64 {
	if p.primary < 0 {
		return 0
	}
	return p.cells[p.primary].scheme
}

// headerOf returns the header of the column that fills the field of a fact.
func (p *plan) headerOf(field string) string {
	for _, c := range p.cells {
		if c.fact == field {
			return c.header
		}
	}
	return field
}

func (s *Service) rules(ctx context.Context) dataquality.Rules {
	today := s.db.Now(ctx).In(s.config.Zone)
	return dataquality.Rules{
		Zone: s.config.Zone, Currency: s.config.Currency,
		Today: dataquality.Date{Year: today.Year(), Month: int(today.Month()), Day: today.Day()},
	}
}

// attributesOf returns all custom attributes by name, those made that the mapping asks for.
func (s *Service) attributesOf(ctx context.Context, m *recognise.Mapping) (map[string]customer.Attribute, error) {
	known := map[string]customer.Attribute{}
	list, err := s.customers.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		known[a.Name] = a
	}
	for _, column := range m.Columns {
		if column.Field != recognise.FieldAttribute || column.Attribute == nil {
			continue
		}
		if _, ok := known[column.Attribute.Slug]; ok {
			continue
		}
		if err := auth.Check(ctx, "attribute:create"); err != nil {
			return nil, fault.New(fault.Forbidden, "intake.no_attribute",
				"The column {column} needs the new attribute {name}, and you may not make one. Map it to another field, or ask an administrator.",
				"column", column.Header, "name", column.Attribute.Slug)
		}
		a, err := s.customers.CreateAttribute(ctx, customer.Attribute{
			Name: column.Attribute.Slug, LabelKo: column.Attribute.Label, LabelEn: column.Attribute.Label, Type: column.Attribute.Type,
			IsPersonal: column.Attribute.Type == recognise.TypeText, // free text may name somebody; an administrator can open it
		})
		if err != nil {
			return nil, err
		}
		known[a.Name] = a
	}
	return known, nil
}

// open opens the file of a batch as it was looked at.
func (s *Service) open(ctx context.Context, b *Batch) (*reader.File, io.Closer, error) {
	content, size, err := s.content(ctx, b.FileID)
	if err != nil {
		return nil, nil, err
	}
	options := b.Options.reading()
	options.Format, options.Encoding, options.Sheet = b.Shape.Format, b.Shape.Encoding, b.Shape.Sheet
	if b.Shape.Delimiter != "" {
		options.Delimiter = b.Shape.Delimiter[0]
	}
	options.HeaderRow = b.Shape.HeaderRow
	if options.HeaderRow == 0 {
		options.HeaderRow = reader.NoHeader
	}
	file, err := reader.OpenAt(content, size, b.FileName, options)
	if err != nil {
		_ = content.Close()
		return nil, nil, err
	}
	return file, content, nil
}

func (s *Service) content(ctx context.Context, id int64) (files.Content, int64, error) {
	if id == 0 {
		return nil, 0, fault.New(fault.Conflict, "intake.file_gone", "The file was deleted after its import; upload it again.")
	}
	info, err := s.files.Find(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	content, err := s.files.Open(ctx, id)
	return content, info.Size, err
}

func redactText(text string) (string, int) {
	return dataquality.Redact(strings.ToValidUTF8(text, "\ufffd"))
}
