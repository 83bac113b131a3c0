// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The canaries stand in the rows that the sales person may not see.
const (
	canaryName  = "비공개카나리아"
	canaryPhone = "010-7777-1234"
	canaryMail  = "canary@foreign.example"
	canaryShop  = "카나리아지점"
)

// grounds is an installation with a customer of the sales person, one of
// somebody else, and an order of each.
type grounds struct {
	*installation
	admin, sales *browser
	own, foreign int64
	foreignOrder int64
	salesPerson  int64
}

func newGrounds(t *testing.T, config Config) grounds {
	t.Helper()
	g := grounds{installation: serve(t, config)}
	g.add("admin@example.com", "", "administrator")
	person := g.add("sales@example.com", "강남점", "sales")
	g.salesPerson = person.ID
	g.admin, g.sales = g.signIn("admin@example.com"), g.signIn("sales@example.com")
	if _, err := g.app.services.customer.EnsureScheme(g.system(), "회원번호", "회원번호"); err != nil {
		t.Fatal(err)
	}
	g.own = g.make(map[string]any{"full_name": "자기고객", "mobile": "010-1111-2222", "owner_id": person.ID, "keys": map[string]string{"회원번호": "1001"}})
	g.foreign = g.make(map[string]any{"full_name": canaryName, "mobile": canaryPhone, "email": canaryMail, "branch": canaryShop, "keys": map[string]string{"회원번호": "2002"}})
	orders := "주문번호,회원번호,주문일시,상품명,금액\nA1,1001,2026-05-01,가,1000\nB1,2002,2026-05-02,카나리아상품,5000\n"
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte(orders), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, config, "import", path, "--source", "shop", "--kind", "transactions", "--key", "회원번호=회원번호", "--json")
	var summary ImportSummary
	if err := json.Unmarshal([]byte(out), &summary); err != nil || code != exitOK || summary.Created != 2 {
		t.Fatalf("import: %d %s %s", code, out, errs)
	}
	if err := g.app.catchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Items []struct {
			ID         int64 `json:"id"`
			CustomerID int64 `json:"customer_id"`
		} `json:"items"`
	}
	_, body := g.admin.do("GET", "/api/orders", nil)
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 2 {
		t.Fatalf("orders: %s", body)
	}
	for _, order := range list.Items {
		if order.CustomerID == g.foreign {
			g.foreignOrder = order.ID
		}
	}
	return g
}

func (g *grounds) make(values map[string]any) int64 {
	g.t.Helper()
	status, body := g.admin.do("POST", "/api/customers", values)
	var made struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || made.ID == 0 {
		g.t.Fatalf("make a customer: %d %s", status, body)
	}
	return made.ID
}

// A row outside one's scope looks like a row that does not exist, wherever it
// is asked for; nothing of it is in any answer.
func TestForeignRowsAreLikeMissing(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		g := newGrounds(t, config)
		id := fmt.Sprint(g.foreign)
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/api/customers/" + id, nil},
			{"GET", "/api/customers/" + id + "/timeline", nil},
			{"GET", "/api/customers/" + id + "/records", nil},
			{"GET", "/api/customers/" + id + "/relations", nil},
			{"GET", "/api/customers/" + id + "/consents", nil},
			{"GET", "/api/orders/" + fmt.Sprint(g.foreignOrder), nil},
			{"PATCH", "/api/customers/" + id, map[string]any{"memo": "x"}},
			{"POST", "/api/customers/" + id + "/undo", map[string]any{"entry_id": 1}},
			{"POST", "/api/customers/" + id + "/pin", map[string]any{"field": "full_name", "value": "x"}},
			{"POST", "/api/customers/" + id + "/relations", map[string]any{"other_id": g.own, "kind": "sibling"}},
			{"POST", "/api/customers/" + fmt.Sprint(g.own) + "/relations", map[string]any{"other_id": g.foreign, "kind": "sibling"}},
			{"POST", "/api/consents", map[string]any{"customer_id": g.foreign, "channel": "email", "action": "grant", "method": "call"}},
		} {
			status, body := g.sales.do(c.method, c.path, c.body)
			if status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", c.method, c.path, status, body)
			}
			holdsNoCanary(t, c.path, body)
		}
		g.asksEverywhere(t)
		if status, body := g.sales.do("GET", "/api/customers/"+fmt.Sprint(g.own), nil); status != http.StatusOK {
			t.Errorf("one's own customer: %d %s", status, body)
		}
		if status, body := g.admin.do("GET", "/api/customers/"+id, nil); status != http.StatusOK {
			t.Errorf("the administrator: %d %s", status, body)
		}
	})
}

func holdsNoCanary(t *testing.T, where, body string) {
	t.Helper()
	for _, canary := range []string{"카나리아", "1234", "canary", "5000", "2002"} {
		if strings.Contains(body, canary) {
			t.Errorf("%s tells of a foreign row: %s", where, body)
		}
	}
}

// asksEverywhere looks for the foreign row in lists, searches, counts, pivots
// and segments, after the administrator has asked the same (and filled caches).
func (g *grounds) asksEverywhere(t *testing.T) {
	t.Helper()
	rules := map[string]any{"field": "branch", "is": "eq", "value": canaryShop}
	raw, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path string
		body         any
		want         string // in the answer to the sales person
	}{
		{"GET", "/api/customers", nil, `"count":1`},
		{"GET", "/api/customers/window?offset=0", nil, `"자**객"`},
		{"GET", "/api/customers/count", nil, `"count":1`},
		{"GET", "/api/customers?q=" + url.QueryEscape("카나리아"), nil, `"items":[]`},
		{"GET", "/api/customers?q=77771234", nil, `"items":[]`},
		{"GET", "/api/customers?filter=" + url.QueryEscape(string(raw)), nil, `"items":[]`},
		{"GET", "/api/customers/suggest?q=" + url.QueryEscape("비공개"), nil, `"items":[]`},
		{"GET", "/api/customers/find?key=2002", nil, `"items":[]`},
		{"GET", "/api/orders", nil, `"count":1`},
		{"GET", "/api/customers/" + fmt.Sprint(g.foreign) + "/orders", nil, ""},
		{"POST", "/api/cube/query", map[string]any{"measures": []string{"order.revenue", "order.count"}}, ""},
		{"POST", "/api/cube/query", map[string]any{"measures": []string{"customer.count"}, "dimensions": []string{"customer.branch"}}, ""},
		{"POST", "/api/segments/preview", map[string]any{"rules": rules}, `"count":0`},
		{"POST", "/api/segments/preview", map[string]any{"rules": map[string]any{"event": "order", "count": map[string]any{"is": "gte", "value": 1}}}, `"count":1`},
	} {
		if status, body := g.admin.do(c.method, c.path, c.body); status != http.StatusOK {
			t.Errorf("%s as administrator: %d %s", c.path, status, body)
		}
		status, body := g.sales.do(c.method, c.path, c.body)
		if status != http.StatusOK && status != http.StatusNotFound || c.want != "" && !strings.Contains(body, c.want) {
			t.Errorf("%s: %d, want %s: %s", c.path, status, c.want, body)
		}
		holdsNoCanary(t, c.path, strings.ReplaceAll(body, canaryShop+`"`, "")) // the question may stand in the answer
	}
}

// Personal values are masked until a purpose is stated, and whoever sees them
// in clear is in the access log with exactly whom they saw.
func TestClearValuesNeedAPurposeAndAreLogged(t *testing.T) {
	t.Parallel()
	g := newGrounds(t, testConfig(t))
	path := "/api/customers/" + fmt.Sprint(g.own)
	if _, body := g.sales.do("GET", path, nil); strings.Contains(body, "1111") || strings.Contains(body, "자기고객") {
		t.Fatalf("clear without a purpose: %s", body)
	}
	if status, body := g.sales.do("POST", "/api/session/unmask", map[string]string{"purpose": "전화 상담"}); status != http.StatusOK {
		t.Fatalf("unmask: %d %s", status, body)
	}
	if _, body := g.sales.do("GET", path, nil); !strings.Contains(body, "자기고객") {
		t.Fatalf("masked for a stated purpose: %s", body)
	}
	_, body := g.admin.do("GET", "/api/access-log?work=customer.read&person_id="+fmt.Sprint(g.salesPerson), nil)
	var log struct {
		Items []Access `json:"items"`
	}
	if err := json.Unmarshal([]byte(body), &log); err != nil || len(log.Items) == 0 {
		t.Fatalf("access log: %s", body)
	}
	for _, item := range log.Items {
		if item.Purpose != "전화 상담" || len(item.SubjectIDs) != 1 || item.SubjectIDs[0] != g.own {
			t.Errorf("logged: %+v", item)
		}
	}
	if status, _ := g.sales.do("DELETE", "/api/session/unmask", nil); status != http.StatusNoContent {
		t.Errorf("mask: %d", status)
	}
	if _, body := g.sales.do("GET", path, nil); strings.Contains(body, "자기고객") {
		t.Errorf("clear after masking: %s", body)
	}
}
