// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type (
	fieldsOutput struct {
		Body struct {
			Fields []Field `json:"fields"`
			Events []Event `json:"events"`
		}
	}
	segmentOutput struct{ Body Segment }
	listOutput    struct {
		Body struct {
			Items []Segment `json:"items"`
		}
	}
	createInput struct {
		Body struct {
			Name        string          `json:"name"`
			Description string          `json:"description,omitempty"`
			Rules       json.RawMessage `json:"rules"`
			Origin      string          `json:"origin,omitempty" enum:"rules,cell,rfm,"`
		}
	}
	patchInput struct {
		web.ByID
		Body Patch
	}
	previewInput struct {
		Body struct {
			Rules json.RawMessage `json:"rules"`
		}
	}
	previewOutput struct{ Body Preview }
	profileOutput struct{ Body Profile }
	overlapInput  struct {
		Body struct {
			Rules    json.RawMessage `json:"rules"`
			Segments []int64         `json:"segments" minItems:"1" maxItems:"3" doc:"other segments"`
		}
	}
	overlapOutput struct{ Body Overlap }
	freezeInput   struct {
		web.ByID
		Body struct {
			Name string `json:"name"`
		}
	}
	keysInput     struct{ Body Keys }
	keysOutput    struct{ Body Imported }
	historyOutput struct{ Body History }
	whyInput      struct {
		web.ByID
		CustomerID int64 `path:"customer_id"`
	}
	whyOutput    struct{ Body Why }
	membersInput struct {
		web.ByID
		web.Paging
	}
	membersOutput struct {
		Body struct {
			Items      []Face `json:"items"`
			NextCursor string `json:"next_cursor"`
			Total      int64  `json:"total"`
			AsOf       AsOf   `json:"as_of"`
		}
	}
)

// Routes registers the routes of segments.
func (s *Service) Routes(api web.API) {
	tags := []string{"segment"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments/fields", ID: "list-segment-fields", Permission: "segment:read",
		Summary: "Fields and events that rules may speak of", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*fieldsOutput, error) {
		out := &fieldsOutput{}
		c := s.Catalogue(ctx)
		out.Body.Fields, out.Body.Events = c.Fields(), c.Events()
		return out, nil
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments/preview", ID: "preview-segment", Permission: "segment:read", Cost: web.Heavy,
		Summary: "Count the customers who answer rules", Tags: tags,
	}, func(ctx context.Context, in *previewInput) (*previewOutput, error) {
		p, err := s.Preview(ctx, in.Body.Rules)
		return &previewOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments", ID: "list-segments", Permission: "segment:read", Summary: "List segments", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*listOutput, error) {
		out := &listOutput{}
		var err error
		out.Body.Items, err = s.List(ctx)
		if out.Body.Items == nil {
			out.Body.Items = []Segment{}
		}
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments", ID: "create-segment", Permission: "segment:create", Status: http.StatusCreated,
		Summary: "Save a segment", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*segmentOutput, error) {
		saved, err := s.Create(ctx, Segment{Name: in.Body.Name, Description: in.Body.Description, Rules: in.Body.Rules, Origin: in.Body.Origin})
		return &segmentOutput{saved}, err
	})
	s.routesOfOne(api, tags)
	s.routesOfLists(api, tags)
}

// longestKeys bounds the text of an imported list.
const longestKeys = 64 << 20

func (s *Service) routesOfLists(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments/profile", ID: "profile-segment", Permission: "segment:read", Cost: web.Heavy,
		Summary: "What the customers who answer rules have more or less often than others", Tags: tags,
	}, func(ctx context.Context, in *previewInput) (*profileOutput, error) {
		p, err := s.Profile(ctx, in.Body.Rules)
		return &profileOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments/overlap", ID: "overlap-segments", Permission: "segment:read", Cost: web.Heavy,
		Summary: "How rules and other segments lie over one another", Tags: tags,
	}, func(ctx context.Context, in *overlapInput) (*overlapOutput, error) {
		o, err := s.Overlap(ctx, in.Body.Rules, in.Body.Segments)
		return &overlapOutput{o}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments/{id}/freeze", ID: "freeze-segment", Permission: "segment:create", Status: http.StatusCreated,
		Summary: "Keep the members of this moment as a segment that no longer changes", Tags: tags,
	}, func(ctx context.Context, in *freezeInput) (*segmentOutput, error) {
		saved, err := s.Freeze(ctx, in.ID, in.Body.Name)
		return &segmentOutput{saved}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/segments/import", ID: "import-segment", Permission: "segment:create", Cost: web.Heavy,
		MaxBodyBytes: longestKeys, Summary: "Make a segment of a list of keys; keys without a customer are given back", Tags: tags,
	}, func(ctx context.Context, in *keysInput) (*keysOutput, error) {
		found, err := s.Import(ctx, in.Body)
		return &keysOutput{found}, err
	})
}

func (s *Service) routesOfOne(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments/{id}", ID: "find-segment", Permission: "segment:read", Summary: "Find a segment", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*segmentOutput, error) {
		found, err := s.Find(ctx, in.ID)
		return &segmentOutput{found}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPatch, Path: "/api/segments/{id}", ID: "update-segment", Permission: "segment:update", Summary: "Change a segment", Tags: tags,
	}, func(ctx context.Context, in *patchInput) (*segmentOutput, error) {
		saved, err := s.Update(ctx, in.ID, in.Body)
		return &segmentOutput{saved}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/segments/{id}", ID: "delete-segment", Permission: "segment:delete", Summary: "Put a segment away", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.Delete(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments/{id}/members", ID: "list-segment-members", Permission: "segment:read", Cost: web.List,
		Summary: "List the members of a segment", Tags: tags,
	}, s.handleMembers)
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments/{id}/history", ID: "find-segment-history", Permission: "segment:read",
		Summary: "How large a segment was, and who came and went", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*historyOutput, error) {
		h, err := s.History(ctx, in.ID)
		return &historyOutput{h}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/segments/{id}/customers/{customer_id}/why", ID: "explain-segment-member", Permission: "segment:read",
		Summary: "Why a customer is in a segment or not", Tags: tags,
	}, func(ctx context.Context, in *whyInput) (*whyOutput, error) {
		why, err := s.Why(ctx, in.ID, in.CustomerID)
		return &whyOutput{why}, err
	})
}

func (s *Service) handleMembers(ctx context.Context, in *membersInput) (*membersOutput, error) {
	after := int64(0)
	if in.Cursor != "" {
		n, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "segment.bad_cursor", "The cursor is not one that this list has given.")
		}
		after = n
	}
	saved, err := s.Find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &membersOutput{}
	position := s.reader.Position()
	out.Body.AsOf = AsOf{position.Seq, position.At}
	ids, err := s.Members(ctx, in.ID, after, in.Limit)
	if err != nil {
		return nil, err
	}
	if out.Body.Total, err = s.Count(ctx, saved.Rules); err != nil {
		return nil, err
	}
	if len(ids) == in.Limit {
		out.Body.NextCursor = strconv.FormatInt(ids[len(ids)-1], 10)
	}
	out.Body.Items = []Face{}
	if len(ids) > 0 && s.faces != nil {
		out.Body.Items, err = s.faces.Faces(ctx, ids)
	}
	return out, err
}
