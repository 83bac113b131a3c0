// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Series is one line or one kind of bar; NaN is a gap.
type Series struct {
	Name     string
	Values   []float64
	IsDashed bool
}

// Band is an interval around a line.
type Band struct{ Low, High []float64 }

const (
	wide, high                   = 760.0, 300.0
	left, right, top, underneath = 64.0, 16.0, 30.0, 34.0
)

var colours = []string{"var(--a)", "var(--b)", "var(--c)", "var(--d)"}

// canvas turns values into places.
type canvas struct {
	strings.Builder
	lowX, highX, lowY, highY float64
}

func (c *canvas) x(v float64) float64 {
	return left + (v-c.lowX)/(c.highX-c.lowX)*(wide-left-right)
}

func (c *canvas) y(v float64) float64 {
	return high - underneath - (v-c.lowY)/(c.highY-c.lowY)*(high-underneath-top)
}

func (c *canvas) print(format string, args ...any) { _, _ = fmt.Fprintf(c, format, args...) }

func (c *canvas) begin() {
	if !(c.highX > c.lowX) {
		c.highX = c.lowX + 1
	}
	if !(c.highY > c.lowY) {
		c.highY = c.lowY + 1
	}
	c.print(`<svg viewBox="0 0 %g %g" role="img">`, wide, high)
	for _, v := range ticks(c.lowY, c.highY) {
		y := c.y(v)
		c.print(`<line x1="%g" x2="%g" y1="%.1f" y2="%.1f" stroke="var(--line)"/><text x="%g" y="%.1f" text-anchor="end">%s</text>`,
			left, wide-right, y, y, left-6, y+4, short(v))
	}
}

func (c *canvas) text(x, y float64, anchor, text string) {
	c.print(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, template.HTMLEscapeString(text))
}

func (c *canvas) legend(names []string) {
	if len(names) < 2 {
		return
	}
	at := left
	for i, name := range names {
		c.print(`<rect x="%.0f" y="6" width="10" height="10" fill="%s"/>`, at, colours[i%len(colours)])
		c.text(at+15, 15, "start", name)
		at += 32 + 7*float64(width(name))
	}
}

func (c *canvas) end() string {
	c.print("</svg>")
	return c.String()
}

// ticks are about five round values within a range.
func ticks(low, high float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, factor := range []float64{5, 2} {
		if (high-low)/(step*factor) >= 4 {
			step *= factor
			break
		}
	}
	var list []float64
	for v := math.Ceil(low/step) * step; v <= high+step*1e-9 && len(list) < 12; v += step {
		list = append(list, v)
	}
	return list
}

// short writes a number for an axis.
func short(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e9:
		return strconv.FormatFloat(v/1e9, 'g', 4, 64) + "G"
	case a >= 1e6:
		return strconv.FormatFloat(v/1e6, 'g', 4, 64) + "M"
	case a >= 1e4:
		return strconv.FormatFloat(v/1e3, 'g', 4, 64) + "k"
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'g', 6, 64)
}

func span(lists ...[]float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, list := range lists {
		for _, v := range list {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low > high {
		return 0, 1
	}
	return low, high
}

// Lines draws values over places 0, 1, 2 …; labels name some of these places.
func (p *Page) Lines(title string, labels []string, series []Series, band *Band) {
	c := &canvas{}
	var lists [][]float64
	var names []string
	length := 0
	for _, s := range series {
		lists, names, length = append(lists, s.Values), append(names, s.Name), max(length, len(s.Values))
	}
	if band != nil {
		lists = append(lists, band.Low, band.High)
	}
	c.lowY, c.highY = span(lists...)
	if c.lowY > 0 && c.lowY < c.highY/2 {
		c.lowY = 0
	}
	c.highX = float64(length - 1)
	c.begin()
	c.legend(names)
	if band != nil {
		c.band(band)
	}
	for i, s := range series {
		dash := ""
		if s.IsDashed {
			dash = ` stroke-dasharray="5 4"`
		}
		c.print(`<path fill="none" stroke="%s" stroke-width="1.8"%s d="%s"/>`, colours[i%len(colours)], dash, c.path(s.Values))
	}
	c.labels(labels)
	p.picture(title, c.end())
}

func (c *canvas) labels(labels []string) {
	every := max(1, (len(labels)+7)/8)
	for i := 0; i < len(labels); i += every {
		if labels[i] != "" {
			c.text(c.x(float64(i)), high-underneath+16, "middle", labels[i])
		}
	}
}

func (c *canvas) path(values []float64) string {
	var d strings.Builder
	pen := "M"
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = "M"
			continue
		}
		_, _ = fmt.Fprintf(&d, "%s%.1f %.1f", pen, c.x(float64(i)), c.y(v))
		pen = "L"
	}
	return d.String()
}

func (c *canvas) band(b *Band) {
	var there, back string
	for i := range b.Low {
		if math.IsNaN(b.Low[i]) || math.IsNaN(b.High[i]) {
			continue
		}
		there += fmt.Sprintf("%.1f,%.1f ", c.x(float64(i)), c.y(b.High[i]))
		back = fmt.Sprintf("%.1f,%.1f ", c.x(float64(i)), c.y(b.Low[i])) + back
	}
	c.print(`<polygon points="%s%s" fill="var(--b)" opacity=".18"/>`, there, back)
}

// Bars draws bars side by side, one group a label.
func (p *Page) Bars(title string, labels []string, series []Series) {
	c := &canvas{}
	var lists [][]float64
	var names []string
	for _, s := range series {
		lists, names = append(lists, s.Values), append(names, s.Name)
	}
	c.lowY, c.highY = span(lists...)
	c.lowY = min(c.lowY, 0)
	c.lowX, c.highX = -0.5, float64(len(labels))-0.5
	c.begin()
	c.legend(names)
	room := (wide - left - right) / float64(max(1, len(labels))) * 0.8
	each := room / float64(max(1, len(series)))
	for i, s := range series {
		for k, v := range s.Values {
			if math.IsNaN(v) {
				continue
			}
			x := c.x(float64(k)) - room/2 + float64(i)*each
			from, to := c.y(max(v, 0)), c.y(min(v, 0))
			c.print(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s: %s</title></rect>`, x, from, max(each-1, 1), to-from,
				colours[i%len(colours)], template.HTMLEscapeString(labels[k]), short(v))
		}
	}
	c.labels(labels)
	p.picture(title, c.end())
}

// Heat draws a matrix; the darker, the more.
func (p *Page) Heat(title string, rows, columns []string, values [][]float64, write func(float64) string) {
	c := &canvas{}
	low, most := span(values...)
	low = min(low, 0)
	const cellHigh, name = 30.0, 130.0
	each := min(90, (wide-name)/float64(max(1, len(columns))))
	c.print(`<svg viewBox="0 0 %g %g" role="img">`, wide, cellHigh*float64(len(rows)+1))
	for k, column := range columns {
		c.text(name+each*(float64(k)+.5), cellHigh-8, "middle", column)
	}
	for i, row := range rows {
		y := cellHigh * float64(i+1)
		c.text(name-8, y+19, "end", row)
		for k, v := range values[i] {
			if math.IsNaN(v) {
				continue
			}
			share := 0.0
			if most > low {
				share = math.Sqrt((v - low) / (most - low))
			}
			c.print(`<rect x="%.1f" y="%.1f" width="%.1f" height="%g" fill="var(--a)" opacity="%.2f"/>`, name+each*float64(k), y, each-2, cellHigh-2, 0.06+0.6*share)
			c.print(`<text x="%.1f" y="%.1f" text-anchor="middle" style="fill:var(--ink)">%s</text>`, name+each*(float64(k)+.5)-1, y+19, template.HTMLEscapeString(write(v)))
		}
	}
	p.picture(title, c.end())
}

// Points draws dots.
func (p *Page) Points(title string, x, y []float64) {
	c := &canvas{}
	c.lowX, c.highX = span(x)
	c.lowY, c.highY = span(y)
	c.begin()
	for _, v := range ticks(c.lowX, c.highX) {
		c.text(c.x(v), high-underneath+16, "middle", short(v))
	}
	const most = 4000 // more dots make the file large and show nothing more
	every := max(1, len(x)/most)
	for i := 0; i < len(x); i += every {
		c.print(`<circle cx="%.1f" cy="%.1f" r="2" fill="var(--a)" opacity=".6"/>`, c.x(x[i]), c.y(y[i]))
	}
	p.picture(title, c.end())
}
