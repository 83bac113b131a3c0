// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"dangol/internal/segment"
)

// TestMergingShowsInTheImage makes two buyers one and parts them again: what the
// customer image answers follows, and it is the image that answers.
func TestMergingShowsInTheImage(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		i := serve(t, config)
		i.add("admin@example.com", "", "administrator")
		l := &loop{t: t, config: config, installation: i, admin: i.signIn("admin@example.com"), dir: t.TempDir()}
		l.load("members.csv", "회원번호,이름,휴대폰\nM1,김하나,010-1111-2222\nM2,김한나,010-1111-3333\n", "--source", "members", "--key", "회원번호=회원번호")
		l.load("orders.csv", "주문번호,회원번호,주문일시,상품명,수량,금액\nA1,M1,2026-01-02,차,1,3000\nA2,M2,2026-01-05,차,1,4000\n",
			"--source", "members", "--kind", "transactions", "--key", "회원번호=회원번호")
		twice := json.RawMessage(`{"event":"order","followed_by":{"within_days":3},"count":{"is":"eq","value":1}}`)
		buyers := json.RawMessage(`{"event":"order"}`)
		l.answered(buyers, 2)
		l.answered(twice, 0)
		var page struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
		}
		l.ask("GET", "/api/customers?sort=id", nil, &page)
		if len(page.Items) != 2 {
			t.Fatalf("%d customers", len(page.Items))
		}
		one, other := page.Items[0].ID, page.Items[1].ID
		l.ask("POST", "/api/customers/merge", object{"survivor_id": one, "other_id": other}, nil)
		l.answered(buyers, 1)
		l.answered(twice, 1)
		var records struct {
			Items []struct {
				ID         int64 `json:"id"`
				CustomerID int64 `json:"home_customer_id"`
			} `json:"items"`
		}
		l.ask("GET", fmt.Sprintf("/api/customers/%d/records", one), nil, &records)
		l.ask("POST", fmt.Sprintf("/api/customers/%d/unmerge", one), object{"record_ids": []int64{records.Items[len(records.Items)-1].ID}}, nil)
		l.answered(buyers, 2)
		l.answered(twice, 0)
	})
}

// answered waits until the image gives a count; the time it took is shown by -v.
func (l *loop) answered(rules json.RawMessage, want int64) {
	l.t.Helper()
	started := time.Now()
	for {
		var p segment.Preview
		l.ask("POST", "/api/segments/preview", object{"rules": rules}, &p)
		if p.Count == want && p.Explain.Engine == segment.EngineImage {
			l.t.Logf("%d of %s after %s", want, rules, time.Since(started).Round(time.Millisecond))
			return
		}
		if time.Since(started) > time.Minute {
			l.t.Fatalf("%s: %+v, not %d out of the image", rules, p, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
