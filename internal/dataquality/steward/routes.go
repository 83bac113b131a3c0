// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"

	"dangol/internal/platform/web"
)

var tags = []string{"dataquality"}

type scoresInput struct {
	Days int `query:"days" minimum:"1" maximum:"730" default:"90" doc:"Length of the trend."`
}

type scoresOutput struct{ Body *Scores }

type judgedOutput struct{ Body *Judged }

// Started is work in the background.
type Started struct {
	JobID int64 `json:"job_id"`
}

type startedOutput struct{ Body Started }

// Chosen are the filters of issues. Exported, because huma leaves out embedded fields that are not.
type Chosen struct {
	Kind       string `query:"kind" maxLength:"40" doc:"Only this worklist."`
	Field      string `query:"field" maxLength:"80"`
	SourceID   int64  `query:"source_id"`
	Department string `query:"department" maxLength:"200"`
	Code       string `query:"code" maxLength:"80"`
}

func (c Chosen) ask() Ask {
	return Ask{Kind: Kind(c.Kind), Field: c.Field, SourceID: c.SourceID, Department: c.Department, Code: c.Code}
}

type issuesInput struct {
	web.Paging
	Chosen
	IsClosed bool `query:"closed" doc:"Those dealt with by people, latest first."`
}

// Routes registers the routes of data quality.
func (s *Service) Routes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/quality", ID: "find-quality", Permission: "dataquality:read", Cost: web.List,
		Summary: "Scores by source, department and field, and their trend", Tags: tags,
	}, func(ctx context.Context, in *scoresInput) (*scoresOutput, error) {
		scores, err := s.FindScores(ctx, in.Days)
		return &scoresOutput{scores}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/quality/scan", ID: "scan-quality", Permission: "dataquality:update", Status: 202,
		Summary: "Judge the whole base now, in the background", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*startedOutput, error) {
		id, err := s.StartScan(ctx)
		return &startedOutput{Started{id}}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/quality", ID: "judge-customer", Permission: "dataquality:read",
		Summary: "The score of a customer and what could be better", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*judgedOutput, error) {
		judged, err := s.Judge(ctx, in.ID)
		return &judgedOutput{judged}, err
	})
	s.issueRoutes(api)
	s.boardRoutes(api)
}

type nextInput struct {
	Body struct {
		Kind       string `json:"kind" minLength:"1" maxLength:"40"`
		Field      string `json:"field,omitempty" maxLength:"80"`
		SourceID   int64  `json:"source_id,omitempty"`
		Department string `json:"department,omitempty" maxLength:"200"`
		Code       string `json:"code,omitempty" maxLength:"80"`
		After      int64  `json:"after,omitempty" doc:"The issue before."`
	}
}

type nextOutput struct {
	Body struct {
		Issue *ShownIssue `json:"issue,omitempty" doc:"left out when the list is done"`
	}
}

type closeInput struct {
	web.ByID
	Body struct {
		Outcome string `json:"outcome" enum:"mended,right,later"`
	}
}

func (s *Service) issueRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/worklists", ID: "list-worklists", Permission: "dataquality:read", Cost: web.List,
		Summary: "The worklists and how far they are", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Worklist], error) {
		lists, err := s.Worklists(ctx)
		return web.NewPage(lists, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/worklists/next", ID: "take-next-issue", Permission: "dataquality:mend",
		Summary: "Hand out the next issue of a worklist and keep it for the person", Tags: tags,
	}, func(ctx context.Context, in *nextInput) (*nextOutput, error) {
		b := in.Body
		issue, err := s.Next(ctx, Ask{Kind: Kind(b.Kind), Field: b.Field, SourceID: b.SourceID, Department: b.Department, Code: b.Code}, b.After)
		out := &nextOutput{}
		out.Body.Issue = issue
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/issues", ID: "list-issues", Permission: "dataquality:read", Cost: web.List,
		Summary: "Issues with their customers and the values of the sources", Tags: tags,
	}, func(ctx context.Context, in *issuesInput) (*web.Page[ShownIssue], error) {
		a := in.ask()
		a.IsClosed, a.Cursor, a.Limit = in.IsClosed, in.Cursor, in.Limit
		list, next, total, err := s.List(ctx, a)
		if err != nil {
			return nil, err
		}
		var count *web.Total
		if in.Cursor == "" {
			count = &web.Total{Count: total, Capped: total >= countLimit}
		}
		return web.NewPage(list, next, count), nil
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/issues/{id}/close", ID: "close-issue", Permission: "dataquality:mend",
		Summary: "Say that an issue is mended, right as it is, or for later", Tags: tags,
	}, func(ctx context.Context, in *closeInput) (*web.Empty, error) {
		return nil, s.Close(ctx, in.ID, in.Body.Outcome)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/issues/{id}/reopen", ID: "reopen-issue", Permission: "dataquality:mend",
		Summary: "Take the closing of an issue back", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return nil, s.Reopen(ctx, in.ID)
	})
}

type boardInput struct {
	From string `query:"from" maxLength:"10" doc:"First day, ISO date."`
	To   string `query:"to" maxLength:"10" doc:"Last day, ISO date."`
}

func (s *Service) boardRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/contributions", ID: "list-contributions", Permission: "dataquality:read", Cost: web.List,
		Summary: "Who entered and mended how much, and how well", Tags: tags,
	}, func(ctx context.Context, in *boardInput) (*web.Page[Contribution], error) {
		list, err := s.Board(ctx, in.From, in.To)
		return web.NewPage(list, "", nil), err
	})
}
