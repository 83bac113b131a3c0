// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"strings"
)

type company struct {
	index                      int
	stem, kind, latin, kindEng string
	phone                      string
	domain                     string
	home                       address
}

var (
	titles       = strings.Fields("대리 과장 차장 부장 사원 팀장 주임 실장 이사 상무 대표이사 선임 책임 매니저 점장")
	companyStems = strings.Fields("한빛 대성 미래 동아 삼정 우진 세종 태광 신화 금강 백두 한울 다온 가람 누리 해오름 푸른 동방 서광 유니온 제일 성원 청솔 온누리 한결 아람 새한 광명 대한 정우")
	companyKinds = []string{"상사 Trading", "유통 Distribution", "산업 Industries", "식품 Foods", "푸드 Food", "물산 Corporation", "어패럴 Apparel", "텍스타일 Textile", "리빙 Living", "생활건강 Living Care", "홈데코 Home Deco", "호텔 Hotel", "급식 Catering", "마트 Mart", "무역 Trading", "컴퍼니 Company"}
	departments  = strings.Fields("구매팀 총무팀 영업1팀 영업2팀 MD팀 상품기획팀 경영지원팀 물류팀")
)

// company draws the employer of a business contact; a company has about six contacts.
func (w *world) company(r *random) *company {
	return w.companyAt(r.intn(w.companyCount))
}

func (w *world) companyAt(index int) *company {
	r := newRandom(w.seed, streamCompany, uint64(index))
	kind, english, _ := strings.Cut(one(&r, companyKinds), " ")
	c := &company{index: index, stem: one(&r, companyStems), kind: kind, kindEng: english, home: w.atlas.address(&r, nil)}
	if index >= len(companyStems) {
		// Larger markets have more firms than plain words: join two.
		c.stem += one(&r, companyStems)
	}
	c.latin = capital(strings.Join(romanSyllables(c.stem, false), ""))
	c.phone = c.home.region.areaCode + strconv.Itoa(r.between(2000000, 8999999))
	c.domain = strings.ToLower(c.latin) + strconv.Itoa(index) + ".example" // reserved, takes no mail (RFC 2606)
	c.home.isFlat, c.home.building = false, c.stem+"빌딩"
	return c
}

// form writes the company name with one of the decorations that matching must fold (F-NAME-8).
func (c *company) form(r *random) string {
	name := c.stem + c.kind
	switch r.intn(7) {
	case 0:
		return "(주)" + name
	case 1:
		return "㈜" + name
	case 2:
		return "주식회사 " + name
	case 3:
		return name + "(주)"
	case 4:
		return c.latin + " " + c.kindEng + " Co., Ltd."
	case 5:
		return "㈜ " + name
	default:
		return name
	}
}
