// SPDX-License-Identifier: Apache-2.0

package consent

import "dangol/internal/dataquality"

// preferenceWording names the texts that the public pages show; the ledger keeps it with
// wordingVersion and the language. Change a text, and the version with it.
const (
	preferenceWording = "preference-centre"
	wordingVersion    = "2026-12"
)

// wordings are what a person agrees to: purpose, items, period and that refusing costs nothing (L-PI-2).
var wordings = map[string]map[string]string{
	"ko": {
		"ad": "상품·서비스와 행사 안내 등 광고성 정보를 받기 위해 제 연락처를 이용하는 데 동의합니다. 연락처는 동의를 철회할 때까지 이용하며, " +
			"동의하지 않아도 다른 서비스 이용에 불이익이 없습니다.",
		"night":           "오후 9시부터 다음 날 오전 8시까지도 광고성 정보를 받는 데 따로 동의합니다.",
		"call_individual": "두낫콜(전화권유판매 수신거부)에 등록했더라도 이 회사의 전화 안내는 받는 데 동의합니다.",
	},
	"en": {
		"ad": "I agree that my contact data is used to send me advertising about products, services and events. It is used until I withdraw " +
			"this consent, and refusing it has no disadvantage for other services.",
		"night":           "I also agree to get advertising between 9 p.m. and 8 a.m.",
		"call_individual": "I agree to calls of this company although my number may stand in the do-not-call register.",
	},
}

// wordingOf is the text that a switch of the page stands for.
func wordingOf(language string, purpose Purpose, isNight bool) string {
	texts := wordings["ko"]
	if language == "en" {
		texts = wordings["en"]
	}
	if isNight {
		return texts["night"]
	}
	return texts[string(purpose)]
}

// maskedAddress is how the page shows whose it is to whoever holds the link.
func maskedAddress(v visitor) string {
	if v.email != "" {
		return dataquality.MaskEmail(v.email)
	}
	return dataquality.Mask("mobile", v.mobile)
}
