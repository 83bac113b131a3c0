// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

// people stands for the auth service: cookie values and tokens are names.
type people map[string]auth.Person

func (p people) Recognise(_ context.Context, token string, _ bool) (auth.Person, error) {
	if person, ok := p[token]; ok {
		return person, nil
	}
	return auth.Person{}, auth.ErrSignedOut()
}

func (p people) RecogniseToken(ctx context.Context, token string) (auth.Person, error) {
	return p.Recognise(ctx, token, true)
}

var staff = people{
	"reader": {ID: 1, Permissions: auth.Permit("thing:read")},
	"writer": {ID: 2, Permissions: auth.Permit("thing:*")},
	"nobody": {ID: 3},
}

type thing struct {
	ID    int64    `json:"id"`
	Name  string   `json:"name" minLength:"1"`
	Names []string `json:"names,omitempty"`
	Lists []string `json:"lists" required:"false"`
}

type thingBody struct{ Body thing }

func newServer(t *testing.T, log io.Writer) *web.Server {
	t.Helper()
	if log == nil {
		log = io.Discard
	}
	s := web.NewServer(web.Options{
		Auth: staff, Version: "test", Log: slog.New(slog.NewJSONHandler(log, nil)),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		Pages: fstest.MapFS{
			"index.html":          {Data: []byte("<!doctype html>home")},
			"assets/app-1a.js":    {Data: []byte("plain")},
			"assets/app-1a.js.br": {Data: []byte("packed")},
		},
	})
	api := s.API()
	web.Register(api, web.Operation{Method: "GET", Path: "/api/things/{id}", ID: "find-thing", Permission: "thing:read", Summary: "Find", Tags: []string{"thing"}}, findThing)
	web.Register(api, web.Operation{Method: "POST", Path: "/api/things", ID: "create-thing", Permission: "thing:create", Summary: "Create", Tags: []string{"thing"}},
		func(_ context.Context, in *thingBody) (*thingBody, error) { return in, nil })
	web.Register(api, web.Operation{Method: "GET", Path: "/api/things", ID: "list-things", Permission: "thing:read", Summary: "List", Cost: web.List, Tags: []string{"thing"}},
		func(_ context.Context, in *web.Paging) (*web.Page[thing], error) {
			return web.NewPage(make([]thing, in.Limit), "", &web.Total{Count: 3}), nil
		})
	web.Register(api, web.Operation{Method: "POST", Path: "/api/files", ID: "upload", Permission: "thing:create", Summary: "Upload", Cost: web.Batch, Tags: []string{"thing"}}, upload)
	web.Register(api, web.Operation{Method: "GET", Path: "/api/file.csv", ID: "download", Permission: "thing:read", Summary: "Download", Cost: web.Batch, Tags: []string{"thing"}},
		func(context.Context, *struct{}) (*web.Download, error) {
			return web.NewDownload("고객.csv", "text/csv", func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "a,b\n")
				return err
			}), nil
		})
	api.Hub().Allow("job", "thing:read")
	return s
}

func findThing(ctx context.Context, in *web.ByID) (*thingBody, error) {
	switch in.ID {
	case 404:
		return nil, fmt.Errorf("store: %w", fault.New(fault.NotFound, "thing.not_found", "Thing {id} does not exist.", "id", in.ID))
	case 500:
		return nil, errors.New("secret inside: SELECT 김철수")
	case 503:
		return nil, fault.New(fault.Busy, "thing.busy", "Busy.", "retry_after", 7)
	case 504:
		return nil, context.DeadlineExceeded
	case 999:
		panic("out of order")
	}
	return &thingBody{Body: thing{ID: in.ID, Name: auth.From(ctx).Address}}, nil
}

type uploadInput struct {
	web.Upload
}

func upload(_ context.Context, in *uploadInput) (*thingBody, error) {
	part, err := in.Next()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(part)
	return &thingBody{Body: thing{Name: part.Name, ID: int64(len(content))}}, err
}

type call struct {
	name, method, path, as, body string
	header                       map[string]string
	status                       int
	code                         string
}

func do(t *testing.T, s http.Handler, c call) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(c.method, "http://crm.example"+c.path, strings.NewReader(c.body))
	if c.as != "" {
		r.AddCookie(&http.Cookie{Name: "dangol", Value: c.as})
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.method != http.MethodGet {
		r.Header.Set("X-Dangol", "1")
	}
	for name, value := range c.header {
		if value == "" {
			r.Header.Del(name)
		} else {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	for _, c := range []call{
		{name: "signed out", method: "GET", path: "/api/things/1", status: 401, code: "auth.signed_out"},
		{name: "ended session", method: "GET", path: "/api/things/1", as: "gone", status: 401, code: "auth.signed_out"},
		{name: "wrong role", method: "GET", path: "/api/things/1", as: "nobody", status: 403, code: "auth.forbidden"},
		{name: "wrong role before bad input", method: "POST", path: "/api/things", as: "reader", body: "{", status: 403, code: "auth.forbidden"},
		{name: "ok", method: "GET", path: "/api/things/1", as: "reader", status: 200},
		{name: "token", method: "GET", path: "/api/things/1", header: map[string]string{"Authorization": "Bearer reader"}, status: 200},
		{name: "bad token", method: "GET", path: "/healthz", header: map[string]string{"Authorization": "Bearer x"}, status: 401, code: "auth.signed_out"},
		{name: "bad input", method: "GET", path: "/api/things/x", as: "reader", status: 422, code: "web.invalid_input"},
		{name: "unknown parameter", method: "GET", path: "/api/things?sort=1", as: "reader", status: 422, code: "web.invalid_input"},
		{name: "limit", method: "GET", path: "/api/things?limit=5000", as: "reader", status: 422, code: "web.invalid_input"},
		{name: "missing", method: "GET", path: "/api/things/404", as: "reader", status: 404, code: "thing.not_found"},
		{name: "broken", method: "GET", path: "/api/things/500", as: "reader", status: 500, code: "web.internal"},
		{name: "busy", method: "GET", path: "/api/things/503", as: "reader", status: 503, code: "thing.busy"},
		{name: "too slow", method: "GET", path: "/api/things/504", as: "reader", status: 503, code: "web.deadline"},
		{name: "panic", method: "GET", path: "/api/things/999", as: "reader", status: 500, code: "web.internal"},
		{name: "no route", method: "GET", path: "/api/nothing", as: "reader", status: 404, code: "web.no_route"},
		{name: "wrong method", method: "DELETE", path: "/api/things/1", as: "writer", status: 404, code: "web.no_route"},
		{name: "created", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n"}`, status: 200},
		{name: "unknown field", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n","x":1}`, status: 422, code: "web.invalid_input"},
		{name: "no header", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n"}`, header: map[string]string{"X-Dangol": ""}, status: 403, code: "web.forged"},
		{name: "other origin", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n"}`, header: map[string]string{"Origin": "https://evil.example"}, status: 403, code: "web.forged"},
		{name: "cross site", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n"}`, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, code: "web.forged"},
		{name: "same origin", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"n"}`, header: map[string]string{"Origin": "http://crm.example"}, status: 200},
		{name: "too large", method: "POST", path: "/api/things", as: "writer", body: `{"id":1,"name":"` + strings.Repeat("x", 1<<20) + `"}`, status: 413, code: "web.too_large"},
		{name: "no file", method: "POST", path: "/api/files", as: "writer", body: `{}`, status: 422, code: "web.no_file"},
		{name: "live signed out", method: "GET", path: "/api/live", status: 401, code: "auth.signed_out"},
		{name: "live wrong role", method: "GET", path: "/api/live?topics=job:1", as: "nobody", status: 403, code: "auth.forbidden"},
		{name: "live unknown topic", method: "GET", path: "/api/live?topics=x:1", as: "reader", status: 404, code: "web.no_topic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := do(t, s, c)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if w.Header().Get("X-Request-Id") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("headers are missing: %v", w.Header())
			}
			if strings.HasPrefix(c.path, "/api/") && w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("answers of the API must not be stored: %v", w.Header())
			}
			if c.code == "" {
				return
			}
			var p web.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != c.code || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("problem %q %v (%s), want %q", p.Code, err, w.Body, c.code)
			}
			if strings.Contains(w.Body.String(), "secret inside") {
				t.Errorf("the inner error is shown: %s", w.Body)
			}
		})
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	w := do(t, newServer(t, nil), call{method: "GET", path: "/api/things?limit=2", as: "reader"})
	if !strings.Contains(w.Body.String(), `"lists":[]`) || strings.Contains(w.Body.String(), "null") {
		t.Fatalf("body %s", w.Body)
	}
}

func TestRetryAfterIsGiven(t *testing.T) {
	t.Parallel()
	w := do(t, newServer(t, nil), call{method: "GET", path: "/api/things/503", as: "reader"})
	if w.Header().Get("Retry-After") != "7" {
		t.Fatalf("headers %v", w.Header())
	}
}

func TestAddressComesFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	for name, c := range map[string]struct{ remote, forwarded, want string }{
		"direct":        {"203.0.113.5:1", "", "203.0.113.5"},
		"stranger lies": {"203.0.113.5:1", "10.0.0.1", "203.0.113.5"},
		"proxy":         {"192.0.2.7:1", "198.51.100.9", "198.51.100.9"},
		"chain":         {"192.0.2.7:1", "1.1.1.1, 198.51.100.9, 192.0.2.8", "198.51.100.9"},
	} {
		r := httptest.NewRequest("GET", "/api/things/1", nil)
		r.RemoteAddr = c.remote
		r.AddCookie(&http.Cookie{Name: "dangol", Value: "reader"})
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `"`+c.want+`"`) {
			t.Errorf("%s: %s, want %s", name, w.Body, c.want)
		}
	}
}

func TestUploadIsStreamed(t *testing.T) {
	t.Parallel()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "고객 명단.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(bytes.Repeat([]byte("x"), 3<<20))
	_ = writer.Close()
	w := do(t, newServer(t, nil), call{method: "POST", path: "/api/files", as: "writer", body: form.String(), header: map[string]string{"Content-Type": writer.FormDataContentType()}})
	if w.Code != 200 || !strings.Contains(w.Body.String(), "고객 명단.csv") || !strings.Contains(w.Body.String(), "3145728") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	cut := form.String()[:form.Len()-100]
	w = do(t, newServer(t, nil), call{method: "POST", path: "/api/files", as: "writer", body: cut, header: map[string]string{"Content-Type": writer.FormDataContentType()}})
	if w.Code != 422 || !strings.Contains(w.Body.String(), "web.upload_broken") {
		t.Fatalf("cut upload: %d %s", w.Code, w.Body)
	}
}

func TestDownloadCarriesItsName(t *testing.T) {
	t.Parallel()
	w := do(t, newServer(t, nil), call{method: "GET", path: "/api/file.csv", as: "reader"})
	if w.Body.String() != "a,b\n" || !strings.Contains(w.Header().Get("Content-Disposition"), "filename*=UTF-8''%EA%B3%A0%EA%B0%9D.csv") {
		t.Fatalf("%v %s", w.Header(), w.Body)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	for _, c := range []struct {
		path, accept, body, cache, encoding string
		status                              int
	}{
		{"/", "", "<!doctype html>home", "no-cache", "", 200},
		{"/customers/7", "", "<!doctype html>home", "no-cache", "", 200},
		{"/assets/app-1a.js", "gzip", "plain", "public, max-age=31536000, immutable", "", 200},
		{"/assets/app-1a.js", "gzip, br", "packed", "public, max-age=31536000, immutable", "br", 200},
		{"/assets/app-1a.js", "br;q=0", "plain", "public, max-age=31536000, immutable", "", 200},
		{"/assets/old.js", "", "404 page not found\n", "", "", 404},
		{"/robots.txt", "", "404 page not found\n", "", "", 404},
		{"/etc/passwd", "", "<!doctype html>home", "no-cache", "", 200},
	} {
		w := do(t, s, call{method: "GET", path: c.path, header: map[string]string{"Accept-Encoding": c.accept}})
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Cache-Control") != c.cache || w.Header().Get("Content-Encoding") != c.encoding {
			t.Errorf("%s: %d %q %v", c.path, w.Code, w.Body, w.Header())
		}
	}
	first := do(t, s, call{method: "GET", path: "/"})
	again := do(t, s, call{method: "GET", path: "/", header: map[string]string{"If-None-Match": first.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified {
		t.Errorf("the page is sent again: %d", again.Code)
	}
}

func TestDocumentNamesPermissions(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	w := do(t, s, call{method: "GET", path: "/openapi.json"})
	var document struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil || !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Fatalf("%v %s", err, document.OpenAPI)
	}
	listed := map[string]bool{}
	for path, item := range document.Paths {
		for method, raw := range item {
			listed[strings.ToUpper(method)+" "+path] = true
			var op struct {
				Permission string `json:"x-permission"`
			}
			if json.Unmarshal(raw, &op) != nil || op.Permission == "" {
				t.Errorf("%s %s names no permission", method, path)
			}
		}
	}
	for _, route := range s.Routes() {
		if route.Permission == "" || (route.ID != "" && !listed[route.Method+" "+route.Path]) {
			t.Errorf("hidden route %+v", route)
		}
	}
	if strings.Contains(w.Body.String(), "$schema") {
		t.Error("answers carry $schema")
	}
	for _, file := range []string{"/api/docs", "/api/docs/docs.js", "/api/docs/docs.css"} {
		page := do(t, s, call{method: "GET", path: file})
		if page.Code != 200 || strings.Contains(page.Body.String(), "https://") || strings.Contains(page.Body.String(), "<script>") {
			t.Errorf("%s: %d, or it loads from elsewhere", file, page.Code)
		}
	}
}

func TestRouteWithoutPermissionPanics(t *testing.T) {
	t.Parallel()
	for _, permission := range []string{"", "read", "thing:"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("permission %q was taken", permission)
				}
			}()
			web.Register(newServer(t, nil).API(), web.Operation{Method: "GET", Path: "/api/x", ID: "x", Summary: "x", Permission: permission},
				func(context.Context, *struct{}) (*web.Empty, error) { return nil, nil })
		}()
	}
}

func TestLogsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newServer(t, &log)
	do(t, s, call{method: "GET", path: "/api/things/1?cursor=canary1", as: "reader"})
	do(t, s, call{method: "POST", path: "/api/things", as: "writer", body: `{"id":"canary2","name":"canary3"}`})
	do(t, s, call{method: "GET", path: "/api/canary4", as: "reader"})
	if out := log.String(); strings.Contains(out, "canary") || strings.Contains(out, "192.0.2.1") || !strings.Contains(out, `"person_id":1`) || !strings.Contains(out, "GET /api/things/{id}") {
		t.Fatalf("log: %s", out)
	}
}

func TestMetricsAreForThisMachineOrOperators(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	if w := do(t, s, call{method: "GET", path: "/metrics"}); w.Code != 401 {
		t.Errorf("a stranger gets %d", w.Code)
	}
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:9"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "dangol_http_requests_total") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestLiveStream(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Hub().Close()
	r, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/api/live?topics=job:7", nil)
	r.AddCookie(&http.Cookie{Name: "dangol", Value: "reader"})
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	news := make(chan string)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := response.Body.Read(buffer)
			if n > 0 {
				news <- string(buffer[:n])
			}
			if err != nil {
				close(news)
				return
			}
		}
	}()
	seen := ""
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !strings.Contains(seen, `"done":3`) {
		select {
		case text := <-news:
			seen += text
		case <-ticker.C: // the stream may not have joined yet
			s.Hub().Publish("job:8", map[string]int{"done": 9})
			s.Hub().Publish("secret:1", map[string]int{"done": 8})
			s.Hub().Publish("job:7", map[string]int{"done": 3})
		case <-t.Context().Done():
			t.Fatal("nothing came")
		}
	}
	if strings.Contains(seen, "job:8") || strings.Contains(seen, "secret") {
		t.Fatalf("heard too much: %s", seen)
	}
	s.Hub().Close()
	for range news { // ends when the server ends the stream
	}
}
