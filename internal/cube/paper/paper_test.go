// SPDX-License-Identifier: Apache-2.0

package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/paper"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

func TestText(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		value any
		kind  warehouse.Kind
	}{
		"1,234,567": {int64(1_234_567), warehouse.KindMoney}, "-1,000": {int64(-1000), warehouse.KindInteger}, "999": {int64(999), warehouse.KindInteger},
		"12.3%": {0.1234, warehouse.KindPercent}, "1,234.50": {1234.5, warehouse.KindNumber}, "2": {2.0, warehouse.KindNumber}, "": {nil, warehouse.KindText}, "서울": {"서울", warehouse.KindText},
	} {
		if got := paper.Text(c.value, c.kind); got != want {
			t.Errorf("%v is %q, want %q", c.value, got, want)
		}
	}
}

// TestPDF writes long and wide tables; the font comes from the pages where they are built.
func TestPDF(t *testing.T) {
	t.Parallel()
	sheet := cube.Sheet{Title: "지역", Heads: 1, Lines: [][]any{{"시·도", "매출"}}, Kinds: []warehouse.Kind{warehouse.KindText, warehouse.KindMoney}, AsOf: cube.AsOf{At: time.Now()}}
	wide := cube.Sheet{Title: "넓은 표", Heads: 1, AsOf: sheet.AsOf}
	for i := range 700 {
		sheet.Lines = append(sheet.Lines, []any{fmt.Sprintf("지역 %d", i), int64(i * 1000)})
	}
	for i := range 20 {
		wide.Kinds = append(wide.Kinds, warehouse.KindInteger)
		wide.Lines = append(wide.Lines, []any{int64(i)})
	}
	p := paper.Paper{Title: "보고", Locale: "ko", Zone: time.UTC, Sheets: []cube.Sheet{sheet, wide}}
	out := &bytes.Buffer{}
	if err := p.Write(out); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a font: %v", err)
	}
	font, err := os.ReadFile("../../../ui/node_modules/pretendard/dist/public/static/alternative/Pretendard-Regular.ttf")
	if err != nil {
		t.Skip("ui/node_modules has no Pretendard-Regular.ttf")
	}
	p.Font = font
	if err := p.Write(out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) || out.Len() < 10_000 {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
}
