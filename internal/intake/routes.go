// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"maps"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

var tags = []string{"intake"}

// Routes registers the routes of sources, files and batches.
func (s *Service) Routes(api web.API) {
	s.sourceRoutes(api)
	s.fileRoutes(api)
	s.batchRoutes(api)
	s.rejectRoutes(api)
}

// ShownMapping is a mapping remembered for a source.
type ShownMapping struct {
	Signature   string    `json:"signature"`
	Kind        string    `json:"kind"`
	ColumnCount int       `json:"column_count"`
	Headers     []string  `json:"headers"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// ShownSource is a source with what imports have brought from it.
type ShownSource struct {
	customer.Source
	BatchCount  int64          `json:"batch_count"`
	RecordCount int64          `json:"record_count"`
	LastBatchAt *time.Time     `json:"last_batch_at,omitempty"`
	Mappings    []ShownMapping `json:"mappings,omitempty"`
}

type sourceBody struct {
	Name       string `json:"name,omitempty" maxLength:"200"`
	Label      string `json:"label,omitempty" maxLength:"200"`
	Trust      int    `json:"trust" minimum:"0" maximum:"100" default:"50"`
	Department string `json:"department,omitempty" maxLength:"200"`
}

type sourceInput struct{ Body sourceBody }

type sourcePatchInput struct {
	web.ByID
	Body sourceBody
}

type sourceOutput struct{ Body ShownSource }

func (s *Service) sourceRoutes(api web.API) {
	const path = "/api/sources"
	web.Register(api, web.Operation{
		Method: "GET", Path: path, ID: "list-sources", Permission: "customer:read", Summary: "Where records come from", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[ShownSource], error) {
		list, err := s.ListSources(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "create-source", Permission: "customer:import", Summary: "Make a source", Tags: tags,
	}, func(ctx context.Context, in *sourceInput) (*sourceOutput, error) {
		return s.saveSource(ctx, 0, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: path + "/{id}", ID: "update-source", Permission: "customer:import",
		Summary: "Name a source, say how far it is trusted", Tags: tags,
	}, func(ctx context.Context, in *sourcePatchInput) (*sourceOutput, error) {
		return s.saveSource(ctx, in.ID, in.Body)
	})
}

func (s *Service) saveSource(ctx context.Context, id int64, b sourceBody) (*sourceOutput, error) {
	saved, err := s.customers.SaveSource(ctx, customer.Source{ID: id, Name: b.Name, Label: b.Label, Trust: b.Trust, Department: b.Department})
	return &sourceOutput{ShownSource{Source: saved}}, err
}

// ListSources returns the sources with what imports have brought from them.
func (s *Service) ListSources(ctx context.Context) ([]ShownSource, error) {
	sources, err := s.customers.ListSources(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.sourceCounts(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]ShownSource, len(sources))
	for i, source := range sources {
		list[i].Source = source
		if c, ok := counts[source.ID]; ok {
			list[i].BatchCount, list[i].RecordCount, list[i].LastBatchAt = c.batches, c.records, &c.last
		}
		mappings, err := s.store.mappingsOf(ctx, source.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range mappings {
			headers := strings.Split(m.signature, "\x1f")
			list[i].Mappings = append(list[i].Mappings, ShownMapping{m.signature, m.kind, len(headers), headers, m.updatedAt})
		}
	}
	return list, nil
}

type uploadInput struct{ web.Upload }

// FileView is an uploaded file with what the product makes of it.
type FileView struct {
	ID           int64             `json:"id"`
	Name         string            `json:"name"`
	Size         int64             `json:"size"`
	Shape        reader.Shape      `json:"shape"`
	Mapping      recognise.Mapping `json:"mapping"`
	Rows         [][]string        `json:"rows" doc:"the first rows as they stand in the file, header first, resident numbers redacted"`
	Taken        []PreviewRow      `json:"taken" doc:"the same rows as they would be taken in"`
	IsRemembered bool              `json:"is_remembered"`
	RememberedAt *time.Time        `json:"remembered_at,omitempty"`
}

type fileOutput struct{ Body FileView }

type previewBody struct {
	Options
	Source  string             `json:"source,omitempty" maxLength:"200"`
	Kind    recognise.Kind     `json:"kind,omitempty"`
	Mapping *recognise.Mapping `json:"mapping,omitempty"`
}

type previewInput struct {
	web.ByID
	Body previewBody
}

func (s *Service) fileRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/files", ID: "upload-file", Permission: "customer:import", Cost: web.Batch,
		Summary: "Send a file and see what it holds", Tags: tags,
	}, func(ctx context.Context, in *uploadInput) (*fileOutput, error) {
		part, err := in.Next()
		if err != nil {
			return nil, err
		}
		kept, err := s.Upload(ctx, part.Name, part)
		if err != nil {
			return nil, err
		}
		view, err := s.view(ctx, Request{FileID: kept.ID})
		if err != nil && !needsPerson(err) {
			// What cannot be read at all is not kept.
			return nil, s.forget(ctx, kept.ID, err)
		}
		return &fileOutput{view}, naming(err, kept.ID)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/files/{id}/preview", ID: "preview-file", Permission: "customer:import", Cost: web.List,
		Summary: "See a file read and mapped differently", Tags: tags,
	}, func(ctx context.Context, in *previewInput) (*fileOutput, error) {
		view, err := s.view(ctx, Request{
			FileID: in.ID, Source: in.Body.Source, Kind: in.Body.Kind, Mapping: in.Body.Mapping, Options: in.Body.Options,
		})
		return &fileOutput{view}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/files/{id}", ID: "discard-file", Permission: "customer:import", Summary: "Delete an uploaded file", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.Discard(ctx, in.ID)
	})
}

// Discard deletes an uploaded file of one's own before its time: what was only
// tried need not lie about, least of all with resident numbers in it.
func (s *Service) Discard(ctx context.Context, fileID int64) error {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return err
	}
	if err := s.named(ctx, &Request{FileID: fileID}); err != nil {
		return err
	}
	return s.forget(ctx, fileID, nil)
}

// needsPerson reports whether a file could be read if a person said how.
func needsPerson(err error) bool {
	code := fault.CodeOf(err)
	return strings.Contains(code, "password") || strings.Contains(code, "encoding")
}

// naming adds the file to a fault, so that a person can go on with it once they have said how to read it.
func naming(err error, fileID int64) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	named := *f
	named.Fields = map[string]any{"file_id": fileID}
	maps.Copy(named.Fields, f.Fields)
	return &named
}

func (s *Service) forget(ctx context.Context, fileID int64, cause error) error {
	if err := s.store.dropUpload(ctx, fileID); err != nil {
		return err
	}
	if err := s.files.Delete(ctx, fileID); err != nil {
		return err
	}
	return cause
}

func (s *Service) view(ctx context.Context, request Request) (FileView, error) {
	look, err := s.Sample(ctx, request)
	if err != nil {
		return FileView{ID: request.FileID}, err
	}
	info, err := s.files.Find(ctx, request.FileID)
	view := FileView{
		ID: request.FileID, Name: look.Name, Size: info.Size, Shape: look.Shape, Mapping: look.Mapping,
		Rows: look.Raw, Taken: look.Rows, IsRemembered: look.IsRemembered, RememberedAt: look.RememberedAt,
	}
	return view, err
}
