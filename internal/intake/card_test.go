// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestCardsOfWhichSomeHaveAnUID loads address books in which the first, one, half or most of the cards have
// an UID: the dry run says what the run does, nothing is rejected, and the same file changes nothing.
func TestCardsOfWhichSomeHaveAnUID(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		for i, having := range [][]int{{}, {1}, {0, 1}, {5}, {0, 2, 4}, {0, 1, 2, 3, 4}} {
			var book strings.Builder
			for n := range 6 {
				fmt.Fprintf(&book, "BEGIN:VCARD\nVERSION:3.0\nFN:홍길%c\nTEL;TYPE=CELL:010-1%d34-560%d\n", '가'+rune(n*28), i, n)
				if slices.Contains(having, n) {
					fmt.Fprintf(&book, "UID:book%d-%d\n", i, n)
				}
				book.WriteString("END:VCARD\n")
			}
			request := h.upload(t, ctx, "book.vcf", fmt.Sprintf("rep%d", i), []byte(book.String()))
			b, err := h.intake.Create(ctx, request)
			if err != nil {
				t.Fatal(err)
			}
			if b, err = h.intake.Try(ctx, b.ID, nil); err != nil {
				t.Fatal(err)
			}
			if c := b.Preview.Counts; c.Created != 6 || c.Rejected != 0 {
				t.Errorf("%v: dry run %+v", having, c)
			}
			if b, err = h.intake.Run(ctx, b.ID, nil); err != nil {
				t.Fatal(err)
			}
			if b.Counts.Created != 6 || b.Counts.Rejected != 0 {
				t.Errorf("%v: run %+v", having, b.Counts)
			}
			again := h.load(t, ctx, h.upload(t, ctx, "again.vcf", fmt.Sprintf("rep%d", i), []byte(book.String())))
			if again.Counts.Unchanged != 6 {
				t.Errorf("%v: again %+v", having, again.Counts)
			}
		}
	})
}
