// SPDX-License-Identifier: Apache-2.0

package recognise

import "testing"

func TestSlugsAreLatin(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"야간수신동의": "yagansusindongui", "동의방법": "donguibangbeop", "AGE_DESC": "age_desc", "2차 등급": "a_2cha_deunggeup",
		"備考": "a", "": "a", "값": "gap", "비고(내부)": "bigo_naebu",
	} {
		if got := Slug(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func TestHeadersOfSeveralRowsAreFoundByTheirLastPart(t *testing.T) {
	t.Parallel()
	headers := []string{"고객 정보 / 성명", "고객 정보 / 회원번호", "상담 / 메모", "고객 정보 / 메모", "상담원"}
	for wanted, want := range map[string]int{"회원번호": 1, "고객 정보 / 회원번호": 1, "회원 번호": 1, "메모": -1, "상담원": 4, "없음": -1} {
		if got := headerIndex(headers, wanted); got != want {
			t.Errorf("%s: %d, want %d", wanted, got, want)
		}
	}
}
