// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type patchInput struct {
	web.ByID
	Body map[string]any `doc:"Fields and attr.<attribute> with their new values, null empties; version as it was shown."`
}

type createInput struct {
	Body map[string]any `doc:"Fields and attr.<attribute>; keys as an object of scheme and key; allow_double makes the customer although one like it is known; apart_from lists customers that staff was shown and said to be somebody else."`
}

// Changed is a golden row after a change, with the journal entry that undo takes back.
type Changed struct {
	Row
	EntryID int64 `json:"entry_id,omitempty"`
}

type changedOutput struct{ Body Changed }

type undoInput struct {
	web.ByID
	Body struct {
		EntryID int64 `json:"entry_id" minimum:"1"`
	}
}

type pinInput struct {
	web.ByID
	Body map[string]any `doc:"field, and record_id (null lets the rules decide again) or value."`
}

func (s *Service) editRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers", ID: "create-customer", Permission: "customer:create", Summary: "Make a customer by hand", Tags: tags,
	}, s.handleCreate)
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/customers/{id}", ID: "update-customer", Permission: "customer:update", Summary: "Change fields of a customer", Tags: tags,
	}, s.handlePatch)
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/undo", ID: "undo-customer-change", Permission: "customer:update",
		Summary: "Take back one change", Tags: tags,
	}, func(ctx context.Context, in *undoInput) (*changedOutput, error) {
		c, err := s.Undo(ctx, in.ID, in.Body.EntryID)
		if err != nil {
			return nil, err
		}
		return &changedOutput{Changed{Row: s.RowOf(ctx, c)}}, nil
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/pin", ID: "pin-value", Permission: "customer:update",
		Summary: "Choose the value of a field by hand", Tags: tags,
	}, s.handlePin)
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/export", ID: "export-customers", Permission: "customer:export", Cost: web.Batch,
		Summary: "Export the customers that match as CSV", Tags: tags,
	}, s.handleExport)
}

func (s *Service) handleCreate(ctx context.Context, in *createInput) (*changedOutput, error) {
	draft := Draft{Values: Patch(in.Body), Keys: map[string]string{}}
	if double, ok := in.Body["allow_double"].(bool); ok {
		draft.AllowDouble = double
	}
	if keys, ok := in.Body["keys"].(map[string]any); ok {
		for scheme, key := range keys {
			text, isText := key.(string)
			if !isText {
				return nil, fault.New(fault.Invalid, "customer.bad_key", "Keys are text.")
			}
			draft.Keys[scheme] = text
		}
	}
	apart, err := wholeNumbers(in.Body, "apart_from")
	if err != nil {
		return nil, err
	}
	draft.ApartFrom = apart
	delete(draft.Values, "apart_from")
	delete(draft.Values, "allow_double")
	delete(draft.Values, "keys")
	c, err := s.Create(ctx, draft)
	if err != nil {
		return nil, err
	}
	return &changedOutput{Changed{Row: s.RowOf(ctx, c)}}, nil
}

func (s *Service) handlePatch(ctx context.Context, in *patchInput) (*changedOutput, error) {
	version, err := wholeNumber(in.Body, "version")
	if err != nil {
		return nil, err
	}
	delete(in.Body, "version")
	c, entry, err := s.Update(ctx, in.ID, version, Patch(in.Body))
	if err != nil {
		return nil, err
	}
	return &changedOutput{Changed{Row: s.RowOf(ctx, c), EntryID: entry}}, nil
}

// wholeNumbers reads a list of ids, which may be absent.
func wholeNumbers(body map[string]any, name string) ([]int64, error) {
	list, ok := body[name].([]any)
	if !ok && body[name] != nil {
		return nil, fault.New(fault.Invalid, "customer.bad_value", "{field} must be a list of whole numbers.", "field", name)
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		id, err := wholeNumber(map[string]any{name: one}, name)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

func wholeNumber(body map[string]any, name string) (int64, error) {
	switch n := body[name].(type) {
	case nil:
		return 0, nil
	case float64:
		if n == float64(int64(n)) {
			return int64(n), nil
		}
	case json.Number:
		if whole, err := n.Int64(); err == nil {
			return whole, nil
		}
	}
	return 0, fault.New(fault.Invalid, "customer.bad_value", "{field} must be a whole number.", "field", name)
}

func (s *Service) handlePin(ctx context.Context, in *pinInput) (*detailOutput, error) {
	field, _ := in.Body["field"].(string)
	value, hasValue := in.Body["value"]
	if hasValue {
		if _, _, err := s.Update(ctx, in.ID, 0, Patch{field: value}); err != nil {
			return nil, err
		}
	} else {
		record, err := wholeNumber(in.Body, "record_id")
		if err != nil {
			return nil, err
		}
		if _, err := s.Pin(ctx, in.ID, field, record); err != nil {
			return nil, err
		}
	}
	d, err := s.Open(ctx, in.ID)
	return &detailOutput{d}, err
}

type mergeInput struct {
	Body struct {
		SurvivorID int64    `json:"survivor_id" minimum:"1"`
		OtherID    int64    `json:"other_id" minimum:"1"`
		Choose     []string `json:"choose,omitempty" doc:"Fields whose value of the other customer is kept, whatever the rules say."`
	}
}

type unmergeInput struct {
	web.ByID
	Body struct {
		RecordIDs []int64 `json:"record_ids" minItems:"1" maxItems:"1000"`
	}
}

type rowOutput struct{ Body Row }

func (s *Service) mergeRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/merge", ID: "merge-customers", Permission: "customer:merge", Summary: "Make two customers one", Tags: tags,
	}, func(ctx context.Context, in *mergeInput) (*detailOutput, error) {
		if _, err := s.Merge(ctx, in.Body.SurvivorID, in.Body.OtherID, in.Body.Choose); err != nil {
			return nil, err
		}
		d, err := s.Open(ctx, in.Body.SurvivorID)
		return &detailOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/merge/preview", ID: "preview-merge", Permission: "customer:merge",
		Summary: "What a merge would give, without doing it", Tags: tags,
	}, func(ctx context.Context, in *mergeInput) (*rowOutput, error) {
		c, err := s.PreviewMerge(ctx, in.Body.SurvivorID, in.Body.OtherID, in.Body.Choose)
		if err != nil {
			return nil, err
		}
		return &rowOutput{s.RowOf(ctx, c)}, nil
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/unmerge", ID: "unmerge-customer", Permission: "customer:merge",
		Summary: "Part records from a customer", Tags: tags,
	}, func(ctx context.Context, in *unmergeInput) (*detailOutput, error) {
		parted, err := s.Unmerge(ctx, in.ID, in.Body.RecordIDs)
		if err != nil {
			return nil, err
		}
		d, err := s.Open(ctx, in.ID)
		if err == nil {
			d.PartedID = parted.ID
			d.EntryID, err = s.lastEntry(ctx, in.ID, "customer.unmerged")
		}
		return &detailOutput{d}, err
	})
}

type exportInput struct {
	Body struct {
		Query   string          `json:"q,omitempty" maxLength:"200"`
		Filter  json.RawMessage `json:"filter,omitempty"`
		Sort    string          `json:"sort,omitempty" maxLength:"64"`
		Columns []string        `json:"columns,omitempty" maxItems:"700"`
		Purpose string          `json:"purpose" minLength:"3" maxLength:"200" doc:"What the data is for; it is logged."`
	}
}

func (s *Service) handleExport(ctx context.Context, in *exportInput) (*web.Download, error) {
	export, err := s.PrepareExport(ctx, Export{
		Request: ListRequest{Query: in.Body.Query, Rules: in.Body.Filter, Sort: in.Body.Sort},
		Columns: in.Body.Columns, Purpose: in.Body.Purpose,
	})
	if err != nil {
		return nil, err
	}
	name := "customers-" + time.Now().In(s.zone).Format("20060102-1504") + ".csv"
	return web.NewDownload(name, "text/csv; charset=utf-8", func(ctx context.Context, w io.Writer) error { return export.Write(ctx, w) }), nil
}
