// SPDX-License-Identifier: Apache-2.0

package web

import "testing"

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, accepted, want string }{
		{"", "", "ko"}, {"", "ko-KR,ko;q=0.9,en;q=0.8", "ko"}, {"", "en-US,en;q=0.9,ko;q=0.8", "en"}, {"en", "ko", "en"}, {"xx", "ko", "ko"}, {"", "*", "ko"},
	} {
		if got := Language(c.asked, c.accepted); got != c.want {
			t.Errorf("%q %q: %s", c.asked, c.accepted, got)
		}
	}
}
