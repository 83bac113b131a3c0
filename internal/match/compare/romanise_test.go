// SPDX-License-Identifier: Apache-2.0

package compare

import "testing"

func TestLooseNameJoinsSpellings(t *testing.T) {
	t.Parallel()
	for _, row := range [][]string{
		{"김민수", "kim minsu", "gim min-su", "min soo kim", "김 민수"},
		{"이수진", "lee sujin", "su-jin rhee", "yi soo jin", "리수진"},
		{"최영호", "choi youngho", "choe yeong-ho", "young ho choy"},
		{"박정희", "park junghee", "pak jeonghui"},
		{"류현주", "yoo hyunju", "ryu hyeonju", "유현주"},
	} {
		for _, other := range row[1:] {
			if a, b := LooseName(row[0]), LooseName(other); a != b || a == "" {
				t.Errorf("%q sounds %q, %q sounds %q", row[0], a, other, b)
			}
		}
	}
	for _, row := range [][2]string{{"김민수", "김민지"}, {"robert smith", "rob smith"}, {"kim minsu", "lee minsu"}} {
		if a, b := LooseName(row[0]), LooseName(row[1]); a == b && a != "" {
			t.Errorf("%q and %q both sound %q", row[0], row[1], a)
		}
	}
}
