// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// contactRows are customers whose telephone numbers, addresses and e-mails are written in many ways.
const contactRows = `회원번호,이름,휴대폰,이메일,주소
M1,김하나,010-1111-2222,hana@naver.com,서울특별시 강남구 테헤란로 1
M2,이두리,+82 10-1111-3333,duri@gmail.com,부산광역시 해운대구 우동 2
M3,박세나,010 5555 2222,SENA@Naver.com,서울특별시  종로구 세종대로 3
M4,최네오,,,
`

// TestContactsAreFilteredAndSorted asks the list, segments and the export about telephone, e-mail and
// address, as somebody who sees them in clear and as somebody who does not.
func TestContactsAreFilteredAndSorted(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		i := serve(t, config)
		i.add("admin@example.com", "", "administrator")
		l := &loop{t: t, config: config, installation: i, admin: i.signIn("admin@example.com"), dir: t.TempDir()}
		l.load("members.csv", contactRows, "--source", "members", "--key", "회원번호=회원번호")
		if err := l.app.catchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.masked()
		l.ask("POST", "/api/session/unmask", object{"purpose": "명단 확인"}, nil)
		for rule, want := range map[string]string{
			`{"field":"mobile","is":"eq","value":"010-1111-2222"}`:                                                             "김하나",
			`{"field":"mobile","is":"starts","value":"+82 10 1111"}`:                                                           "김하나 이두리",
			`{"field":"mobile","is":"contains","value":"2222"}`:                                                                "김하나 박세나",
			`{"field":"mobile","is":"contains","value":"1111-3333"}`:                                                           "이두리",
			`{"field":"mobile","is":"is_not_set"}`:                                                                             "최네오",
			`{"field":"email","is":"contains","value":"NAVER"}`:                                                                "김하나 박세나",
			`{"field":"email","is":"eq","value":" sena@naver.com "}`:                                                           "박세나",
			`{"field":"address","is":"starts","value":"서울"}`:                                                                   "김하나 박세나",
			`{"field":"address","is":"contains","value":"종로구  세종대로"}`:                                                          "박세나",
			`{"op":"and","rules":[{"field":"sido","is":"eq","value":"서울특별시"},{"field":"email","is":"starts","value":"hana"}]}`: "김하나",
			`{"field":"full_name","is":"eq","value":" 김하나 "}`:                                                                  "김하나",
		} {
			if got := l.names("filter=" + url.QueryEscape(rule) + "&sort=full_name"); strings.Join(got, " ") != want {
				t.Errorf("%s: %v, want %s", rule, got, want)
			}
			var preview struct {
				Count int `json:"count"`
			}
			l.ask("POST", "/api/segments/preview", object{"rules": json.RawMessage(rule)}, &preview)
			if preview.Count != len(strings.Fields(want)) {
				t.Errorf("segment %s: %d, want %s", rule, preview.Count, want)
			}
		}
		for sort, want := range map[string]string{
			"mobile": "김하나 이두리 박세나 최네오", "-mobile": "박세나 이두리 김하나 최네오",
			"email": "이두리 김하나 박세나 최네오", "address": "이두리 김하나 박세나 최네오", "-record_count": "최네오 박세나 이두리 김하나",
		} {
			if got := strings.Join(l.names("sort="+sort+"&limit=1"), " "); got != want {
				t.Errorf("sorted by %s: %s, want %s", sort, got, want)
			}
		}
		if status, body := l.admin.do("GET", "/api/customers?filter="+url.QueryEscape(`{"field":"mobile","is":"eq","value":"abc"}`), nil); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			t.Errorf("letters as a telephone number: %d %s", status, body)
		}
		l.savedByOneUsedByAnother()
	})
}

// names reads the list page by page; no cursor may tell a personal value.
func (l *loop) names(query string) []string {
	l.t.Helper()
	var names []string
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				Name string `json:"full_name"`
			} `json:"items"`
			Next string `json:"next_cursor"`
		}
		l.ask("GET", "/api/customers?"+query+"&cursor="+cursor, nil, &page)
		for _, item := range page.Items {
			names = append(names, item.Name)
		}
		if cursor = page.Next; cursor == "" {
			return names
		}
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || slices.ContainsFunc([]string{"김하나", "이두리", "박세나", "1111", "@", "서울"}, func(s string) bool { return strings.Contains(string(raw), s) }) {
			l.t.Errorf("the cursor of %s tells %s (%v)", query, raw, err)
		}
	}
}

// masked asks without a stated purpose: whatever would tell a masked value is refused.
func (l *loop) masked() {
	l.t.Helper()
	for _, rule := range []string{
		`{"field":"mobile","is":"eq","value":"01011112222"}`, `{"field":"email","is":"contains","value":"naver"}`,
		`{"field":"address","is":"starts","value":"서울"}`, `{"field":"full_name","is":"eq","value":"김하나"}`,
		`{"field":"birth_on","is":"lt","value":"2000-01-01"}`,
		`{"op":"or","rules":[{"op":"not","rules":[{"field":"mobile","is":"starts","value":"010"}]}]}`,
	} {
		asked := url.QueryEscape(rule)
		for _, path := range []string{"/api/customers?filter=" + asked, "/api/customers/count?filter=" + asked, "/api/customers/window?filter=" + asked, "/api/customers?q=" + url.QueryEscape("김하나") + "&filter=" + asked} {
			if status, body := l.admin.do("GET", path, nil); status != http.StatusForbidden || !strings.Contains(body, "rule.masked") {
				l.t.Errorf("masked, GET %s: %d %s", path, status, body)
			}
		}
		for path, body := range map[string]object{
			"/api/segments/preview": {"rules": json.RawMessage(rule)},
			"/api/segments":         {"name": "x", "rules": json.RawMessage(rule)},
		} {
			if status, answer := l.admin.do("POST", path, body); status != http.StatusForbidden {
				l.t.Errorf("masked, POST %s %s: %d %s", path, rule, status, answer)
			}
		}
		if status, body := l.admin.do("POST", "/api/customers/export", object{"purpose": "명단 확인", "filter": json.RawMessage(rule)}); status != http.StatusForbidden {
			l.t.Errorf("masked, export %s: %d %s", rule, status, body)
		}
	}
	for _, sort := range []string{"mobile", "email", "address", "-birth_on"} {
		if status, _ := l.admin.do("GET", "/api/customers?sort="+sort, nil); status != http.StatusForbidden {
			l.t.Errorf("masked, sorted by %s: %d", sort, status)
		}
	}
	cell := object{"query": object{"measures": []string{"customer.count"}}, "cell": object{"customer.mobile": "01011112222"}, "measure": "customer.count"}
	if status, body := l.admin.do("POST", "/api/cube/people", cell); status != http.StatusForbidden {
		l.t.Errorf("masked, people of a cell: %d %s", status, body)
	}
	filter := object{"measures": []string{"customer.count"}, "filters": object{"field": "customer.email", "is": "contains", "value": "naver"}}
	if status, body := l.admin.do("POST", "/api/cube/query", filter); status != http.StatusForbidden {
		l.t.Errorf("masked, filtered pivot: %d %s", status, body)
	}
	if got := l.names("filter=" + url.QueryEscape(`{"field":"mobile","is":"is_set"}`)); len(got) != 3 {
		l.t.Errorf("whether there is a number is shown by the mask: %v", got)
	}
	if got := l.names("sort=full_name&limit=1"); len(got) != 4 {
		l.t.Errorf("masked names by page: %v", got)
	}
}

// savedByOneUsedByAnother has a segment that was saved in clear counted and read by a masked person.
func (l *loop) savedByOneUsedByAnother() {
	l.t.Helper()
	var made struct {
		ID      int64 `json:"id"`
		Version int64 `json:"version"`
	}
	l.ask("POST", "/api/segments", object{"name": "네이버", "rules": json.RawMessage(`{"field":"email","is":"contains","value":"naver"}`)}, &made)
	l.add("marketer@example.com", "", "marketer")
	other := l.signIn("marketer@example.com")
	rule, _ := json.Marshal(object{"segment": made.ID})
	status, body := other.do("GET", "/api/customers?filter="+url.QueryEscape(string(rule)), nil)
	if status != http.StatusOK || strings.Contains(body, "hana@naver.com") || strings.Count(body, `"full_name"`) != 2 {
		l.t.Errorf("members of a saved segment, masked: %d %s", status, body)
	}
}
