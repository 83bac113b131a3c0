// SPDX-License-Identifier: Apache-2.0

package order

import "testing"

func TestArmOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ response, extra, want string }{
		{"", `{"구분":"대조군"}`, armControl},
		{"", `{"구분":"발송","결과":"성공"}`, armTreatment},
		{"No E-Mail", "", armControl},
		{"", `{"segment":"Womens E-Mail"}`, armTreatment},
		{"", `{"Hold-out":"Y"}`, armControl},
		{"", `{"Hold-out":"N"}`, armTreatment},
		{"성공", `{"control":0}`, armTreatment},
		{"", `not json`, armTreatment},
	} {
		if got := armOf(c.response, c.extra); got != c.want {
			t.Errorf("%q %s: %s, should be %s", c.response, c.extra, got, c.want)
		}
	}
}
