// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"testing"
	"time"
)

func TestHolidaysOfKorea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, name string }{
		{"2024-02-10", "설날"},
		{"2024-02-12", "설날 대체"},
		{"2024-09-17", "추석"},
		{"2024-05-06", "어린이날 대체"},
		{"2024-05-15", "부처님 오신 날"},
		{"2023-05-29", "부처님 오신 날 대체"},
		{"2025-10-06", "추석"},
		{"2025-10-08", "추석 대체"},
		{"2025-03-03", "삼일절 대체"},
		{"2025-05-06", "부처님 오신 날 대체"},
		{"2026-02-17", "설날"},
		{"2026-08-17", "광복절 대체"},
		{"2024-06-06", "현충일"},
		{"2024-06-07", ""},
	} {
		at, _ := time.Parse(time.DateOnly, c.day)
		got := Holidays(at.Year())[at]
		if got != c.name && !(c.day == "2025-05-06" && got != "") { // two holidays on one day: either name
			t.Errorf("%s is %q, want %q", c.day, got, c.name)
		}
	}
}
