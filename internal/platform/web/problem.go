// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"dangol/internal/platform/fault"
)

// Problem is the body of every error: RFC 9457 with a stable code and the
// fields that the UI fills into its translation.
type Problem struct {
	Type   string              `json:"type" doc:"Always about:blank; the code says what happened."`
	Title  string              `json:"title" doc:"Name of the HTTP status."`
	Status int                 `json:"status"`
	Detail string              `json:"detail" doc:"What was wrong, where, and what to do."`
	Code   string              `json:"code" doc:"Stable id such as customer.not_found."`
	Fields map[string]any      `json:"fields,omitempty" doc:"Values for the translated message."`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"Each wrong place of the input."`
	// Request is the id by which the log knows the request.
	Request string `json:"request,omitempty"`
	headers http.Header
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns Retry-After when the fault says so.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the one place where kinds of faults become statuses.
var statusOf = map[fault.Kind]int{
	fault.NotFound:        http.StatusNotFound,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Conflict:        http.StatusConflict,
	fault.Forbidden:       http.StatusForbidden,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Busy:            http.StatusServiceUnavailable,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// tooMany are the busy faults that this one caller brought about: 429, not 503.
var tooMany = map[string]bool{"auth.throttled": true, "web.too_many_requests": true}

// problem turns an error of a service into what the caller may see, and logs
// what they may not.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	p := problemOf(err)
	p.Request = requestID(ctx)
	if p.Status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		level := logFrom(ctx).Error
		if p.Code == "web.busy" {
			level = logFrom(ctx).Warn
		}
		level("a request failed", "error", err, "code", p.Code)
	}
	return p
}

func problemOf(err error) *Problem {
	var already *Problem
	if errors.As(err, &already) {
		return already
	}
	f, isFault := fault.As(err)
	var tooLarge *http.MaxBytesError
	switch {
	case isFault:
	case errors.Is(err, context.DeadlineExceeded):
		f = &fault.Fault{Kind: fault.Busy, Code: "web.deadline", Message: "The work took longer than the server allows for one request; ask for less at once, or try again when it is less busy."}
	case errors.Is(err, context.Canceled):
		f = &fault.Fault{Kind: fault.Busy, Code: "web.cancelled", Message: "The request was cancelled."}
	case errors.As(err, &tooLarge):
		f = &fault.Fault{Kind: fault.TooLarge, Code: "web.too_large", Message: "The request is too large."}
	default:
		return &Problem{
			Type: "about:blank", Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError,
			Code: "web.internal", Detail: "Something went wrong on the server. Nothing of this request was saved; try again, and if it happens again give the request id to an administrator.",
		}
	}
	return fromFault(f)
}

func fromFault(f *fault.Fault) *Problem {
	status, ok := statusOf[f.Kind]
	if !ok {
		status = http.StatusInternalServerError
	}
	if tooMany[f.Code] {
		status = http.StatusTooManyRequests
	}
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: f.Message, Code: f.Code, Fields: f.Fields, headers: http.Header{},
	}
	switch {
	case f.Fields["retry_after"] != nil:
		p.headers.Set("Retry-After", fmt.Sprint(f.Fields["retry_after"]))
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		p.headers.Set("Retry-After", "2")
	case status == http.StatusUnauthorized:
		p.headers.Set("WWW-Authenticate", `Bearer realm="dangol"`)
	}
	return p
}

// newProblem replaces huma's error type, so that its own refusals (validation,
// size, media type) look like all others.
func newProblem(status int, message string, errs ...error) huma.StatusError {
	if status == http.StatusInternalServerError {
		return problemOf(errors.New(message))
	}
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message,
		Code: "web." + codeOfStatus(status),
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		var detailer huma.ErrorDetailer
		if errors.As(err, &detailer) {
			detail := *detailer.ErrorDetail()
			detail.Value = nil // what was sent may be personal; it stays out of answers and logs
			p.Errors = append(p.Errors, &detail)
		} else {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
		}
	}
	if status == http.StatusUnprocessableEntity && len(p.Errors) > 0 {
		p.Detail = "The input breaks a rule: " + p.Errors[0].Location + ": " + p.Errors[0].Message + "."
	}
	return p
}

func codeOfStatus(status int) string {
	switch status {
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return "invalid_input"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return "media_type"
	case http.StatusRequestTimeout:
		return "timeout"
	}
	return "status_" + strconv.Itoa(status)
}

// writeProblem answers from a middleware of the router.
func (s *Server) writeProblem(hc huma.Context, err error) {
	writeProblemTo(s.problem(hc.Context(), err), hc.SetHeader, hc.SetStatus, hc.BodyWriter().Write)
}

// refuse answers outside the router.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	writeProblemTo(s.problem(r.Context(), err), w.Header().Set, w.WriteHeader, w.Write)
}

func writeDownloadProblem(hc huma.Context, err error) {
	p := problemOf(err)
	p.Request = requestID(hc.Context())
	logFrom(hc.Context()).Warn("a download failed", "error", err, "code", p.Code)
	writeProblemTo(p, hc.SetHeader, hc.SetStatus, hc.BodyWriter().Write)
}

func writeProblemTo(p *Problem, header func(string, string), status func(int), write func([]byte) (int, error)) {
	for name := range p.headers {
		header(name, p.headers.Get(name))
	}
	header("Content-Type", "application/problem+json")
	status(p.Status)
	body, err := json.Marshal(p)
	if err == nil {
		_, _ = write(append(body, '\n')) // the caller has gone when this fails
	}
}
