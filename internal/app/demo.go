// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"slices"

	"dangol/internal/demo"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/team"
)

// demoPassword is published on the sign-in page of a demo installation.
const demoPassword = "dangol-demo-2026"

// prepareDemo makes the demo accounts in an empty installation and publishes
// the first of them; an installation that was once a demo publishes it again.
func (a *App) prepareDemo(ctx context.Context, isEmpty bool) error {
	ctx = auth.System(auth.WithDirectory(ctx, a.Team), "demo")
	accounts := demo.Accounts()
	if isEmpty {
		for _, account := range accounts {
			if err := a.addDemoAccount(ctx, account); err != nil {
				return fmt.Errorf("make the demo account %s: %w", account.Email, err)
			}
		}
	}
	person, err := a.Team.FindByEmail(ctx, accounts[0].Email)
	if fault.Is(err, fault.NotFound) || person.IsDisabled {
		return nil // not a demo installation: nothing to publish
	}
	if err != nil {
		return err
	}
	a.Team.SetDemo(team.DemoAccount{Email: accounts[0].Email, Password: demoPassword})
	return nil
}

func (a *App) addDemoAccount(ctx context.Context, account demo.Account) error {
	if account.Branch != "" {
		branches, err := a.Team.ListBranches(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(branches, func(b team.Branch) bool { return b.Name == account.Branch }) {
			if _, err := a.Team.CreateBranch(ctx, team.Branch{Name: account.Branch}); err != nil {
				return err
			}
		}
	}
	_, err := a.Team.Create(ctx, team.Draft{
		Email: account.Email, Name: account.Name, Password: demoPassword, Roles: []string{account.Role}, Branch: account.Branch, Locale: "ko",
	})
	return err
}
