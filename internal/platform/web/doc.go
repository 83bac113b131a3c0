// SPDX-License-Identifier: Apache-2.0

// Package web serves the API, the pages and the live stream over HTTP. It is
// the one place where kinds of faults become statuses and where each route
// must name its permission. How a capability's routes.go looks:
//
//	type listInput struct {
//		web.Paging                                     // ?cursor=&limit=
//		Query string `query:"q" doc:"Name, initials, phone digits or e-mail."`
//	}
//	type findOutput struct{ Body Customer }
//
//	func (s *Service) Routes(api web.API) {
//		web.Register(api, web.Operation{Method: "GET", Path: "/api/customers", ID: "list-customers",
//			Permission: "customer:read", Cost: web.List, Summary: "List customers", Tags: []string{"customer"}},
//			func(ctx context.Context, in *listInput) (*web.Page[Customer], error) {
//				items, next, total, err := s.List(ctx, Filter{Query: in.Query, Cursor: in.Cursor, Limit: in.Limit})
//				return web.NewPage(items, next, total), err
//			})
//		web.Register(api, web.Operation{Method: "GET", Path: "/api/customers/{id}", ID: "find-customer",
//			Permission: "customer:read", Summary: "Find a customer", Tags: []string{"customer"}},
//			func(ctx context.Context, in *web.ByID) (*findOutput, error) { … })
//	}
//
// Inputs are structs with path, query and header tags and a Body field; outputs
// are structs with a Body field, *web.Page, *web.Download or *web.Empty.
// Multipart uploads embed web.Upload in the input. Who acts is in ctx (auth);
// the deadline of the cost class is in ctx too. Errors are faults.
package web
