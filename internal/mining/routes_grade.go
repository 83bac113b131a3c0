// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	gradesOutput struct{ Body *Grades }
	versionInput struct {
		Body struct {
			Rules  GradeRules `json:"rules"`
			Note   string     `json:"note,omitempty"`
			FromOn string     `json:"from_on,omitempty" doc:"today or later; empty is today"`
		}
	}
	versionOutput  struct{ Body *GradeVersion }
	simulateInput  struct{ Body GradeRules }
	simulateOutput struct{ Body *GradeMoves }
	spellsOutput   struct{ Body *CustomerGrades }
	overdueOutput  struct{ Body *Overdue }
)

// gradeRoutes registers the routes of grades.
func (s *Service) gradeRoutes(api web.API) {
	tags := []string{"mining"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/grades", ID: "list-grades", Permission: "mining:read", Cost: web.List,
		Summary: "The versions of the rules of grades, and how many have which", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*gradesOutput, error) {
		out, err := s.ListGrades(ctx)
		return &gradesOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/grades", ID: "create-grade-version", Permission: "mining:update", Status: http.StatusCreated,
		Summary: "Add rules of grades that hold from a day on", Tags: tags,
	}, func(ctx context.Context, in *versionInput) (*versionOutput, error) {
		out, err := s.CreateGradeVersion(ctx, GradeVersion{Rules: in.Body.Rules, Note: in.Body.Note, FromOn: in.Body.FromOn})
		return &versionOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/grades/simulation", ID: "simulate-grades", Permission: "mining:update", Cost: web.Heavy,
		Summary: "Who would move by other rules of grades; nobody does", Tags: tags,
	}, func(ctx context.Context, in *simulateInput) (*simulateOutput, error) {
		out, err := s.SimulateGrades(ctx, in.Body)
		return &simulateOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/grades/overdue", ID: "list-overdue-grades", Permission: "mining:read", Cost: web.Heavy,
		Summary: "How many of each grade have not bought for longer than their data is kept", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*overdueOutput, error) {
		out, err := s.ListOverdue(ctx)
		return &overdueOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/customers/{id}/grades", ID: "list-customer-grades", Permission: "mining:read",
		Summary: "The grades that a customer has had, and what is announced", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*spellsOutput, error) {
		out, err := s.GradesOf(ctx, in.ID)
		return &spellsOutput{out}, err
	})
}
