// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"log/slog"
	"net/http"
	"strconv"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

const (
	// formLongest bounds what a form of the public pages can send.
	formLongest = 4 << 10
	// agentLongest is how much of a browser's name the evidence keeps.
	agentLongest = 300
)

// publicRoutes are the pages behind the links of mails: nobody signs in there, and the
// token is the right. GET changes nothing, because mail scanners follow links.
func (s *Service) publicRoutes(api web.API) {
	api.Handle("GET", "/p/{token}", web.Public, s.servePreferences)
	api.Handle("POST", "/p/{token}", web.Public, s.saveByForm)
	api.Handle("GET", "/c/{token}", web.Public, s.serveInvitation)
	api.Handle("POST", "/c/{token}", web.Public, s.answerByForm)
}

func (s *Service) servePreferences(w http.ResponseWriter, r *http.Request) {
	c, err := s.ShowPreferences(r.Context(), r.PathValue("token"))
	s.answer(w, r, pageData{Lang: web.Language(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")), State: "edit", Centre: c}, err)
}

func (s *Service) saveByForm(w http.ResponseWriter, r *http.Request) {
	lang, ok := s.readForm(w, r)
	if !ok {
		return
	}
	wish := Wish{
		On: chosen(r.PostForm["on"]), Night: chosen(r.PostForm["night"]), WithdrawAll: r.PostFormValue("all") == "1",
		Language: lang, IP: auth.From(r.Context()).Address, Agent: agentOf(r),
	}
	wish.Seen, _ = strconv.ParseInt(r.PostFormValue("seen"), 10, 64) // not a number is a page that is not current
	c, err := s.SavePreferences(r.Context(), r.PathValue("token"), wish)
	s.answer(w, r, pageData{Lang: lang, State: "saved", Centre: c}, err)
}

// readForm reads the form of a page and answers its language; what cannot be read is refused.
func (s *Service) readForm(w http.ResponseWriter, r *http.Request) (string, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, formLongest)
	err := r.ParseForm()
	lang := web.Language(r.PostFormValue("lang"), r.Header.Get("Accept-Language"))
	if err != nil {
		s.answer(w, r, pageData{Lang: lang}, fault.Wrap(err, fault.Invalid, "consent.bad_form", "The form cannot be read."))
	}
	return lang, err == nil
}

func chosen(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

func agentOf(r *http.Request) string {
	agent := r.UserAgent()
	return agent[:min(len(agent), agentLongest)]
}

func (s *Service) serveInvitation(w http.ResponseWriter, r *http.Request) {
	lang := web.Language(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	d, err := s.ShowInvitation(r.Context(), r.PathValue("token"))
	s.answer(w, r, d.page(lang), err)
}

func (s *Service) answerByForm(w http.ResponseWriter, r *http.Request) {
	lang, ok := s.readForm(w, r)
	if !ok {
		return
	}
	d, err := s.AnswerInvitation(r.Context(), r.PathValue("token"), r.PostFormValue("answer") == "yes",
		Wish{Language: lang, IP: auth.From(r.Context()).Address, Agent: agentOf(r)})
	s.answer(w, r, d.page(lang), err)
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, d pageData, err error) {
	status := http.StatusOK
	switch {
	case fault.Is(err, fault.NotFound):
		d, status = pageData{Lang: d.Lang, State: "bad"}, http.StatusNotFound
	case fault.Is(err, fault.Invalid):
		d, status = pageData{Lang: d.Lang, State: "error"}, http.StatusBadRequest
	case err != nil:
		slog.ErrorContext(r.Context(), "consent: public page", "error", err)
		d, status = pageData{Lang: d.Lang, State: "error"}, http.StatusServiceUnavailable
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the token is in the address
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(s.renderPage(d))
}
