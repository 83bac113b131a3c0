// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

type (
	requestKey struct{}
	localKey   struct{}
)

// request is what the chain knows about the request it carries.
type request struct {
	id  string
	log *slog.Logger
}

func requestID(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.id
	}
	return ""
}

func logFrom(ctx context.Context) *slog.Logger {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.log
	}
	return slog.Default()
}

// Local marks connections of the operator's own socket (mode 0600 in the data
// directory): whoever can open it owns the data, and acts as the system.
func Local(ctx context.Context) context.Context {
	return context.WithValue(ctx, localKey{}, true)
}

func isLocal(ctx context.Context) bool {
	local, _ := ctx.Value(localKey{}).(bool)
	return local
}

// chain wraps the router, outermost first: id and log, headers, compression,
// size, who calls, forged requests.
func (s *Server) chain(next http.Handler) http.Handler {
	next = s.refuseForged(next)
	next = s.recognise(next)
	next = http.HandlerFunc(limitBody(next))
	next = compress(next)
	next = s.headers(next)
	return s.observe(next)
}

func limitBody(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, uploadLimit)
		next.ServeHTTP(w, r)
	}
}

// observe gives the request its id, logs it without personal data (the route,
// never the path or query), counts it, and survives panics.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		info := &request{id: newRequestID()}
		info.log = s.options.Log.With("request", info.id)
		seen := &caller{}
		ctx := context.WithValue(r.Context(), requestKey{}, info)
		r = r.WithContext(context.WithValue(ctx, callerKey{}, seen))
		out := &recorder{ResponseWriter: w}
		w.Header().Set("X-Request-Id", info.id)
		s.metrics.inFlight.Inc()
		defer func() {
			s.metrics.inFlight.Dec()
			aborted := s.afterPanic(recover(), out, r)
			s.finish(r, out, seen, time.Since(start))
			if aborted {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// afterPanic answers a panic, and reports whether the connection must break.
func (s *Server) afterPanic(cause any, out *recorder, r *http.Request) bool {
	if cause == nil {
		return false
	}
	err, _ := cause.(error)
	if errors.Is(err, http.ErrAbortHandler) {
		return true
	}
	logFrom(r.Context()).Error("a request panicked", "cause", cause, "stack", string(debug.Stack()))
	if out.status != 0 {
		return true
	}
	s.refuse(out, r, errors.New("panic"))
	return false
}

func (s *Server) finish(r *http.Request, out *recorder, seen *caller, took time.Duration) {
	route := seen.route
	if route == "" {
		route = "none"
	}
	if out.status == 0 {
		out.status = http.StatusOK
	}
	s.metrics.observe(r.Method, route, out.status, took)
	level := slog.LevelInfo
	if route == "/" || strings.HasPrefix(route, "GET /healthz") || strings.HasPrefix(route, "GET /readyz") || strings.HasPrefix(route, "GET /metrics") {
		level = slog.LevelDebug
	}
	logFrom(r.Context()).Log(r.Context(), level, "request", "method", r.Method, "route", route, "status", out.status,
		"bytes", out.written, "ms", float64(took.Microseconds())/1000, "person_id", seen.personID)
}

// caller is filled on the way in and read by the log on the way out.
type caller struct {
	personID int64
	route    string
}

type callerKey struct{}

func callerOf(ctx context.Context) *caller {
	if seen, ok := ctx.Value(callerKey{}).(*caller); ok {
		return seen
	}
	return &caller{}
}

// recorder notes status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status  int
	written int64
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush passes on what is buffered.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// contentPolicy allows nothing from elsewhere and no inline script (ASVS V3.4);
// inline styles are needed by the component library.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), payment=(), usb=()")
		if s.isSecure || r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// compress packs JSON and pages on the way out; files and streams go as they are.
func compress(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1200), gzhttp.CompressionLevel(3),
		gzhttp.ContentTypes([]string{"application/json", "application/problem+json"}), gzhttp.PreferZstd(false), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are constants
	}
	packed := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/live" {
			next.ServeHTTP(w, r)
			return
		}
		packed.ServeHTTP(w, r)
	})
}

// recognise finds out who calls: an API token, a session cookie, or the operator's socket.
func (s *Server) recognise(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		person, err := s.personOf(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		person.Address = s.address(r)
		seen := callerOf(r.Context())
		seen.personID = person.ID
		if person.ID != 0 && isByPerson(r) {
			s.lastSeen.Store(time.Now().UnixMicro())
		}
		r = r.WithContext(auth.With(r.Context(), person))
		defer func() { seen.route = r.Pattern }()
		next.ServeHTTP(w, r)
	})
}

// personOf answers the zero Person for strangers; a cookie that is no longer
// good makes a stranger, a token that is not good is an error.
func (s *Server) personOf(r *http.Request) (auth.Person, error) {
	ctx := r.Context()
	if value, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && s.options.Auth != nil {
		return s.options.Auth.RecogniseToken(ctx, strings.TrimSpace(value))
	}
	if isLocal(ctx) {
		return auth.From(auth.System(ctx, "command line")), nil
	}
	cookie, err := r.Cookie(cookieName(s.isSecureRequest(r)))
	if err != nil || s.options.Auth == nil || isStatic(r.URL.Path) {
		return auth.Person{}, nil
	}
	person, err := s.options.Auth.Recognise(ctx, cookie.Value, isByPerson(r))
	if fault.Is(err, fault.Unauthenticated) {
		return auth.Person{}, nil
	}
	return person, err
}

// isByPerson tells what a person did from what their page asks by itself.
func isByPerson(r *http.Request) bool {
	return r.Header.Get("X-Dangol-Background") == "" && r.URL.Path != "/api/live"
}

// refuseForged refuses changes that another site made the browser send: the
// browser's own statement (Sec-Fetch-Site, Origin) and a header that no form can set.
func (s *Server) refuseForged(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	if s.options.PublicURL != "" {
		if err := origin.AddTrustedOrigin(strings.TrimRight(s.options.PublicURL, "/")); err != nil {
			s.options.Log.Warn("the public address is no origin", "public_url", s.options.PublicURL, "error", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isCookie := r.Header.Get("Authorization") == "" && !isLocal(r.Context())
		if strings.HasPrefix(r.URL.Path, "/api/") && isUnsafe(r.Method) && isCookie {
			if origin.Check(r) != nil || r.Header.Get("X-Dangol") != "1" {
				s.refuse(w, r, fault.New(fault.Forbidden, "web.forged", "The request did not come from a page of this server; changes need the header X-Dangol: 1 and the server's own origin."))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func isUnsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// address is the caller's own, taken from a proxy only if that one is trusted.
func (s *Server) address(r *http.Request) string {
	if isLocal(r.Context()) {
		return "local"
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.isTrusted(host); i-- {
		if hop := strings.TrimSpace(hops[i]); hop != "" {
			host = hop
		}
	}
	return host
}

func (s *Server) isTrusted(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range s.options.TrustedProxies {
		if prefix.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

func newRequestID() string {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw) // never fails since Go 1.24
	return hex.EncodeToString(raw)
}
