// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"log/slog"
	"net/http"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

// formLongest bounds what a form of the public page can send.
const formLongest = 4 << 10

// publicRoutes are the pages behind the links of mails: nobody signs in there,
// and the token is the right.
func (s *Service) publicRoutes(api web.API) {
	api.Handle("GET", "/u/{token}", web.Public, s.serveUnsubscribePage)
	api.Handle("POST", "/u/{token}", web.Public, s.serveUnsubscribe)
	api.Handle("GET", "/t/{token}", web.Public, s.serveClick) // also answers HEAD
	api.Handle("GET", "/o/{token}", web.Public, s.serveOpen)
	api.Handle("GET", "/h/{token}", web.Public, s.serveTrap)
}

func (s *Service) serveUnsubscribePage(w http.ResponseWriter, r *http.Request) {
	head, err := s.ShowUnsubscribe(r.Context(), r.PathValue("token"))
	state := "ask"
	switch {
	case head.IsTest:
		state = "test"
	case head.IsDone:
		state = "done"
	}
	answer(w, r, web.Language(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")), state, head, err)
}

// serveUnsubscribe answers the form and the one-click POST of mail programs
// alike (RFC 8058): no page in between, no cookie, no login.
func (s *Service) serveUnsubscribe(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLongest)
	if err := r.ParseMultipartForm(formLongest); err != nil {
		_ = r.ParseForm() // a form that cannot be read still is a refusal
	}
	evidence := map[string]string{
		"ip": auth.From(r.Context()).Address, "user_agent": cut(r.UserAgent(), 300), "at": time.Now().UTC().Format(time.RFC3339),
		"one_click": r.PostFormValue("List-Unsubscribe"),
	}
	head, err := s.Unsubscribe(r.Context(), r.PathValue("token"), r.PostFormValue("all") == "1", evidence)
	state := "done"
	if head.IsTest {
		state = "test"
	}
	answer(w, r, web.Language(r.PostFormValue("lang"), r.Header.Get("Accept-Language")), state, head, err)
}

func cut(text string, most int) string {
	if len(text) > most {
		return text[:most]
	}
	return text
}

func answer(w http.ResponseWriter, r *http.Request, lang, state string, head Letterhead, err error) {
	status := http.StatusOK
	switch {
	case fault.Is(err, fault.NotFound):
		state, status = "bad", http.StatusNotFound
	case err != nil:
		slog.ErrorContext(r.Context(), "campaign: unsubscribe page", "error", err)
		state, status = "error", http.StatusServiceUnavailable
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the token is in the address
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(renderPage(lang, state, head))
}

func (s *Service) serveClick(w http.ResponseWriter, r *http.Request) {
	target, err := s.Follow(r.Context(), Visit{Token: r.PathValue("token"), UserAgent: r.UserAgent(), Address: auth.From(r.Context()).Address, IsHead: r.Method == http.MethodHead})
	if err != nil {
		answer(w, r, web.Language("", r.Header.Get("Accept-Language")), "bad", Letterhead{}, err)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, target, http.StatusFound)
}

// pixel is a transparent GIF of one pixel.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// serveOpen answers with the picture whatever happened, so that no mail looks broken.
func (s *Service) serveOpen(w http.ResponseWriter, r *http.Request) {
	v := Visit{Token: r.PathValue("token"), UserAgent: r.UserAgent(), Address: auth.From(r.Context()).Address, IsHead: r.Method == http.MethodHead}
	if err := s.Shown(r.Context(), v); err != nil && !fault.Is(err, fault.NotFound) {
		slog.ErrorContext(r.Context(), "campaign: open not noted", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "image/gif")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(pixel)
}

// serveTrap answers nothing: no person comes here.
func (s *Service) serveTrap(w http.ResponseWriter, r *http.Request) {
	if err := s.Trapped(r.Context(), r.PathValue("token")); err != nil && !fault.Is(err, fault.NotFound) {
		slog.ErrorContext(r.Context(), "campaign: trap not noted", "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}
