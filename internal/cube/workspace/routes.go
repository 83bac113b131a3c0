// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	schemaOutput struct {
		Body struct {
			Tables []Table `json:"tables"`
		}
	}
	runInput struct {
		Body struct {
			SQL string `json:"sql" maxLength:"50000" doc:"One SELECT over the tables of the schema."`
		}
	}
	runOutput   struct{ Body *Answer }
	exportInput struct {
		Format string `query:"format" enum:"csv,xlsx" default:"csv" doc:"File format."`
		Body   struct {
			SQL     string `json:"sql" maxLength:"50000"`
			Purpose string `json:"purpose" doc:"What the export is for; kept in the access log."`
		}
	}
	statementList struct {
		Body struct {
			Items []Statement `json:"items"`
		}
	}
	saveInput       struct{ Body Draft }
	statementOutput struct{ Body Statement }
)

// Routes registers the routes of the SQL workspace.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/sql/schema", ID: "sql-schema", Permission: "cube:sql", Summary: "Tables and columns that may be asked in SQL", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*schemaOutput, error) {
		out := &schemaOutput{}
		tables, err := s.Schema(ctx)
		out.Body.Tables = append([]Table{}, tables...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/sql", ID: "run-sql", Permission: "cube:sql", Cost: web.Heavy, Summary: "Run one SELECT within the row policy", Tags: tags,
	}, func(ctx context.Context, in *runInput) (*runOutput, error) {
		answer, err := s.Run(ctx, in.Body.SQL)
		return &runOutput{answer}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/sql/export", ID: "export-sql", Permission: "cube:export", Cost: web.Batch, Summary: "Download the whole answer of a SELECT", Tags: tags,
	}, func(ctx context.Context, in *exportInput) (*web.Download, error) {
		e, err := s.Export(ctx, in.Body.SQL, in.Format, in.Body.Purpose)
		if err != nil {
			return nil, err
		}
		return web.NewDownload(e.Name(), e.ContentType(), e.Write), nil
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/statements", ID: "list-statements", Permission: "cube:sql", Summary: "List saved SQL", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*statementList, error) {
		out := &statementList{}
		list, err := s.List(ctx)
		out.Body.Items = append([]Statement{}, list...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/statements", ID: "save-statement", Permission: "cube:sql", Summary: "Save SQL, new or one's own", Tags: tags,
	}, func(ctx context.Context, in *saveInput) (*statementOutput, error) {
		saved, err := s.Save(ctx, in.Body)
		return &statementOutput{saved}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/statements/{id}", ID: "delete-statement", Permission: "cube:sql", Summary: "Delete saved SQL of one's own", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.Delete(ctx, in.ID)
	})
}
