// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dangol/internal/platform/auth"
)

// deviceLife is how long a browser stays known to a person.
const deviceLife = 180 * 24 * time.Hour

// cookieName has the __Host- prefix over TLS, which binds the cookie to this
// host alone; browsers refuse it over plain HTTP, as on a first local try.
func cookieName(isSecure bool) string {
	if isSecure {
		return "__Host-dangol"
	}
	return "dangol"
}

func deviceName(isSecure bool) string { return cookieName(isSecure) + "-device" }

func (s *Server) isSecureRequest(r *http.Request) bool { return s.isSecure || r.TLS != nil }

// VisitorInput is the input of sign-in routes: embed it to learn who knocks
// and to set or clear the session cookie.
type VisitorInput struct {
	server  *Server
	request *http.Request
	writer  http.ResponseWriter
}

type serverKey struct{}

// Resolve notes the request; called by the router.
func (v *VisitorInput) Resolve(hc huma.Context) []error {
	v.request, v.writer = humago.Unwrap(hc)
	v.server, _ = hc.Context().Value(serverKey{}).(*Server)
	return nil
}

// Visitor returns what is known about the caller before sign-in.
func (v *VisitorInput) Visitor(ctx context.Context) auth.Visitor {
	visitor := auth.Visitor{Address: auth.From(ctx).Address, Agent: v.request.UserAgent()}
	if cookie, err := v.request.Cookie(deviceName(v.isSecure())); err == nil {
		visitor.Device = cookie.Value
	}
	return visitor
}

// Keep gives the browser the session.
func (v *VisitorInput) Keep(session auth.Session) {
	v.set(cookieName(v.isSecure()), session.Token, session.ExpiresAt)
	if session.Device != "" {
		v.set(deviceName(v.isSecure()), session.Device, time.Now().Add(deviceLife))
	}
}

// Forget takes the session away from the browser.
func (v *VisitorInput) Forget() {
	v.set(cookieName(v.isSecure()), "", time.Unix(1, 0))
}

func (v *VisitorInput) isSecure() bool { return v.server.isSecureRequest(v.request) }

func (v *VisitorInput) set(name, value string, expires time.Time) {
	http.SetCookie(v.writer, &http.Cookie{
		Name: name, Value: value, Path: "/", Expires: expires,
		Secure: v.isSecure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// isStatic reports whether the path is a built file of the pages, for which
// nobody needs to be recognised.
func isStatic(path string) bool {
	return strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/fonts/")
}
