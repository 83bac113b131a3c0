// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dangol/internal/platform/auth"
)

// Authenticator recognises who calls.
type Authenticator interface {
	// Recognise returns the person of a session, or fault.Unauthenticated;
	// byPerson says that a person acted, which extends the session.
	Recognise(ctx context.Context, token string, byPerson bool) (auth.Person, error)
	// RecogniseToken returns the person of an API token, or fault.Unauthenticated.
	RecogniseToken(ctx context.Context, token string) (auth.Person, error)
}

// Options configure a server.
type Options struct {
	Auth    Authenticator
	Version string
	// Pages holds the built user interface (index.html, assets/…); may be nil.
	Pages fs.FS
	// PublicURL is how browsers reach the server; https turns on HSTS and
	// secure cookies even behind a proxy that ends TLS.
	PublicURL string
	// TrustedProxies may state the caller's address in X-Forwarded-For.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
	// Ready reports why the server cannot do its work, or nil.
	Ready func(ctx context.Context) error
}

// Server is the HTTP side of the product.
type Server struct {
	options   Options
	mux       *http.ServeMux
	api       huma.API
	namer     *schemaNamer
	routes    []Route
	admission *admission
	metrics   *metrics
	hub       *Hub
	started   time.Time
	handler   http.Handler
	isSecure  bool
	lastSeen  atomic.Int64 // when a person last asked for something, in µs
}

// NewServer makes a server with its own routes: health, metrics, API document,
// documentation, live stream and pages. Capabilities add theirs through API.
func NewServer(options Options) *Server {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	s := &Server{
		options: options, mux: http.NewServeMux(), admission: newAdmission(), namer: &schemaNamer{},
		metrics: newMetrics(options.Version), started: time.Now(),
		isSecure: len(options.PublicURL) >= 8 && options.PublicURL[:8] == "https://",
	}
	s.hub = newHub()
	s.api = humago.New(s.mux, s.humaConfig())
	s.ownRoutes()
	s.handler = s.chain(s.mux)
	return s
}

func init() {
	// huma keeps these as package variables; set once, before any route.
	huma.NewError = newProblem
	huma.DefaultArrayNullable = false
}

func (s *Server) humaConfig() huma.Config {
	config := huma.DefaultConfig("Dangol", s.options.Version)
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", s.namer.name)
	config.CreateHooks = nil // no $schema property and no Link header in answers
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Transformers = []huma.Transformer{fillLists}
	config.Info.Description = "Every operation names its permission in x-permission. Sign in with POST /api/session (cookie; unsafe methods then need the header X-Dangol: 1), or send an API token as Authorization: Bearer."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName(s.isSecure), Description: "Cookie set by POST /api/session."},
		"token":   {Type: "http", Scheme: "bearer", Description: "API token made under Settings."},
	}
	return config
}

// API returns where capabilities register their routes.
func (s *Server) API() API { return API{server: s} }

// Hub returns the hub of the live stream.
func (s *Server) Hub() *Hub { return s.hub }

// LastSeen returns when a person last asked for something (not by polling);
// bulk work gives way while people are there.
func (s *Server) LastSeen() time.Time {
	if at := s.lastSeen.Load(); at != 0 {
		return time.UnixMicro(at)
	}
	return time.Time{}
}

// OpenAPI returns the document of all routes.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) handle(method, path, permission string, handler http.HandlerFunc) {
	pattern := path
	if method != "" {
		pattern = method + " " + path
	}
	s.routes = append(s.routes, Route{Method: method, Path: path, Permission: permission})
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := permit(r.Context(), permission); err != nil {
			s.refuse(w, r, err)
			return
		}
		handler(w, r)
	})
}

func (s *Server) ownRoutes() {
	s.handle("GET", "/healthz", Public, func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	s.handle("GET", "/readyz", Public, s.serveReady)
	s.handle("GET", "/metrics", Public, s.serveMetrics)
	s.handle("GET", "/openapi.json", Public, s.serveOpenAPI)
	s.handle("GET", "/api/docs", Public, serveDocsPage)
	s.handle("GET", "/api/docs/{file}", Public, serveDocsFile)
	s.handle("GET", "/api/live", SignedIn, s.serveLive)
	s.handle("", "/api/", Public, func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNoRoute(r)) })
	s.handle("", "/", Public, s.servePages())
}

func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if s.options.Ready != nil {
		if err := s.options.Ready(ctx); err != nil {
			// Asked every second by whoever watches: the log would fill with it.
			logFrom(ctx).Debug("not ready", "error", err)
			writeProblemTo(problemOf(err), w.Header().Set, w.WriteHeader, w.Write)
			return
		}
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the caller has gone when this fails
}
