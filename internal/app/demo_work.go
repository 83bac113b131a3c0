// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/customer/household"
	"dangol/internal/dataquality/steward"
	"dangol/internal/demo"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// How much work the demo company's staff has done when the first person looks.
const (
	demoHouseholds  = 30
	demoIssues      = 12
	demoReferrals   = 40
	demoPerReferrer = 3
)

// addDemoWork looks for households, judges the data and checks the keys, and lets members of staff decide
// some of what was found: pages that live from daily work are not empty on the first day.
func (a *App) addDemoWork(ctx context.Context) error {
	system := auth.System(auth.WithDirectory(ctx, a.Team), "demo")
	s := &a.services
	if _, err := s.household.Search(system, noFence, func(int64, int64, string) {}); err != nil {
		return err
	}
	if _, err := s.crosswalk.Check(system, noFence); err != nil {
		return err
	}
	if err := a.demoHouseholds(system); err != nil {
		return err
	}
	if _, err := s.steward.Scan(system, noFence, func(int64, int64) {}); err != nil {
		return err
	}
	return a.demoMending(system)
}

// demoHouseholds confirms the surest families of three and more, and relates some heads as introducers.
func (a *App) demoHouseholds(ctx context.Context) error {
	list, _, _, err := a.services.household.List(ctx, household.Filter{State: household.Suggested, To: 1000, Limit: 200})
	if err != nil {
		return err
	}
	var heads []int64
	confirmed := 0
	for _, h := range list {
		for _, m := range h.Members {
			if m.IsHead {
				heads = append(heads, m.ID)
			}
		}
		if len(h.Members) < 3 || confirmed == demoHouseholds {
			continue
		}
		if _, err := a.services.household.Confirm(ctx, h.ID); err != nil {
			return fmt.Errorf("confirm household %d: %w", h.ID, err)
		}
		confirmed++
	}
	// The n-th head was introduced by the head before it in a tree of three below each.
	for n := 1; n < min(len(heads), demoReferrals); n++ {
		_, err := a.services.customer.CreateRelation(ctx, customer.Relation{
			CustomerID: heads[n], OtherID: heads[(n-1)/demoPerReferrer], Kind: "introducer",
		})
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
			return fmt.Errorf("relate customers: %w", err)
		}
	}
	return nil
}

// demoMending lets the agent and the marketer look at some worklists: they choose among the values of
// departments, or find them right as they are.
func (a *App) demoMending(ctx context.Context) error {
	for _, account := range demo.Accounts() {
		if account.Role != "agent" && account.Role != "marketer" {
			continue
		}
		person, err := a.Team.FindByEmail(ctx, account.Email)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		acting, err := auth.ActAs(auth.WithDirectory(ctx, a.Team), person.ID)
		if err != nil {
			return err
		}
		if err := a.mendSome(acting); err != nil {
			return fmt.Errorf("work of %s: %w", account.Name, err)
		}
	}
	return nil
}

func (a *App) mendSome(ctx context.Context) error {
	s := &a.services
	after := int64(0)
	for n := range demoIssues {
		issue, err := s.steward.Next(ctx, steward.Ask{Kind: steward.Disagreement}, after)
		if err != nil || issue == nil {
			return err
		}
		after = issue.ID
		outcome := "right"
		if n%3 != 0 {
			for _, value := range issue.Values {
				if value.IsGolden {
					if _, err := s.customer.Pin(ctx, issue.CustomerID, issue.Field, value.RecordID); err != nil {
						return err
					}
					outcome = "mended"
				}
			}
		}
		if err := s.steward.Close(ctx, issue.ID, outcome); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
