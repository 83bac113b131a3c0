// SPDX-License-Identifier: Apache-2.0

package app

import (
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/team"
)

// services are the capabilities themselves, for the files that connect them.
type services struct {
	order *order.Service
}

// connect makes every capability and connects those that need each other. The
// warehouse and the server are not open yet; afterWarehouse goes on.
func (a *App) connect() error {
	a.Team = team.New(a.DB, a.Journal, a.Journal, team.Company{Name: a.Config.Company, Zone: a.Config.Zone, Currency: a.Config.Currency})
	a.Auth = auth.New(a.DB, a.Team, auth.Options{Idle: a.Config.SessionIdle, Absolute: a.Config.SessionAbsolute, Clear: a.Config.UnmaskFor})
	a.Team.Connect(a.Auth)
	s := &a.services
	s.order = order.New(a.DB, order.Options{Zone: a.Config.location(), Currency: a.Config.Currency})
	a.capabilities = []Capability{
		{Name: "team", Routes: a.Team.Routes, Start: a.Team.EnsureRoles},
		{Name: "order", Routes: s.order.Routes},
	}
	return nil
}

// afterWarehouse makes the capabilities that ask the warehouse.
func (a *App) afterWarehouse() error {
	return nil
}
