// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
)

const (
	// sampleRows is how many rows a dry run works on; more are spread over the file and projected.
	sampleRows = 40_000
	// previewRows bounds the rows of each outcome that a dry run shows.
	previewRows = 50
	// previewRejects bounds the rejects that a dry run shows.
	previewRejects = 500
)

// Try makes a dry run of the batch: it reads the file, normalises and compares, and writes nothing but
// its finding.
func (s *Service) Try(ctx context.Context, id int64, progress func(ctx context.Context, done, total int64)) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if b.State != Prepared && b.State != Tried && b.State != Trying {
		return nil, errState(b, "not started yet")
	}
	started := time.Now()
	preview, err := s.preview(ctx, b, progress)
	if err != nil {
		return nil, err
	}
	preview.Seconds = time.Since(started).Seconds()
	b.Preview, b.State, b.Total = preview, Tried, preview.Counts.Rows
	return b, s.db.Within(ctx, func(ctx context.Context) error { return s.store.saveState(ctx, b) })
}

func (s *Service) preview(ctx context.Context, b *Batch, progress func(ctx context.Context, done, total int64)) (*Preview, error) {
	file, closer, err := s.open(ctx, b)
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = file.Close(), closer.Close() }()
	plan := s.looseplan(ctx, b)
	if err := s.knownSchemes(ctx, b, plan); err != nil {
		return nil, err
	}
	every := int(b.Shape.RowsAbout/sampleRows) + 1
	t := trial{s: s, plan: plan, batch: b, preview: &Preview{IsSampled: every > 1}}
	p := &pipeline{plan: plan, file: file, keep: func(n int) bool { return n%every == 0 }}
	err = p.run(ctx, func(c *chunk) error {
		t.rows += c.result.rows
		if !c.skip {
			t.sampled += c.result.rows
		}
		t.take(&c.result, c.skip)
		if progress != nil {
			progress(ctx, t.rows, max(t.rows, b.Shape.RowsAbout))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if t.rows == 0 {
		return nil, errEmpty()
	}
	return t.finish(ctx)
}

// knownSchemes gives key columns the ids of schemes that exist, so that keys known already are found.
func (s *Service) knownSchemes(ctx context.Context, b *Batch, p *plan) error {
	schemes, err := s.store.schemes(ctx)
	if err != nil {
		return err
	}
	for at := range p.cells {
		if p.cells[at].scheme == 0 {
			continue
		}
		if id, ok := schemes[b.Mapping.Columns[at].Scheme]; ok {
			p.cells[at].scheme = id
		}
	}
	return nil
}

// trial gathers what a dry run finds.
type trial struct {
	s             *Service
	plan          *plan
	batch         *Batch
	preview       *Preview
	rows, sampled int64
	gathered      chunkResult
	unreadable    int64 // rows that could not be read, of the whole file
}

func (t *trial) take(c *chunkResult, isSkipped bool) {
	if isSkipped {
		t.unreadable += int64(len(c.rejects))
	}
	g := &t.gathered
	g.records = append(g.records, c.records...)
	g.facts = append(g.facts, c.facts...)
	g.findings += c.findings
	g.codes = merged(g.codes, c.codes)
	if !isSkipped || len(g.rejects) < previewRejects {
		g.rejects = append(g.rejects, c.rejects...)
	}
}

func (t *trial) finish(ctx context.Context) (*Preview, error) {
	g, p := &t.gathered, t.preview
	counts := Counts{Rejected: int64(len(g.rejects)), Findings: g.findings}
	if t.batch.Kind == recognise.Customers && len(g.records) > 0 {
		result, err := t.s.customers.Judge(ctx, &customer.Slice{SourceID: t.batch.SourceID, SchemeID: t.plan.primaryScheme(), Records: g.records})
		if err != nil {
			return nil, err
		}
		t.count(ctx, &counts, result.Outcomes)
		counts.Findings += int64(result.Findings)
		for code, n := range result.Codes {
			g.codes = merged(g.codes, map[string]int64{code: int64(n)})
		}
	} else {
		counts.Created = int64(len(g.facts))
		for i := range g.facts[:min(len(g.facts), previewRows)] {
			p.Rows = append(p.Rows, factSample(&g.facts[i]))
		}
	}
	p.SampleRows, p.FindingCounts = t.sampled, g.codes
	p.Rejects = g.rejects[:min(len(g.rejects), previewRejects)]
	p.Counts = t.project(counts)
	return p, nil
}

// count adds up the outcomes and keeps some rows of each.
func (t *trial) count(ctx context.Context, counts *Counts, outcomes []customer.Outcome) {
	names := map[customer.Outcome]string{customer.Created: "created", customer.Updated: "updated", customer.Linked: "linked", customer.Unchanged: "unchanged"}
	shown := map[customer.Outcome]int{}
	for i, outcome := range outcomes {
		switch outcome {
		case customer.Created:
			counts.Created++
		case customer.Updated:
			counts.Updated++
		case customer.Linked:
			counts.Linked++
		case customer.Unchanged:
			counts.Unchanged++
		}
		if shown[outcome] < previewRows {
			shown[outcome]++
			t.preview.Rows = append(t.preview.Rows, recordSample(ctx, t.gathered.records[i], names[outcome]))
		}
	}
}

// project scales the counts of the sample to the whole file.
func (t *trial) project(c Counts) Counts {
	c.Rows = t.rows
	if !t.preview.IsSampled || t.sampled == 0 {
		return c
	}
	scale := func(n int64) int64 { return (n*t.rows + t.sampled/2) / t.sampled }
	c.Created, c.Updated, c.Linked, c.Findings = scale(c.Created), scale(c.Updated), scale(c.Linked), scale(c.Findings)
	c.Rejected = scale(c.Rejected)
	c.Unchanged = max(0, c.Rows-c.Created-c.Updated-c.Linked-c.Rejected)
	if t.batch.Kind != recognise.Customers {
		c.Created, c.Unchanged = c.Rows-c.Rejected, 0
	}
	return c
}

// sampleRows shows what became of one row while a person maps.
func (s *Service) sampleRows(ctx context.Context, _ *plan, out *chunkResult) []PreviewRow {
	var rows []PreviewRow
	for _, r := range out.records {
		rows = append(rows, recordSample(ctx, r, "created"))
	}
	for i := range out.facts {
		rows = append(rows, factSample(&out.facts[i]))
	}
	for _, r := range out.rejects {
		rows = append(rows, rejectedRow(r))
	}
	return rows
}

func rejectedRow(r Reject) PreviewRow {
	return PreviewRow{Row: r.Row, Outcome: "rejected", Values: map[string]string{}, Findings: []RowFinding{{
		Column: r.Column, Value: r.Value, Rule: r.Rule, Code: r.Code, Severity: "error", Message: r.Message, Remedy: r.Remedy,
	}}}
}

func recordSample(ctx context.Context, r *customer.Record, outcome string) PreviewRow {
	row := PreviewRow{Row: r.RowNumber, Outcome: outcome, Values: map[string]string{}}
	isClear := auth.CanSeeClear(ctx)
	for f := range customer.Field(customer.FieldCount) {
		value := r.Values.Text[f]
		if value == "" {
			continue
		}
		if !isClear {
			value = dataquality.Mask(f.String(), value)
		}
		row.Values[f.String()] = value
	}
	for _, name := range slices.Sorted(maps.Keys(r.Values.Attributes)) {
		raw, err := json.Marshal(r.Values.Attributes[name])
		if err == nil {
			row.Values["attr."+name] = string(raw)
		}
	}
	if r.SourceKey != "" {
		row.Values["key"] = r.SourceKey
	}
	var findings []dataquality.Finding
	if len(r.Findings) > 0 && json.Unmarshal(r.Findings, &findings) == nil {
		for _, f := range findings {
			row.Findings = append(row.Findings, RowFinding{
				Column: f.Field, Value: f.Value, Rule: f.Rule, Code: f.Code, Severity: string(f.Severity), Message: f.Message, Remedy: f.Remedy,
			})
		}
	}
	return row
}

func factSample(row *factRow) PreviewRow {
	values := maps.Clone(row.fact.Values)
	if row.fact.Customer != "" {
		values["key"] = row.fact.Customer
	}
	return PreviewRow{Row: row.fact.Row, Outcome: "created", Values: values}
}

// attributeOf returns the custom attribute that a column fills, or one as it would be made.
func attributeOf(known []customer.Attribute, proposed *recognise.Attribute) *customer.Attribute {
	for i := range known {
		if known[i].Name == proposed.Slug {
			return &known[i]
		}
	}
	return &customer.Attribute{Name: proposed.Slug, LabelKo: proposed.Label, LabelEn: proposed.Label, Type: proposed.Type, IsPersonal: proposed.Type == recognise.TypeText}
}
