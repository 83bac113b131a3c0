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
