// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSignaturesNeverHideLikeness: where a signature says "else", the measure does.
func TestSignaturesNeverHideLikeness(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	word := func(alphabet string, n int) string {
		letters := []rune(alphabet)
		var out strings.Builder
		for range n {
			out.WriteRune(letters[random.IntN(len(letters))])
		}
		return out.String()
	}
	digits := func(n int) string { return word("0123456789", n) }
	values := map[Kind]func() string{
		Name: func() string {
			switch random.IntN(4) {
			case 0:
				return word("김이박최정", 1) + word("지훈민서연우현", 1+random.IntN(3))
			case 1:
				return word("abcdeilmn", 3+random.IntN(5)) + " " + word("aeosr", 2+random.IntN(6))
			case 2:
				return []string{"kim minseo", "lee jihun", "yi jihoon", "이지훈", "리지훈", "지훈이"}[random.IntN(6)]
			}
			return word("abcdefghij", 2+random.IntN(9))
		},
		Given: func() string { return word("abcde", 2+random.IntN(8)) },
		Email: func() string {
			return word("abc.12", 2+random.IntN(7)) + []string{"@a.com", "@b.kr", ""}[random.IntN(3)]
		},
		Phone: func() string { return "10" + digits(6+random.IntN(4)) },
		Date: func() string {
			return fmt.Sprintf("%d%02d%02d", 1960+random.IntN(6), 1+random.IntN(12), 1+random.IntN(28))
		},
	}
	for kind, make := range values {
		quick := 0
		m := measureOf(kind, yearFirst, nil)
		for range 60_000 {
			x, y := m.clean(make()), m.clean(make())
			if x == "" || y == "" || x == y {
				continue
			}
			a, b := m.prepare(x), m.prepare(y)
			if a.text == "" {
				a.text, b.text = x, y
			}
			if m.isUnlike(m.sign(&a), m.sign(&b)) {
				quick++
				if level := m.level(&a, &b); level != m.other() {
					t.Fatalf("%s: %q and %q are called unlike, their level is %s", kind, x, y, m.labels[level])
				}
			}
		}
		if quick == 0 {
			t.Errorf("%s: no couple was decided by its signature", kind)
		}
	}
}
