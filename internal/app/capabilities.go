// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"dangol/internal/campaign"
	"dangol/internal/campaign/journey"
	"dangol/internal/campaign/offer"
	"dangol/internal/consent"
	"dangol/internal/cube"
	"dangol/internal/cube/board"
	"dangol/internal/cube/lake"
	"dangol/internal/cube/subscription"
	"dangol/internal/cube/tier"
	"dangol/internal/cube/workspace"
	"dangol/internal/customer"
	"dangol/internal/customer/crosswalk"
	"dangol/internal/customer/household"
	"dangol/internal/customer/referral"
	"dangol/internal/dataquality/steward"
	"dangol/internal/intake"
	"dangol/internal/mail"
	"dangol/internal/mail/dispatch"
	"dangol/internal/match"
	"dangol/internal/mining"
	"dangol/internal/order"
	"dangol/internal/performance"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/segment"
	"dangol/internal/team"
)

// services are the capabilities themselves, for the files that connect them.
type services struct {
	customer  *customer.Service
	household *household.Service
	referral  *referral.Service
	steward   *steward.Service
	crosswalk *crosswalk.Service
	intake    *intake.Service
	order     *order.Service
	consent   *consent.Service
	mail      *mail.Service
	dispatch  *dispatch.Service
	campaign  *campaign.Service
	journey   *journey.Service
	offer     *offer.Service
	result    *performance.Service
	cube      *cube.Service
	board     *board.Service
	workspace *workspace.Service
	subscribe *subscription.Service
	lake      *lake.Service
	tier      *tier.Service
	segment   *segment.Service
	mining    *mining.Service
	match     *match.Service
}

// connect makes the capabilities of the system of record and connects those
// that need each other; afterWarehouse makes those that ask the warehouse.
func (a *App) connect() error {
	zone, currency, s := a.Config.location(), a.Config.Currency, &a.services
	a.Team = team.New(a.DB, a.Journal, a.Journal, team.Company{Name: a.Config.Company, Zone: a.Config.Zone, Currency: currency})
	a.Auth = auth.New(a.DB, a.Team, auth.Options{Idle: a.Config.SessionIdle, Absolute: a.Config.SessionAbsolute, Clear: a.Config.UnmaskFor})
	a.Team.Connect(a.Auth)
	s.customer = customer.New(a.DB, a.Journal, customer.Options{Zone: zone, Currency: currency})
	s.customer.UseLinker(match.NewLinker(s.customer.Store()))
	s.order = order.New(a.DB, order.Options{Zone: zone, Currency: currency})
	s.consent = consent.New(a.DB, a.Journal, consent.Options{Zone: zone})
	s.consent.UseStaff(staff{a.Team})
	s.consent.UsePurchases(purchases{s.order})
	s.intake = intake.New(a.DB, a.Journal, a.Jobs, a.Files, s.customer, intake.Config{Zone: zone, Currency: currency})
	s.intake.UseFacts(orderFacts{s.order})
	s.intake.UseConsents(consents{s.consent})
	s.customer.UseHeaders(s.intake.HeadersOf)
	outbox := mail.NewOutbox(filepath.Join(a.Config.Data, "outbox"), nil)
	transport, err := a.outlet(outbox)
	if err != nil {
		return err
	}
	s.mail = mail.New(a.DB, a.Journal, s.consent, transport, outbox, mail.Options{
		From: a.Config.MailFrom, Return: a.Config.MailReturn, Site: a.Config.publicURL(), Zone: zone,
		Receives: a.Config.MailDoor != "" || len(a.Config.Mailboxes) > 0,
	})
	s.mail.UseWays(ways{transport})
	s.mail.UseVault(a.keys)
	s.customer.AddTimeline(s.order)
	s.campaign = campaign.New(a.DB, a.Journal, a.Jobs, nil, s.consent, s.mail, campaign.Options{Data: a.Config.Data, Currency: currency, Workers: a.Config.MailWorkers})
	s.dispatch = dispatch.New(a.DB, a.Journal, s.consent, s.mail, writers{a.DB, a.Journal, s.customer}, orderNews{s.order})
	s.consent.UseContacts(contacts{s.campaign, s.dispatch})
	a.connectLetters()
	s.campaign.UsePurchases(s.order)
	s.offer = offer.New(a.DB, a.Journal, zone, currency)
	s.journey = journey.New(a.DB, a.Journal, a.Jobs, s.order, s.campaign, journey.Options{Zone: zone, Currency: currency})
	s.result = performance.New(a.DB, a.Journal, s.campaign, s.order)
	s.result.UseJourneys(s.journey)
	money := ledger{s.order, s.consent}
	s.household = household.New(a.DB, a.Journal, s.customer, money, zone)
	s.customer.AddFollower(s.household)
	s.referral = referral.New(s.customer, money)
	s.crosswalk = crosswalk.New(a.DB, a.Journal, s.customer, zone)
	s.steward = steward.New(a.DB, a.Journal, s.customer, outside{s.consent, a.Team}, zone)
	s.customer.AddTimeline(s.consent)
	s.customer.AddTimeline(s.campaign)
	s.match = match.New(a.DB, a.Journal, a.Jobs, s.customer)
	s.match.UseStakes(stakes{s.order, s.consent})
	s.customer.AddTimeline(s.mail)
	if err := a.connectInbox(); err != nil {
		return err
	}
	for _, keeper := range []interface{ Eraser() customer.Eraser }{s.match, s.household, s.crosswalk, s.steward, s.campaign, s.mail, s.intake, s.order, s.consent} {
		s.customer.AddEraser(keeper.Eraser())
	}
	s.customer.UseErasureList(a.Config.erasureList())
	a.capabilities = []Capability{
		{Name: "team", Routes: a.Team.Routes, Start: a.Team.EnsureRoles},
		{Name: "customer", Routes: s.customerRoutes, Jobs: s.customerJobs, Tables: customer.Tables(a.DB), Cubes: customer.Cubes(a.DB)},
		{Name: "dataquality", Routes: s.steward.Routes, Jobs: s.steward.RegisterJobs},
		{Name: "intake", Routes: s.intake.Routes, Jobs: func(*job.Queue) { s.intake.RegisterJobs() }, Topics: map[string]string{"batch": "customer:import"}},
		{Name: "order", Routes: s.order.Routes, Tables: order.Tables(a.DB, zone), Cubes: order.Cubes()},
		{Name: "consent", Routes: s.consent.Routes, Jobs: s.consent.RegisterJobs, Tables: consent.Tables(a.DB), Cubes: consent.Cubes()},
		{
			Name: "mail", Routes: s.mailRoutes, Jobs: s.mailJobs, Topics: map[string]string{"mail": "mail:inbox"}, Start: s.startMail,
			Run: a.mindMail, Consumers: map[string]func(context.Context, []journal.Entry) error{"dispatch": s.dispatch.Follow},
		},
		{
			Name: "campaign", Routes: s.campaignRoutes, Jobs: s.campaignJobs,
			Topics: map[string]string{"campaign": "campaign:read", "journey": "campaign:read"},
			Tables: campaign.Tables(a.DB), Cubes: campaign.Cubes(), Consumers: map[string]func(context.Context, []journal.Entry) error{"journey": s.journey.Follow},
		},
		{Name: "performance", Routes: s.result.Routes, Jobs: s.result.RegisterJobs},
		{
			Name: "match", Routes: s.match.Routes, Jobs: s.match.RegisterJobs,
			Consumers: map[string]func(context.Context, []journal.Entry) error{"match": s.match.Follow},
		},
	}
	return nil
}

// afterWarehouse makes the capabilities that ask the warehouse.
func (a *App) afterWarehouse() error {
	zone, currency, s := a.Config.location(), a.Config.Currency, &a.services
	var cubes []warehouse.Cube
	var tables []warehouse.Table
	for _, capability := range a.capabilities {
		cubes, tables = append(cubes, capability.Cubes...), append(tables, capability.Tables...)
	}
	cubes = append(cubes, mining.Cubes()...)
	var err error
	s.cube, err = cube.New(a.DB, a.Warehouse, cubes, cube.Options{
		Currency: currency, Zone: zone, Access: a.Journal, Journal: a.Journal, Roles: roleBook{a.Team}, FiscalMonth: a.Config.FiscalMonth,
	})
	if err != nil {
		return fmt.Errorf("make the cubes: %w", err)
	}
	s.board = board.New(a.DB, a.Warehouse, s.cube, returns{s.campaign, s.result})
	s.workspace = workspace.New(a.DB, a.Warehouse, s.cube, a.Journal)
	s.workspace.LimitMemory(a.Config.SQLMemoryMB)
	s.lake = lake.New(filepath.Join(a.Config.Data, "parquet"), a.DB, a.Warehouse, s.workspace, a.Jobs, s.cube.Note, zone)
	s.tier = tier.New(a.DB, a.Warehouse, tier.Options{
		Jobs: a.Jobs, Note: s.cube.Note, Zone: zone, Currency: currency, Labels: tableLabels(cubes), Settle: a.catchUp, Rebuild: a.orderRebuild,
	})
	a.Warehouse.OnRebuilt(s.tier.Order)
	a.Warehouse.OnDamagedCold(func() {
		if err := a.orderRebuild(auth.System(context.Background(), rebuildJob)); err != nil {
			a.log.Error("the rebuild could not be ordered", "error", err)
		}
	})
	s.customer.AddEraser(coldEraser(s.tier))
	s.subscribe = subscription.New(a.DB, s.cube, s.board, post{s.mail}, colleagues{a.Team}, subscription.Options{
		Zone: zone, Site: a.Config.publicURL(), Font: paperFont,
	})
	s.segment = segment.New(a.DB, a.Journal, a.Warehouse, s.cube, segment.Options{Tables: tables, Zone: zone, Faces: faces{s.customer}, People: s.customer})
	if err := a.openImage(cubes); err != nil {
		return err
	}
	s.segment.UseImage(a.Image)
	s.cube.UseImage(a.Image)
	if a.Mirror != nil {
		s.cube.UseCluster(a.Mirror)
	}
	s.customer.UseFinder(s.segment)
	s.campaign.UseRecipients(s.segment)
	s.journey.UseMembers(s.segment)
	s.offer.UseMembers(s.segment)
	s.campaign.UseFresh(a.catchUp)
	s.mining = mining.New(a.DB, a.Journal, a.Warehouse, mining.Options{Currency: currency, Zone: zone})
	s.mining.UseImage(a.Image)
	s.mining.UseMembers(s.segment)
	s.mining.UseAttributes(findings{s.customer})
	s.offer.UseProposals(offered{s.mining})
	s.mail.UseProposals(mailed{s.mining})
	s.mining.UseForgetter(forgetting{s.customer})
	s.customer.UseLimits(s.mining)
	s.order.UseSight(s.customer)
	s.mining.UseBusy(s.intake.IsBusy)
	s.customer.AddEraser(s.mining.Eraser())
	s.mining.UseHappenings(happenings{s.mail, s.offer})
	s.mining.UseIntroducers(introducers{s.customer.Store()})
	a.Warehouse.OnRebuilt(s.mining.AfterRebuild)
	a.capabilities = slices.Concat(a.capabilities, []Capability{
		{Name: "cube", Routes: s.cubeRoutes, Jobs: s.cubeJobs, Run: a.followMirror},
		{Name: "segment", Routes: s.segment.Routes, Run: s.segment.Run},
		{
			Name: "mining", Routes: s.mining.Routes, Jobs: s.mining.RegisterJobs,
			Consumers: map[string]func(context.Context, []journal.Entry) error{"mining": s.mining.Follow},
		},
	})
	return nil
}

// afterWeb connects what needs the server.
func (a *App) afterWeb() {
	a.services.intake.UseHub(a.Web.Hub().Publish)
	a.services.intake.UsePeople(a.Web.LastSeen)
	a.services.campaign.UseHub(a.Web.Hub().Publish)
	a.services.journey.UseHub(a.Web.Hub().Publish)
	a.services.mail.UseHub(a.Web.Hub().Publish)
	a.services.dispatch.UseHub(a.Web.Hub().Publish)
}
