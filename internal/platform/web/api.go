// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dangol/internal/platform/auth"
)

// Permissions that are no permission of a role.
const (
	// Public marks the few routes that anybody may call: sign-in, unsubscribe,
	// tracking, health.
	Public = "public"
	// SignedIn marks routes about the caller's own session and settings.
	SignedIn = "signed_in"
)

// bodyLimit is the largest JSON body unless the operation says otherwise.
const bodyLimit = 1 << 20

// Operation describes one route. Permission is required: a capability's
// "capability:action", Public or SignedIn.
type Operation struct {
	Method      string
	Path        string
	ID          string
	Permission  string
	Summary     string
	Description string
	Tags        []string
	// Cost is the class of work for admission and deadline; zero means Quick.
	Cost Cost
	// Status is the status of success; zero means 200, or 204 for *Empty.
	Status int
	// MaxBodyBytes raises the limit of 1 MiB for JSON bodies.
	MaxBodyBytes int64
	// Timeout replaces the deadline of the cost class.
	Timeout time.Duration
}

// API is where capabilities register their routes.
type API struct {
	server *Server
}

// Register adds a route. It panics at start when the permission is missing or
// has no known form, so that no unprotected route can ever be served.
func Register[I, O any](api API, op Operation, handler func(context.Context, *I) (*O, error)) {
	if err := op.check(); err != nil {
		panic(err)
	}
	s := api.server
	input := reflect.TypeFor[I]()
	s.namer.enter(input)
	described := op.describe(s)
	isUpload := input == uploadType || embeds(input, uploadType)
	if isUpload {
		described.RejectUnknownQueryParameters = false
	}
	huma.Register(s.api, described, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
	if isUpload { // afterwards, else huma reads the body into memory
		s.api.OpenAPI().Paths[op.Path].Post.RequestBody = uploadBody()
	}
	s.routes = append(s.routes, Route{Method: op.Method, Path: op.Path, Permission: op.Permission, ID: op.ID})
}

func (op Operation) check() error {
	capability, action, isPair := strings.Cut(op.Permission, ":")
	switch {
	case op.Permission == "":
		return fmt.Errorf("route %s %s names no permission; use web.Public only if strangers may call it", op.Method, op.Path)
	case op.Permission != Public && op.Permission != SignedIn && (!isPair || capability == "" || action == ""):
		return fmt.Errorf("route %s %s: %q is no permission of the form capability:action", op.Method, op.Path, op.Permission)
	case op.ID == "" || op.Summary == "":
		return fmt.Errorf("route %s %s needs an ID and a Summary", op.Method, op.Path)
	}
	return nil
}

func (op Operation) describe(s *Server) huma.Operation {
	if op.Timeout == 0 {
		op.Timeout = op.Cost.deadline()
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = bodyLimit
	}
	described := huma.Operation{
		Method: op.Method, Path: op.Path, OperationID: op.ID, Summary: op.Summary,
		Description: op.Description, Tags: op.Tags, DefaultStatus: op.Status,
		MaxBodyBytes: op.MaxBodyBytes, BodyReadTimeout: op.readTimeout(),
		Middlewares: huma.Middlewares{s.guard(op)},
		// Links in mails get parameters added on their way, so public routes take any.
		RejectUnknownQueryParameters: op.Permission != Public,
		Extensions:                   map[string]any{"x-permission": op.Permission},
	}
	if op.Permission != Public {
		described.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	return described
}

// readTimeout bounds the reading of the body. It outlives the handler: a read
// deadline that passes while the handler works would cancel its context.
func (op Operation) readTimeout() time.Duration {
	if op.Timeout <= 0 {
		return -1
	}
	return op.Timeout + 5*time.Second
}

// guard runs before anything of the request is parsed: permission, admission, deadline.
func (s *Server) guard(op Operation) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		ctx := hc.Context()
		if err := permit(ctx, op.Permission); err != nil {
			s.writeProblem(hc, err)
			return
		}
		release, err := s.admission.enter(ctx, op.Cost, auth.From(ctx).ID)
		if err != nil {
			s.metrics.refused.WithLabelValues(op.Cost.String()).Inc()
			s.writeProblem(hc, err)
			return
		}
		defer release()
		if op.Timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, op.Timeout)
			defer cancel()
		}
		next(huma.WithContext(hc, context.WithValue(ctx, serverKey{}, s)))
	}
}

func permit(ctx context.Context, permission string) error {
	switch permission {
	case Public:
		return nil
	case SignedIn:
		if !auth.From(ctx).IsSignedIn() {
			return auth.ErrSignedOut()
		}
		return nil
	}
	return auth.Check(ctx, permission)
}

// Route is one route of the server, for the rights matrix and the page of roles.
type Route struct {
	Method, Path, Permission, ID string
}

// Routes lists every route that the server answers, huma's and raw ones alike.
func (s *Server) Routes() []Route { return append([]Route(nil), s.routes...) }

// Handle adds a raw route (pages, metrics, health); it demands a permission too.
func (api API) Handle(method, path, permission string, handler http.HandlerFunc) {
	if permission == "" {
		panic(fmt.Sprintf("route %s %s names no permission", method, path))
	}
	api.server.handle(method, path, permission, handler)
}

// Permissions lists every permission that a route asks for, in order.
func (api API) Permissions() []string {
	var list []string
	for _, route := range api.server.routes {
		if route.Permission != Public && route.Permission != SignedIn {
			list = append(list, route.Permission)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Hub returns the hub of the live stream.
func (api API) Hub() *Hub { return api.server.hub }

func embeds(t, want reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if field := t.Field(i); field.Anonymous && (field.Type == want || embeds(field.Type, want)) {
			return true
		}
	}
	return false
}
