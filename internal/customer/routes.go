// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"strings"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

var tags = []string{"customer"}

// Routes registers the routes of customers, attributes and views.
func (s *Service) Routes(api web.API) {
	s.listRoutes(api)
	s.pageRoutes(api)
	s.editRoutes(api)
	s.eraseRoutes(api)
	s.mergeRoutes(api)
	s.attributeRoutes(api)
	s.viewRoutes(api)
	s.ruleRoutes(api)
	s.goldenRoutes(api)
}

// Ask chooses customers: what is searched for, filtered and sorted by. Exported, because huma leaves out embedded fields that are not.
type Ask struct {
	Query  string `query:"q" maxLength:"200" doc:"Name or part of it, initial consonants, digits of a telephone number, e-mail address, or any key."`
	Filter string `query:"filter" maxLength:"65536" doc:"Rule tree of segments as JSON."`
	Sort   string `query:"sort" maxLength:"64" doc:"Field or attr.<attribute>, with - before it for descending."`
}

func (in Ask) request() (ListRequest, error) {
	r := ListRequest{Query: in.Query, Sort: in.Sort}
	if bare, desc := strings.CutPrefix(in.Sort, "-"); bare == "name" {
		r.Sort = "full_name"
		if desc {
			r.Sort = "-full_name"
		}
	}
	if in.Filter != "" {
		if !json.Valid([]byte(in.Filter)) {
			return r, fault.New(fault.Invalid, "customer.bad_filter", "The filter is no valid JSON.")
		}
		r.Rules = json.RawMessage(in.Filter)
	}
	return r, nil
}

type listInput struct {
	web.Paging
	Ask
	Columns string `query:"columns" maxLength:"4000" doc:"Ignored: rows always hold all columns."`
}

type windowInput struct {
	Ask
	Offset int64 `query:"offset" minimum:"0" doc:"Row number to start at; approximate while customers are being changed."`
	Limit  int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type countOutput struct{ Body web.Total }

// Suggestion is a customer that the search box offers.
type Suggestion struct {
	ID       int64  `json:"id"`
	FullName string `json:"full_name"`
	Hint     string `json:"hint,omitempty" doc:"what tells people of the same name apart, masked"`
	Reason   string `json:"reason" enum:"name,key,contact"`
}

func (s *Service) listRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers", ID: "list-customers", Permission: "customer:read", Cost: web.List,
		Summary: "List, filter and search customers", Tags: tags,
	}, func(ctx context.Context, in *listInput) (*web.Page[Row], error) {
		request, err := in.request()
		if err != nil {
			return nil, err
		}
		request.Cursor, request.Limit = in.Cursor, in.Limit
		return s.rows(ctx, request)
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/window", ID: "list-customers-at", Permission: "customer:read", Cost: web.List,
		Summary: "Jump to a row number of the list", Tags: tags,
	}, func(ctx context.Context, in *windowInput) (*web.Page[Row], error) {
		request, err := in.request()
		if err != nil {
			return nil, err
		}
		request.Offset, request.Limit = in.Offset, in.Limit
		return s.rows(ctx, request)
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/count", ID: "count-customers", Permission: "customer:read", Cost: web.List,
		Summary: "Count the customers that match", Tags: tags,
	}, func(ctx context.Context, in *Ask) (*countOutput, error) {
		request, err := in.request()
		if err != nil {
			return nil, err
		}
		total, capped, err := s.Count(ctx, request)
		return &countOutput{web.Total{Count: total, Capped: capped}}, err
	})
	s.searchRoutes(api)
}

func (s *Service) rows(ctx context.Context, request ListRequest) (*web.Page[Row], error) {
	page, err := s.List(ctx, request)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(page.Customers))
	for i, c := range page.Customers {
		rows[i] = s.RowOf(ctx, c)
	}
	var total *web.Total
	if request.Cursor == "" {
		total = &web.Total{Count: page.Total, Capped: page.IsCapped}
	}
	return web.NewPage(rows, page.NextCursor, total), nil
}

type suggestInput struct {
	Query string `query:"q" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type findInput struct {
	Scheme string `query:"scheme" maxLength:"200" doc:"Name of a key scheme; empty looks in all."`
	Key    string `query:"key" minLength:"1" maxLength:"200"`
}

func (s *Service) searchRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/suggest", ID: "suggest-customers", Permission: "customer:read", Cost: web.List,
		Summary: "Find the customers that a person most likely means", Tags: tags,
	}, func(ctx context.Context, in *suggestInput) (*web.Page[Suggestion], error) {
		hits, err := s.Suggest(ctx, in.Query, in.Limit)
		if err != nil {
			return nil, err
		}
		list := make([]Suggestion, len(hits))
		for i, hit := range hits {
			row := s.RowOf(ctx, hit.Customer)
			list[i] = Suggestion{ID: row.ID, FullName: row.FullName, Hint: hintOf(row), Reason: hit.Reason}
		}
		return web.NewPage(list, "", nil), nil
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/find", ID: "find-customer-by-key", Permission: "customer:read",
		Summary: "Which customer has this key?", Tags: tags,
	}, func(ctx context.Context, in *findInput) (*web.Page[Row], error) {
		found, err := s.FindByKey(ctx, in.Scheme, in.Key)
		if err != nil {
			return nil, err
		}
		rows := make([]Row, len(found))
		ids := make([]int64, len(found))
		for i, c := range found {
			rows[i], ids[i] = s.RowOf(ctx, c), c.ID
		}
		return web.NewPage(rows, "", nil), s.logClear(ctx, "customer.find", ids)
	})
}

// hintOf is what tells people of the same name apart.
func hintOf(row Row) string {
	var parts []string
	for _, part := range []string{row.Mobile, row.Email, row.Phone, row.Sigungu, row.Company} {
		if part != "" && len(parts) < 2 {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

type detailOutput struct{ Body *Detail }

type timelineInput struct {
	web.ByID
	web.Paging
	Capabilities string `query:"capabilities" maxLength:"200" doc:"Only these, comma-separated."`
}

func (s *Service) pageRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}", ID: "find-customer", Permission: "customer:read",
		Summary: "The page of a customer: values with their origin, keys, relations", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*detailOutput, error) {
		d, err := s.Open(ctx, in.ID)
		return &detailOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/records", ID: "list-records", Permission: "customer:read",
		Summary: "The source records of a customer", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[ShownRecord], error) {
		list, err := s.ListRecords(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/timeline", ID: "list-timeline", Permission: "customer:read",
		Summary: "What happened with a customer, newest first", Tags: tags,
	}, func(ctx context.Context, in *timelineInput) (*web.Page[TimelineItem], error) {
		var only []string
		if in.Capabilities != "" {
			only = strings.Split(in.Capabilities, ",")
		}
		page, err := s.Timeline(ctx, in.ID, in.Cursor, in.Limit, only)
		return web.NewPage(page.Items, page.NextCursor, nil), err
	})
	s.relationRoutes(api)
}
