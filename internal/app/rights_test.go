// SPDX-License-Identifier: Apache-2.0

package app

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dangol/internal/platform/web"
	"dangol/internal/team"
)

var update = flag.Bool("update", false, "write testdata/rights.golden anew; read the difference before committing it")

// goldenRights is the hand-reviewed table of which role may call which route.
// It shares no code with auth: it is what people agreed on.
const goldenRights = "testdata/rights.golden"

// publicRoutes are all that strangers may call; a new one has to be added here.
var publicRoutes = []string{
	"GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /api/docs", "GET /api/docs/{file}", " /api/", " /",
	"POST /api/session", "GET /api/session/hint",
	"GET /u/{token}", "POST /u/{token}", "GET /t/{token}",
	"GET /p/{token}", "POST /p/{token}", "GET /c/{token}", "POST /c/{token}", // preference centre and answers to invitations: signed tokens
	"GET /i/{token}", "GET /o/{token}", "GET /h/{token}", // pictures of mails, that they were opened, and the trap for scanners: signed tokens
}

var roles = []string{"administrator", "marketer", "analyst", "agent", "sales", "executive", "auditor"}

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

// address fills the placeholders of a route with ids that no row has.
func address(path string) string { return placeholder.ReplaceAllString(path, "987654321") }

func TestEveryRouteNamesItsPermission(t *testing.T) {
	t.Parallel()
	i := serve(t, testConfig(t))
	documented := map[string]string{}
	_, body := i.browser().do("GET", "/openapi.json", nil)
	raw, err := i.app.Web.Document()
	if err != nil || !strings.HasPrefix(strings.TrimSpace(body), "{") {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Permission string `json:"x-permission"`
			ID         string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths {
		for method, op := range item {
			documented[strings.ToUpper(method)+" "+path] = op.Permission
		}
	}
	ids := map[string]string{}
	for _, route := range i.app.Web.Routes() {
		name := route.Method + " " + route.Path
		if route.Permission == "" {
			t.Errorf("%s names no permission", name)
		}
		if (route.Permission == web.Public) != slices.Contains(publicRoutes, name) {
			t.Errorf("%s has the permission %s; is it public on purpose? Then publicRoutes must say so.", name, route.Permission)
		}
		if route.ID != "" && documented[name] != route.Permission {
			t.Errorf("%s: the document says %q, the router %q", name, documented[name], route.Permission)
		}
		if route.ID == "" && strings.HasPrefix(route.Path, "/api/") && !slices.Contains([]string{"/api/", "/api/docs", "/api/docs/{file}", "/api/live"}, route.Path) {
			t.Errorf("%s is hidden from the document", name)
		}
		if other := ids[route.ID]; route.ID != "" && other != "" {
			t.Errorf("%s and %s are both called %s", name, other, route.ID)
		}
		ids[route.ID] = name
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("%s is documented but not routed", name)
	}
}

func TestSignedOutIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	i := serve(t, testConfig(t))
	stranger := i.browser()
	for _, route := range i.app.Web.Routes() {
		if route.Permission == web.Public {
			continue
		}
		status, body := stranger.do(route.Method, address(route.Path), nil)
		if status != http.StatusUnauthorized || !strings.Contains(body, "auth.signed_out") {
			t.Errorf("%s %s: %d %s", route.Method, route.Path, status, body)
		}
	}
}

// TestRightsMatrix calls every route as every role with nothing in the body:
// the answer must be 403 exactly where the reviewed table says so.
func TestRightsMatrix(t *testing.T) {
	t.Parallel()
	i := serve(t, testConfig(t))
	browsers := map[string]*browser{}
	for _, role := range roles {
		i.add(role+"@example.com", "강남", role)
		browsers[role] = i.signIn(role + "@example.com")
	}
	noRole := i.powerless()
	var lines []string
	for _, route := range i.app.Web.Routes() {
		if route.Permission == web.Public || route.Path == "/api/live" {
			continue
		}
		var allowed []string
		for _, role := range roles {
			if route.Path == "/api/session" && route.Method == http.MethodDelete {
				allowed = roles // it would end the session that the rest of the test needs
				break
			}
			status, body := browsers[role].do(route.Method, address(route.Path), emptyBody(route.Method))
			if status == http.StatusUnauthorized || status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
				t.Errorf("%s as %s: %d %s", route.Path, role, status, body)
			}
			if status != http.StatusForbidden || strings.Contains(body, "keys_by_operator") {
				allowed = append(allowed, role)
			}
		}
		if route.Permission != web.SignedIn {
			if status, body := noRole.do(route.Method, address(route.Path), emptyBody(route.Method)); status != http.StatusForbidden {
				t.Errorf("%s %s without any right: %d %s", route.Method, route.Path, status, body)
			}
		}
		lines = append(lines, fmt.Sprintf("%-6s %-44s %s", route.Method, route.Path, strings.Join(allowed, " ")))
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Or(strings.Compare(a[7:], b[7:]), strings.Compare(a, b)) })
	compareGolden(t, strings.Join(lines, "\n")+"\n")
}

func emptyBody(method string) any {
	if method == http.MethodGet || method == http.MethodDelete {
		return nil
	}
	return "{}"
}

// powerless signs in somebody whose role allows nothing.
func (i *installation) powerless() *browser {
	i.t.Helper()
	ctx := i.system()
	if _, err := i.app.Team.CreateRole(ctx, team.RoleDraft{Name: "nothing", LabelKo: "없음", LabelEn: "Nothing", RowScope: team.ScopeOwn}); err != nil {
		i.t.Fatal(err)
	}
	i.add("nothing@example.com", "", "nothing")
	return i.signIn("nothing@example.com")
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(goldenRights, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(goldenRights)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(raw), "\n")
	for _, line := range strings.Split(got, "\n") {
		if !slices.Contains(want, line) {
			t.Errorf("not in %s: %s", goldenRights, line)
		}
	}
	have := strings.Split(got, "\n")
	for _, line := range want {
		if !slices.Contains(have, line) {
			t.Errorf("no longer so, or the route is gone: %s", line)
		}
	}
}
