// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"path/filepath"
	"time"

	"dangol/internal/demo"
	"dangol/internal/intake"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/fault"
)

// importOrder is one file to load.
type importOrder struct {
	path     string
	source   string
	kind     recognise.Kind
	mapping  *recognise.Mapping
	options  intake.Options
	isDryRun bool
}

// ImportSummary is what "dangol import" prints; scripts rely on its names.
type ImportSummary struct {
	Batch     int64   `json:"batch"`
	Rows      int64   `json:"rows"`
	Created   int64   `json:"created"`
	Updated   int64   `json:"updated"`
	Linked    int64   `json:"linked"`
	Unchanged int64   `json:"unchanged"`
	Rejected  int64   `json:"rejected"`
	Findings  int64   `json:"findings"`
	Seconds   float64 `json:"seconds"`
	State     string  `json:"state"`
	IsDryRun  bool    `json:"dry_run"`
	// IsSampled says that the dry run tried a part of the rows and projects from it.
	IsSampled bool              `json:"sampled,omitempty"`
	Kind      string            `json:"kind"`
	Columns   map[string]string `json:"columns,omitempty"` // header → field, for a dry run
	Rejects   []intake.Reject   `json:"rejects,omitempty"` // the first ones
	// FindingCodes counts the findings by what they are.
	FindingCodes map[string]int64 `json:"finding_codes,omitempty"`
	// Notices are what to know of the file and its columns, such as dates in mixed order.
	Notices []Notice `json:"notices,omitempty"`
}

// Notice is something to know before or after an import.
type Notice struct {
	Code     string `json:"code"`
	Column   string `json:"column,omitempty"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// shownRejects is how many rejected rows a summary names.
const shownRejects = 10

// importFile sends the file, makes a batch of it and waits until it is done.
func (c *client) importFile(ctx context.Context, order importOrder, b *bar) (ImportSummary, error) {
	start := time.Now()
	uploaded, err := c.upload(ctx, order.path, b)
	if err != nil {
		return ImportSummary{}, err
	}
	request := map[string]any{"file_id": uploaded.ID, "source": order.source, "options": order.options, "dry_run": order.isDryRun}
	if order.kind != "" {
		request["kind"] = order.kind
	}
	if order.mapping != nil {
		request["mapping"] = order.mapping
	}
	var batch intake.ShownBatch
	if err := c.call(ctx, "POST", "/api/batches", request, &batch); err != nil {
		return ImportSummary{}, err
	}
	if batch, err = c.waitForBatch(ctx, batch.ID, b); err != nil {
		return ImportSummary{}, err
	}
	summary := summaryOf(batch, order.isDryRun)
	if order.isDryRun {
		if err := c.call(ctx, "DELETE", fmt.Sprintf("/api/files/%d", uploaded.ID), nil, nil); err != nil {
			return summary, err
		}
	} else {
		if summary.Rejects, err = c.firstRejects(ctx, batch.ID); err != nil {
			return summary, err
		}
		if err := c.settle(ctx); err != nil {
			return summary, fmt.Errorf("the import is done, but analysis could not take it in: %w", err)
		}
	}
	summary.Seconds = time.Since(start).Seconds()
	if batch.State == intake.Failed {
		return summary, fmt.Errorf("import %d stopped: %s", batch.ID, batch.Error)
	}
	return summary, nil
}

// upload streams the file; nothing of it is held in memory.
func (c *client) upload(ctx context.Context, path string, b *bar) (intake.FileView, error) {
	var view intake.FileView
	file, err := os.Open(path)
	if err != nil {
		return view, fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", path)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return view, err
	}
	if info.IsDir() {
		return view, fault.New(fault.Invalid, "app.is_directory", "{path} is a directory; name a file.", "path", path)
	}
	read, write := io.Pipe()
	form := multipart.NewWriter(write)
	go func() {
		part, err := form.CreateFormFile("file", filepath.Base(path))
		if err == nil {
			_, err = io.Copy(part, b.reader(file, info.Size()))
		}
		if err == nil {
			err = form.Close()
		}
		write.CloseWithError(err) // nil ends the body
	}()
	response, err := c.send(ctx, "POST", "/api/files", form.FormDataContentType(), read)
	if err != nil {
		return view, errors.Join(err, read.CloseWithError(err))
	}
	return view, decode(response, &view)
}

// waitForBatch polls until the batch has ended. When the command is told to
// stop, the batch is stopped too: what it wrote stays, and it can go on later.
func (c *client) waitForBatch(ctx context.Context, id int64, b *bar) (intake.ShownBatch, error) {
	var batch intake.ShownBatch
	path := fmt.Sprintf("/api/batches/%d", id)
	pause := 20 * time.Millisecond
	for {
		if err := c.call(ctx, "GET", path, nil, &batch); err != nil {
			if ctx.Err() != nil {
				return c.stopBatch(path, id)
			}
			return batch, err
		}
		b.set(batch.Done, batch.Total, string(batch.State))
		if batch.State != intake.Running && batch.State != intake.Trying {
			return batch, nil
		}
		select {
		case <-ctx.Done():
			return c.stopBatch(path, id)
		case <-time.After(pause):
			pause = min(pause*2, 200*time.Millisecond)
		}
	}
}

func (c *client) stopBatch(path string, id int64) (intake.ShownBatch, error) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var batch intake.ShownBatch
	err := c.call(ctx, "POST", path+"/cancel", nil, &batch)
	return batch, errors.Join(fmt.Errorf("import %d was stopped after %d rows; it can go on or be undone under Imports", id, batch.Done), err)
}

func (c *client) firstRejects(ctx context.Context, id int64) ([]intake.Reject, error) {
	var page struct {
		Items []intake.Reject `json:"items"`
	}
	err := c.call(ctx, "GET", fmt.Sprintf("/api/batches/%d/rejects?limit=%d", id, shownRejects), nil, &page)
	return page.Items, err
}

func summaryOf(batch intake.ShownBatch, isDryRun bool) ImportSummary {
	counts, summary := batch.Counts, ImportSummary{Batch: batch.ID, State: string(batch.State), IsDryRun: isDryRun, Kind: string(batch.Kind)}
	if isDryRun {
		summary.Columns = map[string]string{}
		for _, column := range batch.Mapping.Columns {
			summary.Columns[column.Header] = column.Field
			if column.Scheme != "" {
				summary.Columns[column.Header] += ":" + column.Scheme
			}
		}
		if batch.Preview != nil {
			counts, summary.IsSampled = batch.Preview.Counts, batch.Preview.IsSampled
			summary.Rejects = batch.Preview.Rejects[:min(len(batch.Preview.Rejects), shownRejects)]
		}
	}
	for _, n := range batch.Mapping.Notices {
		summary.Notices = append(summary.Notices, Notice(n))
	}
	if summary.FindingCodes = batch.FindingCounts; isDryRun && batch.Preview != nil {
		summary.FindingCodes = batch.Preview.FindingCounts
	}
	summary.Rows, summary.Created, summary.Updated, summary.Linked = counts.Rows, counts.Created, counts.Updated, counts.Linked
	summary.Unchanged, summary.Rejected, summary.Findings = counts.Unchanged, counts.Rejected, counts.Findings
	return summary
}

// loadCompany loads the exports of the demo company in their order.
func (c *client) loadCompany(s *session, company demo.Company) error {
	for _, file := range company.Files {
		source := map[string]any{"name": file.Source, "label": file.SourceLabel.Ko, "department": file.Department.Ko, "trust": file.Trust}
		if err := c.call(s.ctx, "POST", "/api/sources", source, nil); err != nil && !fault.Is(err, fault.Conflict) {
			return fmt.Errorf("make the source %s: %w", file.Source, err)
		}
		order := importOrder{path: file.Path, source: file.Source, kind: recognise.Kind(file.Kind)}
		if file.Kind == "campaign_targets" {
			order.kind = recognise.Campaigns
		}
		for _, key := range file.Keys {
			if file.Kind == "products" || file.Kind == "campaigns" {
				continue // these keys mean things, not customers
			}
			order.options.Keys = append(order.options.Keys, key)
			order.mapping = withKey(order.mapping, key, key)
		}
		bar := s.progress(file.Name)
		summary, err := c.importFile(s.ctx, order, bar)
		bar.finish()
		if err != nil {
			return fmt.Errorf("load %s: %w", file.Name, err)
		}
		s.say("  %-22s %8d rows: %7d new, %7d linked, %6d updated, %5d rejected, %6.1f s", file.Name, summary.Rows, summary.Created, summary.Linked, summary.Updated, summary.Rejected, summary.Seconds)
	}
	return nil
}

// withKey adds a column that holds keys of the scheme.
func withKey(mapping *recognise.Mapping, column, scheme string) *recognise.Mapping {
	if mapping == nil {
		mapping = &recognise.Mapping{KeyColumns: []int{}}
	}
	mapping.Columns = append(mapping.Columns, recognise.Column{Header: column, Field: recognise.FieldKey, Scheme: scheme})
	return mapping
}
