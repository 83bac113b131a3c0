// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"strconv"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type pairFilter struct {
	State    string `query:"state" enum:"open,later,same,different" default:"open"`
	Pattern  string `query:"pattern" maxLength:"32"`
	Remark   string `query:"remark" maxLength:"20" doc:"live, group, name or consent: why a person is asked"`
	Least    string `query:"least" maxLength:"20" doc:"lowest match weight"`
	Most     string `query:"most" maxLength:"20" doc:"match weight below which"`
	Customer int64  `query:"customer_id"`
	Order    string `query:"order" enum:"doubt,weight,oldest" default:"doubt"`
}

func (in *pairFilter) filter() (Filter, error) {
	f := Filter{State: in.State, Pattern: in.Pattern, Remark: in.Remark, Customer: in.Customer, Order: in.Order}
	for text, to := range map[string]**float64{in.Least: &f.Least, in.Most: &f.Most} {
		if text == "" {
			continue
		}
		w, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return f, fault.New(fault.Invalid, "match.bad_weight", "{value} is no match weight.", "value", text)
		}
		*to = &w
	}
	return f, nil
}

type pairsInput struct {
	Offset int `query:"offset" minimum:"0" maximum:"100000"`
	Limit  int `query:"limit" minimum:"1" maximum:"200" default:"50"`
	PairFilter
}

// PairFilter is the filter of the queue in queries; exported, because huma leaves out embedded fields that are not.
type PairFilter pairFilter

type (
	pairOutput  struct{ Body *PairDetail }
	groupsInput struct{ PairFilter }

	groupsOutput struct {
		Body struct {
			Items []PatternGroup `json:"items"`
		}
	}
	decideInput struct {
		web.ByID
		Body struct {
			Decision string `json:"decision" enum:"same,different,later"`
		}
	}
	decisionOutput struct{ Body *Decision }
	bulkInput      struct{ Body Bulk }
	bulkOutput     struct {
		Body struct {
			Decided  int64     `json:"decided"`
			Decision *Decision `json:"decision"`
		}
	}
	findInput struct {
		Body struct {
			Fields map[string]string `json:"fields" doc:"What is known: full_name, mobile, phone, email, birth_on, address…"`
			Limit  int               `json:"limit,omitempty" minimum:"1" maximum:"20" default:"5"`
		}
	}
	findOutput struct {
		Body struct {
			Items   []Candidate `json:"items"`
			IsReady bool        `json:"is_ready" doc:"There is a model and an index to look in; without them start a run."`
		}
	}
)

func (s *Service) reviewRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/pairs", ID: "list-match-pairs", Permission: "match:read", Cost: web.List, Summary: "The review queue", Tags: tags,
	}, s.handlePairs)
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/patterns", ID: "list-match-patterns", Permission: "match:read", Cost: web.List, Summary: "Waiting pairs grouped by their levels", Tags: tags,
	}, func(ctx context.Context, in *groupsInput) (*groupsOutput, error) {
		narrow := pairFilter(in.PairFilter)
		f, err := narrow.filter()
		if err != nil {
			return nil, err
		}
		out := &groupsOutput{}
		out.Body.Items, err = s.ListPatterns(ctx, f)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/pairs/{id}", ID: "find-match-pair", Permission: "match:read", Summary: "A pair side by side, with what speaks for and against", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*pairOutput, error) {
		d, err := s.FindPair(ctx, in.ID)
		return &pairOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/pairs/{id}/decide", ID: "decide-match-pair", Permission: "match:decide", Summary: "Say that a pair is the same person, different people, or for later", Tags: tags,
	}, func(ctx context.Context, in *decideInput) (*decisionOutput, error) {
		d, err := s.Decide(ctx, in.ID, in.Body.Decision)
		return &decisionOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/patterns/decide", ID: "decide-match-pattern", Permission: "match:decide", Cost: web.Heavy, Summary: "Decide all waiting pairs of one pattern alike", Tags: tags,
	}, func(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
		out := &bulkOutput{}
		var err error
		out.Body.Decision, out.Body.Decided, err = s.DecidePattern(ctx, in.Body)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/decisions", ID: "list-match-decisions", Permission: "match:read", Cost: web.List, Summary: "Who decided what, newest first", Tags: tags,
	}, s.handleDecisions)
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/decisions/{id}/undo", ID: "undo-match-decision", Permission: "match:decide", Summary: "Take a decision back, with those taken together with it", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*decisionOutput, error) {
		d, err := s.UndoDecision(ctx, in.ID)
		return &decisionOutput{d}, err
	})
}

func (s *Service) handlePairs(ctx context.Context, in *pairsInput) (*web.Page[Pair], error) {
	narrow := pairFilter(in.PairFilter)
	f, err := narrow.filter()
	if err != nil {
		return nil, err
	}
	f.Offset, f.Limit = in.Offset, in.Limit
	list, total, err := s.ListPairs(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.NewPage(list, "", &web.Total{Count: total, Capped: total >= countCap}), nil
}

func (s *Service) handleDecisions(ctx context.Context, in *web.Paging) (*web.Page[Decision], error) {
	before, _ := strconv.ParseInt(in.Cursor, 10, 64) // anything else is the first page
	list, err := s.ListDecisions(ctx, before, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) == in.Limit {
		next = strconv.FormatInt(list[len(list)-1].ID, 10)
	}
	return web.NewPage(list, next, nil), nil
}

func (s *Service) findRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/find", ID: "find-match", Permission: "customer:read",
		Summary: "Which customers may this be", Tags: tags,
	}, func(ctx context.Context, in *findInput) (*findOutput, error) {
		out := &findOutput{}
		if in.Body.Limit == 0 {
			in.Body.Limit = 5
		}
		var err error
		if out.Body.Items, err = s.Find(ctx, in.Body.Fields, in.Body.Limit); err != nil {
			return nil, err
		}
		if out.Body.Items == nil {
			out.Body.Items = []Candidate{}
		}
		model, _, err := s.loaded(ctx)
		out.Body.IsReady = model != nil
		return out, err
	})
}
