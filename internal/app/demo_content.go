// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
)

// demoCompany is the name of the demo company.
const demoCompany = "온담상회"

// object is a piece of JSON.
type object = map[string]any

// demoContent is what people of the demo company have saved: something to open
// on every page. Rules and queries are those of the API.
var demoContent = []struct {
	path string
	body object
}{
	{"/api/segments", object{"name": "최근 90일 구매 고객", "rules": bought(object{"last_days": 90}, 1)}},
	{"/api/segments", object{"name": "1년에 3번 이상 산 서울 고객", "rules": object{"op": "and", "rules": []any{
		object{"field": "sido", "is": "eq", "value": "서울특별시"}, bought(object{"last_days": 365}, 3),
	}}}},
	{"/api/segments", object{"name": "잠잠해진 고객", "description": "지난 2년 안에 샀지만 최근 반년은 사지 않은 고객", "rules": object{"op": "and", "rules": []any{
		bought(object{"last_days": 730}, 1), object{"op": "not", "rules": []any{bought(object{"last_days": 180}, 1)}},
	}}}},
	{"/api/pivots", object{"name": "월별 매출", "shared": true, "query": object{
		"measures": []string{"order.revenue", "order.count", "order.customers"}, "dimensions": []string{"order.month"},
	}}},
	{"/api/pivots", object{"name": "상품 분류별 매출", "shared": true, "query": object{
		"measures": []string{"order.revenue", "order.customers"}, "dimensions": []string{"product.category", "product.department"},
	}}},
	{"/api/pivots", object{"name": "지역별 고객", "shared": true, "query": object{
		"measures": []string{"customer.count"}, "dimensions": []string{"customer.sido"},
	}}},
	{"/api/templates", object{
		"name": "감사 쿠폰", "class": "ad", "subject": "{{name}}님께 드리는 감사 쿠폰",
		"html": "<p>{{name}}님, 늘 온담상회를 찾아 주셔서 감사합니다.</p><p>이번 달 안에 쓰실 수 있는 10% 쿠폰을 준비했습니다.</p><p><a href=\"https://shop.ondam.example/coupon\">쿠폰 받기</a></p>",
	}},
}

// bought is the rule of customers who bought at least so many times.
func bought(within object, times int) object {
	return object{"event": "order", "count": object{"is": "gte", "value": times}, "within": within}
}

// addDemoContent saves what the demo company works with.
func (a *App) addDemoContent(ctx context.Context, c *client) error {
	system := auth.System(auth.WithDirectory(ctx, a.Team), "demo")
	_, err := a.services.consent.SaveSender(system, consent.Sender{
		Code: consent.DefaultSender, Name: demoCompany, NameEn: "Ondam Store", Email: "news@ondam.example", Phone: "02-1234-5678",
		Address: "서울특별시 중구 세종대로 110", AddressEn: "110 Sejong-daero, Jung-gu, Seoul",
	})
	if err != nil {
		return fmt.Errorf("name the sender: %w", err)
	}
	if err := a.catchUp(ctx); err != nil {
		return err
	}
	if err := a.services.mining.RefreshRFM(system); err != nil {
		return fmt.Errorf("score customers: %w", err)
	}
	for _, kind := range []string{"value", "forecast"} {
		if err := c.call(ctx, "POST", "/api/mining/runs", object{"kind": kind, "settings": object{}}, nil); err != nil {
			return fmt.Errorf("begin the %s model: %w", kind, err)
		}
	}
	// One run is on its way when the first person looks: links and a review queue come out of it.
	if err := c.call(ctx, "POST", "/api/match/runs", object{"train": true}, nil); err != nil {
		return fmt.Errorf("look for duplicates: %w", err)
	}
	if err := a.addDemoWork(ctx); err != nil {
		return fmt.Errorf("let the demo company's staff work: %w", err)
	}
	for _, content := range demoContent {
		if err := c.call(ctx, "POST", content.path, content.body, nil); err != nil {
			return fmt.Errorf("save %s: %w", content.body["name"], err)
		}
	}
	return nil
}
