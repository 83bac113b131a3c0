// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"dangol/internal/intake/recognise"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

// ShownBatch is a batch as the API shows it.
type ShownBatch struct {
	ID            int64             `json:"id"`
	SourceID      int64             `json:"source_id"`
	Source        string            `json:"source"`
	SourceLabel   string            `json:"source_label"`
	Kind          recognise.Kind    `json:"kind"`
	State         State             `json:"state"`
	FileID        int64             `json:"file_id,omitempty" doc:"0 when the file was deleted"`
	FileName      string            `json:"file_name"`
	Mapping       recognise.Mapping `json:"mapping"`
	Options       Options           `json:"options"`
	Total         int64             `json:"total"`
	Done          int64             `json:"done"`
	Counts        Counts            `json:"counts"`
	FindingCounts map[string]int64  `json:"finding_counts"`
	Preview       *Preview          `json:"preview,omitempty"`
	CreatedAt     time.Time         `json:"created_at"`
	StartedAt     *time.Time        `json:"started_at,omitempty"`
	FinishedAt    *time.Time        `json:"finished_at,omitempty"`
	UndoneAt      *time.Time        `json:"undone_at,omitempty"`
	Seconds       float64           `json:"seconds"`
	PersonID      int64             `json:"person_id"`
	Person        string            `json:"person"`
	JobID         int64             `json:"job_id,omitempty"`
	Error         string            `json:"error,omitempty"`
	EntryID       int64             `json:"journal_entry_id,omitempty"`
}

// Shown returns the batch as the API shows it.
func (s *Service) Shown(ctx context.Context, b *Batch) ShownBatch {
	shown := ShownBatch{
		ID: b.ID, SourceID: b.SourceID, Source: b.Source, SourceLabel: b.SourceLabel, Kind: b.Kind, State: b.State, FileID: b.FileID,
		FileName: b.FileName, Mapping: b.Mapping, Options: b.Options, Total: b.Total, Done: b.Counts.Rows, Counts: b.Counts,
		FindingCounts: b.FindingCounts, Preview: b.Preview, CreatedAt: b.CreatedAt, StartedAt: b.StartedAt, FinishedAt: b.FinishedAt,
		UndoneAt: b.UndoneAt, Seconds: b.Seconds(s.db.Now(ctx)), PersonID: b.PersonID, Person: b.Person, JobID: b.JobID,
		Error: b.Error, EntryID: b.EntryID,
	}
	shown.Options.Password = ""
	if shown.FindingCounts == nil {
		shown.FindingCounts = map[string]int64{}
	}
	return shown
}

type batchOutput struct{ Body ShownBatch }

type createBody struct {
	FileID  int64              `json:"file_id" minimum:"1"`
	Source  string             `json:"source" minLength:"1" maxLength:"200"`
	Kind    recognise.Kind     `json:"kind,omitempty"`
	Mapping *recognise.Mapping `json:"mapping,omitempty"`
	Options Options            `json:"options,omitempty"`
	DryRun  bool               `json:"dry_run,omitempty" doc:"Only tell what would become of the rows; run the batch afterwards by its id."`
}

type createInput struct{ Body createBody }

type batchesInput struct {
	web.Paging
	SourceID int64 `query:"source_id"`
}

func (s *Service) batchRoutes(api web.API) {
	const path = "/api/batches"
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "create-batch", Permission: "customer:import", Cost: web.List, MaxBodyBytes: 4 << 20,
		Summary: "Import a file, or try to", Tags: tags,
	}, s.handleCreate)
	web.Register(api, web.Operation{
		Method: "GET", Path: path, ID: "list-batches", Permission: "customer:import", Cost: web.List, Summary: "Imports, newest first", Tags: tags,
	}, s.handleList)
	web.Register(api, web.Operation{
		Method: "GET", Path: path + "/{id}", ID: "find-batch", Permission: "customer:import", Summary: "One import", Tags: tags,
	}, s.answer(s.Find))
	steps := []struct {
		name, summary string
		do            func(context.Context, int64) (*Batch, error)
	}{
		{"run", "Run an import that was tried, or go on with one that stopped", s.Start},
		{"cancel", "Stop a running import", s.Cancel},
		{"undo", "Take an import back whole", s.StartUndo},
	}
	for _, step := range steps {
		web.Register(api, web.Operation{
			Method: "POST", Path: path + "/{id}/" + step.name, ID: step.name + "-batch", Permission: "customer:import", Summary: step.summary, Tags: tags,
		}, s.answer(step.do))
	}
}

func (s *Service) answer(do func(context.Context, int64) (*Batch, error)) func(context.Context, *web.ByID) (*batchOutput, error) {
	return func(ctx context.Context, in *web.ByID) (*batchOutput, error) {
		b, err := do(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &batchOutput{s.Shown(ctx, b)}, nil
	}
}

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*batchOutput, error) {
	b, err := s.Create(ctx, Request{
		FileID: in.Body.FileID, Source: in.Body.Source, Kind: in.Body.Kind, Mapping: in.Body.Mapping, Options: in.Body.Options,
	})
	if err != nil {
		return nil, err
	}
	start := s.Start
	if in.Body.DryRun {
		start = s.StartTry
	}
	if b, err = start(ctx, b.ID); err != nil {
		return nil, err
	}
	return &batchOutput{s.Shown(ctx, b)}, nil
}

func (s *Service) handleList(ctx context.Context, in *batchesInput) (*web.Page[ShownBatch], error) {
	before, err := idCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.List(ctx, in.SourceID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	shown := make([]ShownBatch, len(list))
	next := ""
	for i, b := range list {
		shown[i] = s.Shown(ctx, b)
		shown[i].Preview = nil // the list would become long
		if i == in.Limit-1 {
			next = strconv.FormatInt(b.ID, 10)
		}
	}
	return web.NewPage(shown, next, nil), nil
}

func idCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || id < 0 {
		return 0, fault.New(fault.Invalid, "intake.bad_cursor", "The cursor is not one that a page gave; start at the top.")
	}
	return id, nil
}

type rowsInput struct {
	web.ByID
	web.Paging
	Outcome string `query:"outcome" enum:"created,updated,linked,unchanged,rejected"`
}

type rejectsInput struct {
	web.ByID
	web.Paging
}

func (s *Service) rejectRoutes(api web.API) {
	const path = "/api/batches/{id}"
	web.Register(api, web.Operation{
		Method: "GET", Path: path + "/rejects", ID: "list-rejects", Permission: "customer:import", Cost: web.List,
		Summary: "Rows that were not taken, with the reason", Tags: tags,
	}, func(ctx context.Context, in *rejectsInput) (*web.Page[Reject], error) {
		after, err := idCursor(in.Cursor)
		if err != nil {
			return nil, err
		}
		list, err := s.ListRejects(ctx, in.ID, after, in.Limit)
		next := ""
		if len(list) >= in.Limit && in.Limit > 0 {
			next = strconv.FormatInt(list[len(list)-1].Row, 10)
		}
		return web.NewPage(list, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: path + "/rejects.csv", ID: "download-rejects", Permission: "customer:import", Cost: web.Batch,
		Summary: "The rejected rows as a file that can be mended and imported again", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Download, error) {
		if _, err := s.Find(ctx, in.ID); err != nil {
			return nil, err
		}
		return web.NewDownload(fmt.Sprintf("rejects-%d.csv", in.ID), "text/csv; charset=utf-8", func(ctx context.Context, w io.Writer) error {
			return s.WriteRejects(ctx, in.ID, w)
		}), nil
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: path + "/rows", ID: "list-batch-rows", Permission: "customer:import", Cost: web.List,
		Summary: "Rows by what became, or would become, of them", Tags: tags,
	}, func(ctx context.Context, in *rowsInput) (*web.Page[PreviewRow], error) {
		after, err := idCursor(in.Cursor)
		if err != nil {
			return nil, err
		}
		rows, next, err := s.ListRows(ctx, in.ID, in.Outcome, after, in.Limit)
		return web.NewPage(rows, next, nil), err
	})
}
