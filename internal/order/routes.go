// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type listInput struct {
	web.Paging
	CustomerID int64  `query:"customer_id" doc:"Only orders of this customer."`
	Status     string `query:"status" enum:"paid,pending,cancelled,returned,refunded" doc:"Only orders with this status."`
	From       string `query:"from" doc:"First day, ISO date in the company's zone."`
	To         string `query:"to" doc:"Last day, ISO date in the company's zone."`
	Store      string `query:"store" doc:"Only orders of this store."`
	Channel    string `query:"channel" doc:"Only orders of this channel."`
}

type productsInput struct {
	web.Paging
	Query string `query:"q" doc:"Beginning of the name, or the product number."`
}

type ofCustomerInput struct {
	web.ByID
	web.Paging
}

type orderOutput struct{ Body Order }

// Routes registers the routes of orders and products.
func (s *Service) Routes(api web.API) {
	tags := []string{"order"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/orders", ID: "list-orders", Permission: "order:read", Cost: web.List,
		Summary: "List orders", Tags: tags,
	}, s.handleList)
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/orders/{id}", ID: "find-order", Permission: "order:read",
		Summary: "Find an order with its lines", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*orderOutput, error) {
		found, err := s.Find(ctx, in.ID)
		return &orderOutput{found}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/orders", ID: "list-orders-of-customer", Permission: "order:read", Cost: web.List,
		Summary: "List orders of a customer", Tags: tags,
	}, func(ctx context.Context, in *ofCustomerInput) (*web.Page[Order], error) {
		return s.page(ctx, Filter{CustomerID: in.ID, Cursor: in.Cursor, Limit: in.Limit})
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/products", ID: "list-products", Permission: "order:read", Cost: web.List,
		Summary: "List products", Tags: tags,
	}, func(ctx context.Context, in *productsInput) (*web.Page[Product], error) {
		items, next, err := s.ListProducts(ctx, in.Query, in.Cursor, in.Limit)
		return web.NewPage(items, next, nil), err
	})
}

func (s *Service) handleList(ctx context.Context, in *listInput) (*web.Page[Order], error) {
	filter := Filter{
		CustomerID: in.CustomerID, Status: Status(in.Status), Store: in.Store, Channel: in.Channel,
		Cursor: in.Cursor, Limit: in.Limit,
	}
	var err error
	if filter.From, err = s.day(in.From, 0); err != nil {
		return nil, err
	}
	if filter.To, err = s.day(in.To, 1); err != nil {
		return nil, err
	}
	return s.page(ctx, filter)
}

func (s *Service) page(ctx context.Context, filter Filter) (*web.Page[Order], error) {
	items, next, count, capped, err := s.List(ctx, filter)
	return web.NewPage(items, next, &web.Total{Count: count, Capped: capped}), err
}

// day reads an ISO date as the start of the day, or with 1 of the day after.
func (s *Service) day(text string, after int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, s.zone)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "order.bad_date", "\"{value}\" is no date; write it like 2026-11-21.", "value", text)
	}
	return at.AddDate(0, 0, after), nil
}
