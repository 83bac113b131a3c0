// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"

	"dangol/internal/match/linkage"
	"dangol/internal/match/weight"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// ModelChange is what a person changes of the model in use; nil leaves a value as it is.
type ModelChange struct {
	// BaseID is the model that was shown; when another one is in use by now the change is refused.
	BaseID      int64               `json:"base_id"`
	LinkAt      *float64            `json:"link_at,omitempty" minimum:"-60" maximum:"60"`
	ReviewAt    *float64            `json:"review_at,omitempty" minimum:"-60" maximum:"60"`
	Lambda      *float64            `json:"lambda,omitempty"`
	Comparisons []weight.Comparison `json:"comparisons,omitempty" doc:"All comparisons with their levels; only m, u and frequency_weight may differ."`
	// FollowRun lets the next run choose the thresholds again.
	FollowRun bool `json:"follow_run,omitempty"`
}

// FindModel returns a model, 0 for the one in use, or fault.NotFound.
func (s *Service) FindModel(ctx context.Context, id int64) (*Model, error) {
	return s.store.findModel(ctx, id)
}

// ListModels returns the models that were used, newest first.
func (s *Service) ListModels(ctx context.Context) ([]*Model, error) {
	return s.store.listModels(ctx, 20)
}

// ChangeModel saves a changed copy of the model in use, which is used from then on.
func (s *Service) ChangeModel(ctx context.Context, change ModelChange) (*Model, error) {
	var changed *Model
	err := s.db.Within(ctx, func(ctx context.Context) error {
		base, err := s.store.findModel(ctx, 0)
		if err != nil {
			return err
		}
		if base.ID != change.BaseID {
			return fault.New(fault.Conflict, "match.model_changed", "Another model (number {id}) is in use by now; load it and change that one.", "id", base.ID)
		}
		if changed, err = change.apply(base); err != nil {
			return err
		}
		return s.useModel(ctx, changed, base)
	})
	return changed, err
}

func (c ModelChange) apply(base *Model) (*Model, error) {
	spec := *base.Spec
	model := *spec.Model
	spec.Model = &model
	m := &Model{Reason: "edit", Spec: &spec, LinkAt: base.LinkAt, ReviewAt: base.ReviewAt, IsTuned: base.IsTuned, frequencies: base.frequencies}
	if c.LinkAt != nil {
		m.LinkAt, m.IsTuned = *c.LinkAt, true
	}
	if c.ReviewAt != nil {
		m.ReviewAt, m.IsTuned = *c.ReviewAt, true
	}
	if c.FollowRun {
		m.IsTuned = false
	}
	if c.Lambda != nil {
		model.Lambda = *c.Lambda
	}
	if c.Comparisons != nil {
		if err := sameShape(model.Comparisons, c.Comparisons); err != nil {
			return nil, err
		}
		model.Comparisons = c.Comparisons
	}
	return m, m.check()
}

func sameShape(was, is []weight.Comparison) error {
	bad := fault.New(fault.Invalid, "match.other_shape", "The comparisons and their levels have to stay as they are; only m, u, λ and thresholds can be changed.")
	if len(was) != len(is) {
		return bad
	}
	for i := range was {
		if was[i].Name != is[i].Name || len(was[i].Levels) != len(is[i].Levels) {
			return bad
		}
	}
	return nil
}

func (m *Model) check() error {
	if m.Spec == nil || m.Spec.Model == nil || len(m.Spec.Kinds) != len(m.Spec.Model.Comparisons) || len(m.Spec.Rules) == 0 {
		return fault.New(fault.Invalid, "match.bad_model", "This is no model: comparisons, kinds or blocking rules are missing.")
	}
	if err := m.Spec.Validate(); err != nil {
		return err
	}
	if err := m.Spec.Model.Validate(); err != nil {
		return fault.New(fault.Invalid, "match.bad_value", "The model cannot be used: {why}.", "why", err.Error())
	}
	for _, c := range m.Spec.Model.Comparisons {
		for _, l := range c.Levels[1:] {
			if l.M <= 0 || l.U <= 0 {
				return fault.New(fault.Invalid, "match.zero", "m and u of {comparison} ({level}) must be above 0: a weight without end decides everything.", "comparison", c.Name, "level", l.Label)
			}
		}
	}
	if m.ReviewAt > m.LinkAt {
		return fault.New(fault.Invalid, "match.thresholds", "The threshold of the review queue must not lie above that of linking.")
	}
	return nil
}

// useModel saves a model that is used from then on and lets the live index follow.
func (s *Service) useModel(ctx context.Context, m, before *Model) error {
	m.CreatedBy = auth.From(ctx).ID
	if err := s.store.createModel(ctx, m); err != nil {
		return fmt.Errorf("save the model: %w", err)
	}
	s.live.forget()
	if _, err := s.jobs.Add(ctx, jobIndex, struct{}{}, job.Options{Unique: "index"}); err != nil {
		return err
	}
	var was any
	if before != nil {
		was = map[string]any{"id": before.ID, "link_at": before.LinkAt, "review_at": before.ReviewAt}
	}
	return s.log(ctx, "match.model_"+m.Reason, "match_model", m.ID, was, map[string]any{"id": m.ID, "link_at": m.LinkAt, "review_at": m.ReviewAt})
}

// ModelFile is a model as it leaves and enters the product.
type ModelFile struct {
	Format      string              `json:"format"`
	Spec        *linkage.Spec       `json:"spec"`
	Frequencies linkage.Frequencies `json:"frequencies,omitempty" doc:"Common values and how many records hold them; left out unless asked for, because they are values of people."`
	LinkAt      float64             `json:"link_at"`
	ReviewAt    float64             `json:"review_at"`
}

const modelFormat = "dangol-match-model/1"

// ExportModel returns the model in use as a file, without values of people.
func (s *Service) ExportModel(ctx context.Context) (*ModelFile, error) {
	m, err := s.store.findModel(ctx, 0)
	if err != nil {
		return nil, err
	}
	return &ModelFile{Format: modelFormat, Spec: m.Spec, LinkAt: m.LinkAt, ReviewAt: m.ReviewAt}, nil
}

// ImportModel uses a model from a file; how common values are is kept from the model before.
func (s *Service) ImportModel(ctx context.Context, file ModelFile) (*Model, error) {
	if file.Format != modelFormat {
		return nil, fault.New(fault.Invalid, "match.bad_format", "This is no model file of Dangol ({format} is expected).", "format", modelFormat)
	}
	m := &Model{Reason: "import", Spec: file.Spec, LinkAt: file.LinkAt, ReviewAt: file.ReviewAt, IsTuned: true}
	if err := m.check(); err != nil {
		return nil, err
	}
	for _, c := range m.Spec.Model.Comparisons {
		if !isEvidence(c.Name) {
			return nil, fault.New(fault.Invalid, "match.unknown_column", "The model compares {column}, which is no field of a customer.", "column", c.Name)
		}
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.findModel(ctx, 0)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if before != nil && sameShape(before.Spec.Model.Comparisons, m.Spec.Model.Comparisons) == nil {
			m.frequencies = before.frequencies
		}
		return s.useModel(ctx, m, before)
	})
	return m, err
}

func isEvidence(name string) bool {
	for _, column := range evidenceColumns {
		if column == name {
			return true
		}
	}
	return false
}
