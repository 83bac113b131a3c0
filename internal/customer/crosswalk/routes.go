// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"io"
	"strconv"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type findInput struct {
	Scheme string `query:"scheme" maxLength:"200" doc:"Name of a key scheme, dangol for the own number; empty looks in all."`
	Key    string `query:"key" minLength:"1" maxLength:"200"`
}

type exportInput struct {
	Body struct {
		Schemes []string `json:"schemes,omitempty" maxItems:"200" doc:"Names of key schemes; left out is all."`
		Format  string   `json:"format,omitempty" enum:"csv,xlsx" default:"csv"`
		Purpose string   `json:"purpose" minLength:"3" maxLength:"200" doc:"What the data is for; it is logged."`
	}
}

type conflictsInput struct {
	web.Paging
	Kind   string `query:"kind" enum:"shared,double"`
	Scheme string `query:"scheme" maxLength:"200"`
}

// Started is work in the background.
type Started struct {
	JobID int64 `json:"job_id"`
}

type startedOutput struct{ Body Started }

// Routes registers the routes of keys.
func (s *Service) Routes(api web.API) {
	tags := []string{"customer"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/keys/find", ID: "find-key", Permission: "customer:read",
		Summary: "Which customer is behind this key, by record and source", Tags: tags,
	}, func(ctx context.Context, in *findInput) (*web.Page[Hit], error) {
		hits, err := s.Find(ctx, in.Scheme, in.Key)
		return web.NewPage(hits, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/keys/crosswalk", ID: "export-crosswalk", Permission: "customer:export", Cost: web.Batch,
		Summary: "Export all customers with their keys of all schemes", Tags: tags,
	}, func(ctx context.Context, in *exportInput) (*web.Download, error) {
		export, err := s.Prepare(ctx, Export{Schemes: in.Body.Schemes, Format: in.Body.Format, Purpose: in.Body.Purpose})
		if err != nil {
			return nil, err
		}
		name, kind := "crosswalk-"+time.Now().In(s.zone).Format("20060102-1504"), "text/csv; charset=utf-8"
		if export.Format == "xlsx" {
			kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		} else {
			export.Format = "csv"
		}
		return web.NewDownload(name+"."+export.Format, kind, func(ctx context.Context, w io.Writer) error { return export.Write(ctx, w) }), nil
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/keys/conflicts", ID: "list-key-conflicts", Permission: "customer:read", Cost: web.List,
		Summary: "Keys that point to two people, and people with two keys of one scheme", Tags: tags,
	}, func(ctx context.Context, in *conflictsInput) (*web.Page[ShownConflict], error) {
		after := int64(0)
		if in.Cursor != "" {
			var err error
			if after, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
				return nil, fault.New(fault.Invalid, "customer.bad_cursor", "The cursor is not one that a page gave; start at the top.")
			}
		}
		list, next, total, err := s.ListConflicts(ctx, Ask{Kind: in.Kind, Scheme: in.Scheme, After: after, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		cursor := ""
		if next > 0 {
			cursor = strconv.FormatInt(next, 10)
		}
		var count *web.Total
		if total > 0 {
			count = &web.Total{Count: total}
		}
		return web.NewPage(list, cursor, count), nil
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/keys/check", ID: "check-keys", Permission: "customer:merge", Status: 202,
		Summary: "Look for conflicts of keys now, in the background", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*startedOutput, error) {
		id, err := s.StartCheck(ctx)
		return &startedOutput{Started{id}}, err
	})
}
