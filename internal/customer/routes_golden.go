// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"

	"dangol/internal/platform/web"
)

// ShownChange is one value that a change of rules would replace.
type ShownChange struct {
	Field  string `json:"field"`
	Before string `json:"before" doc:"masked unless shown in clear"`
	After  string `json:"after"`
	From   string `json:"from" doc:"label of the source"`
	To     string `json:"to"`
}

// ShownSample is one customer that a change of rules would change.
type ShownSample struct {
	ID      int64         `json:"id"`
	Name    string        `json:"name"`
	Changes []ShownChange `json:"changes"`
}

// DraftDetail is a draft with samples as the person may see them.
type DraftDetail struct {
	RuleDraft
	Samples []ShownSample `json:"samples"`
}

// OpenDraft returns a draft with samples of whom it would change, computed now.
func (s *Service) OpenDraft(ctx context.Context, id int64) (*DraftDetail, error) {
	draft, err := s.store.findDraft(ctx, id)
	if err != nil {
		return nil, err
	}
	d := &DraftDetail{RuleDraft: *draft, Samples: []ShownSample{}}
	if draft.Result == nil || draft.State != DraftReady {
		return d, nil
	}
	by, err := draft.Rules.survivorship()
	if err != nil {
		return nil, err
	}
	customers, records, err := s.loadAll(ctx, draft.Result.Samples)
	if err != nil {
		return nil, err
	}
	var seen []int64
	for _, c := range customers {
		if c.Hidden || !canSee(ctx, c) {
			continue
		}
		if sample := s.sample(ctx, by, c, records[c.ID]); len(sample.Changes) > 0 {
			d.Samples = append(d.Samples, sample)
			seen = append(seen, c.ID)
		}
	}
	return d, s.logClear(ctx, "customer.simulation", seen)
}

func (s *Service) sample(ctx context.Context, by *Survivorship, c *Customer, records []*Record) ShownSample {
	values, provenance := by.goldenRow(records, c.Pins)
	_, is := difference(c, &Customer{Values: values, AliasOf: c.AliasOf, Hidden: c.Hidden})
	label := map[int64]string{}
	sources := s.rules.current(ctx).sources
	for _, r := range records {
		if source := sources[r.SourceID]; source != nil {
			label[r.ID] = source.Label
		}
	}
	kinds := s.HiddenOf(ctx, c.ID)
	masked := limited(s.Masked(ctx, c.Values), kinds)
	sample := ShownSample{ID: c.ID, Name: masked.Text[FullName], Changes: []ShownChange{}}
	for name := range is {
		sample.Changes = append(sample.Changes, ShownChange{
			Field: name, Before: s.shownText(ctx, &c.Values, name, kinds), After: s.shownText(ctx, &values, name, kinds),
			From: label[c.Provenance.Of(name).RecordID], To: label[provenance.Of(name).RecordID],
		})
	}
	slices.SortFunc(sample.Changes, func(a, b ShownChange) int {
		if a.Field < b.Field {
			return -1
		}
		return 1
	})
	return sample
}

type goldenRulesOutput struct{ Body GoldenRules }

type simulateInput struct{ Body GoldenRules }

type draftOutput struct{ Body *RuleDraft }

type draftDetailOutput struct{ Body *DraftDetail }

type explainInput struct {
	web.ByID
	Field string `query:"field" minLength:"1" maxLength:"80"`
}

type explainOutput struct{ Body *Explanation }

func (s *Service) goldenRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/golden-rules", ID: "find-golden-rules", Permission: "match:read", Summary: "The rules that choose the values of golden records", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*goldenRulesOutput, error) {
		rules, err := s.FindGoldenRules(ctx)
		return &goldenRulesOutput{rules}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/golden-rules/simulate", ID: "simulate-golden-rules", Permission: "match:admin", Status: 202,
		Summary: "Try other rules out on the whole base, in the background", Tags: tags,
	}, func(ctx context.Context, in *simulateInput) (*draftOutput, error) {
		draft, err := s.Simulate(ctx, in.Body)
		return &draftOutput{draft}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/golden-rules/drafts", ID: "list-rule-drafts", Permission: "match:read", Summary: "Changes of the rules, latest first", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[*RuleDraft], error) {
		list, err := s.store.listDrafts(ctx, 50)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/golden-rules/drafts/{id}", ID: "find-rule-draft", Permission: "match:read",
		Summary: "What a change of the rules would do, with samples", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*draftDetailOutput, error) {
		d, err := s.OpenDraft(ctx, in.ID)
		return &draftDetailOutput{d}, err
	})
	for _, one := range []struct {
		word, summary string
		do            func(ctx context.Context, id int64) (*RuleDraft, error)
	}{
		{"apply", "Let the rules hold and compute everybody anew, in the background", s.ApplyDraft},
		{"undo", "Put the rules back that held before, in the background", s.UndoDraft},
	} {
		web.Register(api, web.Operation{
			Method: "POST", Path: "/api/golden-rules/drafts/{id}/" + one.word, ID: one.word + "-rule-draft", Permission: "match:admin", Status: 202,
			Summary: one.summary, Tags: tags,
		}, func(ctx context.Context, in *web.ByID) (*draftOutput, error) {
			draft, err := one.do(ctx, in.ID)
			return &draftOutput{draft}, err
		})
	}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/origin", ID: "explain-value", Permission: "customer:read",
		Summary: "Why a field has its value, and which values lost by which criterion", Tags: tags,
	}, func(ctx context.Context, in *explainInput) (*explainOutput, error) {
		e, err := s.Explain(ctx, in.ID, in.Field)
		return &explainOutput{e}, err
	})
}
