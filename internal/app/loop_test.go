// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTheLoop goes once around: collect, unify, understand, act, measure; over
// the API and the command line, on both engines.
func TestTheLoop(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		i := serve(t, config)
		i.add("admin@example.com", "", "administrator")
		l := &loop{t: t, config: config, installation: i, admin: i.signIn("admin@example.com"), dir: t.TempDir()}
		l.collect()
		l.unify()
		segment := l.understand()
		campaign := l.act(segment)
		l.measure(campaign)
		if code, out, errs := run(t, config, "check"); code != exitOK {
			t.Errorf("check: %d %s %s", code, out, errs)
		}
	})
}

type loop struct {
	t *testing.T
	*installation
	config Config
	admin  *browser
	dir    string
}

// ask sends and decodes; any status but success ends the test.
func (l *loop) ask(method, path string, in, out any) {
	l.t.Helper()
	status, body := l.admin.do(method, path, in)
	if status >= 300 {
		l.t.Fatalf("%s %s: %d %s", method, path, status, body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal([]byte(body), out); err != nil {
		l.t.Fatalf("%s %s: %v in %s", method, path, err, body)
	}
}

func (l *loop) load(name, content string, args ...string) ImportSummary {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		l.t.Fatal(err)
	}
	code, out, errs := run(l.t, l.config, append([]string{"import", path, "--json"}, args...)...)
	var summary ImportSummary
	if err := json.Unmarshal([]byte(out), &summary); err != nil || code != exitOK {
		l.t.Fatalf("import %s: %d %s %s", name, code, out, errs)
	}
	return summary
}

const members = 60

func (l *loop) collect() {
	var customers, shop, orders strings.Builder
	customers.WriteString("회원번호,이름,휴대폰,이메일,주소,이메일수신동의,동의일,동의방법\n")
	shop.WriteString("온라인계정,이름,휴대전화,이메일\n")
	orders.WriteString("주문번호,회원번호,주문일시,상품명,수량,금액\n")
	consented := time.Now().AddDate(0, -1, 0).Format("2006-01-02 15:04:05")
	for n := range members {
		fmt.Fprintf(&customers, "M%04d,고객%c%c,010-2000-%04d,member%d@example.org,서울특별시 중구 세종대로 %d,Y,%s,웹\n", n, '가'+rune(n*28), '나'+rune(n*28), n, n, n+1, consented)
		if n%3 == 0 { // a third also buys on line, under the same mobile number and name
			fmt.Fprintf(&shop, "user%d,고객%c%c,010-2000-%04d,shop%d@example.net\n", n, '가'+rune(n*28), '나'+rune(n*28), n, n)
		}
		fmt.Fprintf(&orders, "A%d,M%04d,%s,상품%d,1,%d\n", n, n, time.Now().AddDate(0, 0, -n).Format("2006-01-02 15:04"), n%5, 1000*(n+1))
	}
	args := []string{"--source", "members", "--key", "회원번호=회원번호"}
	if s := l.load("members.csv", customers.String(), append(args, "--dry-run")...); s.Created != members {
		l.t.Errorf("dry run: %+v", s)
	}
	if s := l.load("members.csv", customers.String(), args...); s.Created != members || s.Rejected != 0 {
		l.t.Errorf("members: %+v", s)
	}
	if s := l.load("members.csv", customers.String(), args...); s.Unchanged != members {
		l.t.Errorf("members again: %+v", s)
	}
	if s := l.load("shop.csv", shop.String(), "--source", "shop", "--key", "온라인계정"); s.Linked != members/3 {
		l.t.Errorf("shop: %+v", s)
	}
	if s := l.load("orders.csv", orders.String(), "--source", "members", "--kind", "transactions", "--key", "회원번호=회원번호"); s.Created != members {
		l.t.Errorf("orders: %+v", s)
	}
	if err := l.app.catchUp(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *loop) unify() {
	var found struct {
		Items []struct {
			ID          int64 `json:"id"`
			RecordCount int   `json:"record_count"`
		} `json:"items"`
	}
	l.ask("GET", "/api/customers/find?key=user3", nil, &found)
	if len(found.Items) != 1 || found.Items[0].RecordCount != 2 {
		l.t.Fatalf("found by the shop's account: %+v", found)
	}
	one := found.Items[0].ID
	l.ask("GET", "/api/customers/find?key=M0003", nil, &found)
	if len(found.Items) != 1 || found.Items[0].ID != one {
		l.t.Fatalf("found by the member number: %+v", found)
	}
	l.ask("GET", "/api/customers/find?key=M0004", nil, &found)
	other := found.Items[0].ID
	l.ask("POST", "/api/customers/merge", object{"survivor_id": one, "other_id": other}, nil)
	if status, _ := l.admin.do("GET", fmt.Sprintf("/api/customers/%d/orders", one), nil); status != http.StatusOK {
		l.t.Errorf("orders: %d", status)
	}
	var page struct {
		Items []struct {
			ID int64 `json:"id"`
		} `json:"items"`
	}
	l.ask("GET", fmt.Sprintf("/api/customers/%d/records", one), nil, &page)
	if len(page.Items) != 3 {
		l.t.Fatalf("records after merging: %+v", page)
	}
	l.ask("POST", fmt.Sprintf("/api/customers/%d/unmerge", one), object{"record_ids": []int64{page.Items[2].ID}}, nil)
}

func (l *loop) understand() int64 {
	if err := l.app.catchUp(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	var answer struct {
		Rows [][]json.Number `json:"rows"`
	}
	l.ask("POST", "/api/cube/query", object{"measures": []string{"order.revenue", "order.count"}}, &answer)
	if len(answer.Rows) != 1 || answer.Rows[0][0] != "1830000" || answer.Rows[0][1] != "60" {
		l.t.Errorf("pivot: %+v", answer)
	}
	var rfm struct {
		Buyers int `json:"buyers"`
	}
	l.ask("POST", "/api/mining/rfm", object{}, &rfm)
	if rfm.Buyers < members-1 {
		l.t.Errorf("RFM: %+v", rfm)
	}
	rules := object{"event": "order", "sum": object{"of": "amount", "is": "gte", "value": 11000}, "within": object{"last_days": 365}}
	var preview struct {
		Count int `json:"count"`
	}
	l.ask("POST", "/api/segments/preview", object{"rules": rules}, &preview)
	if preview.Count < 45 || preview.Count > 50 {
		l.t.Errorf("preview: %+v", preview)
	}
	var made struct {
		ID int64 `json:"id"`
	}
	l.ask("POST", "/api/segments", object{"name": "만원 넘게 산 고객", "rules": rules}, &made)
	return made.ID
}

var unsubscribeLink = regexp.MustCompile(`<http://[^>]*(/u/[^>]+)>`)

func (l *loop) act(segment int64) int64 {
	l.ask("PUT", "/api/senders/company", object{
		"name": "시험상회", "name_en": "Test", "email": "news@shop.example", "phone": "02-1234-5678", "address": "서울특별시 중구 세종대로 1", "address_en": "Seoul",
	}, nil)
	var template, campaign struct {
		ID int64 `json:"id"`
	}
	l.ask("POST", "/api/templates", object{"name": "감사", "class": "ad", "subject": "{{name}}님께", "html": `<p>{{name}}님</p><p><a href="https://shop.example/c">쿠폰</a></p>`}, &template)
	l.ask("POST", "/api/campaigns", object{"name": "가을", "segment_id": segment, "template_id": template.ID, "control_share": 2000}, &campaign)
	path := fmt.Sprintf("/api/campaigns/%d", campaign.ID)
	l.ask("POST", path+"/plan", object{}, nil)
	l.await(path, "planned")
	l.ask("POST", path+"/start", object{}, nil)
	l.await(path, "finished")
	mails, err := filepath.Glob(filepath.Join(l.config.Data, "outbox", "*", "*.eml"))
	if err != nil || len(mails) < 20 {
		l.t.Fatalf("%d mails in the outbox, %v", len(mails), err)
	}
	raw, err := os.ReadFile(mails[0])
	if err != nil {
		l.t.Fatal(err)
	}
	link := unsubscribeLink.FindStringSubmatch(strings.ReplaceAll(string(raw), "\r\n ", ""))
	if link == nil {
		l.t.Fatalf("no way to unsubscribe in %s", raw)
	}
	if status, body := l.browser().do("POST", link[1], "List-Unsubscribe=One-Click"); status != http.StatusOK {
		l.t.Errorf("unsubscribe: %d %s", status, body)
	}
	return campaign.ID
}

func (l *loop) await(path, state string) {
	l.t.Helper()
	var campaign struct {
		State string `json:"state"`
		Note  string `json:"note"`
	}
	for range 300 {
		l.ask("GET", path, nil, &campaign)
		if campaign.State == state {
			return
		}
		select {
		case <-l.t.Context().Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	l.t.Fatalf("the campaign is %s, not %s: %s", campaign.State, state, campaign.Note)
}

func (l *loop) measure(campaign int64) {
	var result struct {
		Sent   int `json:"sent"`
		Counts struct {
			Treatment    int `json:"treatment"`
			Control      int `json:"control"`
			Unsubscribed int `json:"unsubscribed"`
		} `json:"counts"`
		Statements []any `json:"statements"`
	}
	l.ask("GET", fmt.Sprintf("/api/campaigns/%d/result", campaign), nil, &result)
	if result.Sent != result.Counts.Treatment || result.Sent < 20 || result.Counts.Control < 1 || result.Counts.Unsubscribed != 1 || len(result.Statements) == 0 {
		l.t.Errorf("result: %+v", result)
	}
}
