// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"strconv"
	"strings"
	"time"
)

// numberFormat says how the numbers of a cell style are shown, as far as it changes what they mean.
type numberFormat struct {
	isDate   bool
	isTime   bool
	percent  bool
	currency string // sign
	mask     string // digits with leading zeros and separators, as 000-0000-0000
	small    string // mask of numbers up to limit
	limit    float64
}

type styleSheet struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// readStyles learns how the numbers of each cell style are shown.
func (b *workbook) readStyles(part string) error {
	if part == "" {
		return nil
	}
	var sheet styleSheet
	if err := b.small(part, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, cell := range sheet.Cells {
		code, own := codes[cell.Format]
		if !own {
			code = builtinCode(cell.Format)
		}
		b.styles = append(b.styles, formatOfCode(code))
	}
	return nil
}

// builtinCode stands for the formats that workbooks do not spell out; only their sort matters.
func builtinCode(id int) string {
	switch {
	case id == 9, id == 10:
		return "0%"
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return "yyyy-mm-dd"
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return "hh:mm:ss"
	case id == 22:
		return "yyyy-mm-dd hh:mm"
	}
	return ""
}

// formatOfCode reads the first section of a format code; text in quotes and brackets is no pattern.
func formatOfCode(code string) numberFormat {
	var f numberFormat
	sections := splitSections(code)
	pattern, literal := patternOf(sections[0])
	lower := strings.ToLower(pattern)
	switch {
	case strings.ContainsAny(lower, "yd") || strings.Contains(lower, "m") && !strings.ContainsAny(lower, "#0"):
		f.isDate = strings.ContainsAny(lower, "yd") || strings.Contains(lower, "mm") && !strings.ContainsAny(lower, "hs")
		f.isTime = strings.ContainsAny(lower, "hs")
	case strings.ContainsAny(lower, "hs") && !strings.ContainsAny(lower, "#?"):
		f.isTime = true
	}
	if f.isDate || f.isTime {
		return f
	}
	f.percent = strings.Contains(pattern, "%")
	for _, sign := range [...]string{"₩", "￦", "$", "€", "£", "¥", "￥", "원"} {
		if strings.Contains(literal, sign) || strings.Contains(pattern, sign) {
			f.currency = sign
			break
		}
	}
	if f.currency == "" {
		f.masks(sections)
	}
	return f
}

func splitSections(code string) []string {
	var sections []string
	start, quoted := 0, false
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			quoted = !quoted
		case '\\':
			i++
		case ';':
			if !quoted {
				sections = append(sections, code[start:i])
				start = i + 1
			}
		}
	}
	return append(sections, code[start:])
}

// patternOf parts the pattern of a section from its literal text.
func patternOf(section string) (pattern, literal string) {
	var p, l strings.Builder
	for i := 0; i < len(section); i++ {
		c := section[i]
		switch {
		case c == '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				end = len(section) - i - 1
			}
			l.WriteString(section[i+1 : i+1+end])
			i += end + 1
		case c == '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return p.String(), l.String()
			}
			inside := section[i+1 : i+end]
			if strings.HasPrefix(inside, "$") { // [$₩-412]
				sign, _, _ := strings.Cut(inside[1:], "-")
				l.WriteString(sign)
			} else if lower := strings.ToLower(inside); lower == "h" || lower == "hh" || lower == "m" || lower == "mm" || lower == "s" || lower == "ss" {
				p.WriteString(lower)
			}
			i += end
		case (c == '\\' || c == '_' || c == '*') && i+1 < len(section):
			i++
			if c == '\\' {
				l.WriteByte(section[i])
			}
		default:
			p.WriteByte(c)
		}
	}
	return p.String(), l.String()
}

// masks keeps formats whose zeros or hyphens are part of the value: postal codes, telephones, item numbers.
func (f *numberFormat) masks(sections []string) {
	condition, first := conditionOf(sections[0])
	mask := maskOf(first)
	if mask == "" {
		return
	}
	if condition > 0 && len(sections) > 1 {
		f.small, f.limit = mask, condition
		_, second := conditionOf(sections[1])
		f.mask = maskOf(second)
		return
	}
	f.mask = mask
}

// conditionOf reads [<=9999999] before a section.
func conditionOf(section string) (limit float64, rest string) {
	for _, prefix := range [...]string{"[<=", "[<"} {
		if inside, ok := strings.CutPrefix(section, prefix); ok {
			number, rest, _ := strings.Cut(inside, "]")
			limit, err := strconv.ParseFloat(number, 64)
			if err == nil {
				return limit, rest
			}
		}
	}
	return 0, section
}

// maskOf returns the section as a mask of 0 and # with separators, "" when it is an ordinary number format.
func maskOf(section string) string {
	var mask strings.Builder
	zeros, separators := 0, 0
	for i := 0; i < len(section); i++ {
		c := section[i]
		switch {
		case c == '\\' && i+1 < len(section):
			i++
			mask.WriteByte(section[i])
			separators++
		case c == '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return ""
			}
			mask.WriteString(section[i+1 : i+1+end])
			separators++
			i += end + 1
		case c == '0' || c == '#':
			if c == '0' {
				zeros++
			}
			mask.WriteByte(c)
		case c == '-' || c == ' ' || c == '(' || c == ')':
			mask.WriteByte(c)
			separators++
		default:
			return ""
		}
	}
	if zeros < 2 && separators == 0 {
		return ""
	}
	return mask.String()
}

// show appends the number as it is shown; raw is the text of the number in the file.
func (f *numberFormat) show(dst, raw []byte, is1904 bool) []byte {
	if f == nil || !f.isDate && !f.isTime && !f.percent && f.mask == "" && f.small == "" {
		if f != nil && f.currency != "" {
			dst = append(dst, f.currency...)
		}
		return appendNumber(dst, raw)
	}
	value, err := strconv.ParseFloat(string(raw), 64)
	switch {
	case err != nil:
		return append(dst, raw...)
	case f.isDate || f.isTime:
		return f.appendDate(dst, raw, value, is1904)
	case f.percent:
		return append(strconv.AppendFloat(dst, roundTo(value*100), 'f', -1, 64), '%')
	case f.limit > 0 && value <= f.limit:
		return appendMasked(dst, f.small, raw)
	case f.mask != "":
		return appendMasked(dst, f.mask, raw)
	}
	return appendNumber(dst, raw)
}

// roundTo drops the noise of binary fractions: 0.07 × 100 is 7.
func roundTo(value float64) float64 {
	text := strconv.FormatFloat(value, 'g', 15, 64)
	rounded, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return value
	}
	return rounded
}

// appendNumber writes the number without exponent and without the noise of binary fractions.
func appendNumber(dst, raw []byte) []byte {
	if len(raw) <= 15 {
		plain := true
		for _, c := range raw {
			plain = plain && (c >= '0' && c <= '9' || c == '.' || c == '-')
		}
		if plain {
			return append(dst, raw...)
		}
	}
	value, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return append(dst, raw...)
	}
	return strconv.AppendFloat(dst, roundTo(value), 'f', -1, 64)
}

// appendMasked fills the digits into the mask from the right.
func appendMasked(dst []byte, mask string, raw []byte) []byte {
	digits := string(raw)
	if !isPlainDigits(digits) {
		return appendNumber(dst, raw)
	}
	var reversed []byte
	left := len(digits)
	lastPlace := strings.IndexAny(mask, "0#")
	for i := len(mask) - 1; i >= 0; i-- {
		switch c := mask[i]; {
		case c == '0' && left == 0:
			reversed = append(reversed, '0')
		case c == '#' && left == 0:
		case c == '0' || c == '#':
			left--
			reversed = append(reversed, digits[left])
			for i == lastPlace && left > 0 { // more digits than places
				left--
				reversed = append(reversed, digits[left])
			}
		case left > 0 || strings.Contains(mask[:i], "0") || i < lastPlace || c == ')':
			reversed = append(reversed, c)
		}
	}
	for i := len(reversed) - 1; i >= 0; i-- {
		dst = append(dst, reversed[i])
	}
	return dst
}

func isPlainDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// days between the two date systems of spreadsheets.
const days1904 = 1462

// appendDate writes the serial as ISO date, time, or both.
func (f *numberFormat) appendDate(dst, raw []byte, serial float64, is1904 bool) []byte {
	const highest = 2958466 // 10000-01-01
	if is1904 {
		serial += days1904
	}
	if serial < 0 || serial >= highest {
		return append(dst, raw...)
	}
	day := int(serial)
	seconds := int((serial-float64(day))*86400 + 0.5)
	if seconds == 86400 {
		day, seconds = day+1, 0
	}
	if !f.isDate && f.isTime && day == 0 {
		return appendClock(dst, seconds)
	}
	if day < 60 {
		day++ // before the day that never was, 1900-02-29
	}
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	dst = at.AppendFormat(dst, time.DateOnly)
	if seconds > 0 || f.isTime {
		dst = appendClock(append(dst, ' '), seconds)
	}
	return dst
}

func appendClock(dst []byte, seconds int) []byte {
	two := func(n int) { dst = append(dst, byte('0'+n/10), byte('0'+n%10)) }
	two(seconds / 3600)
	dst = append(dst, ':')
	two(seconds / 60 % 60)
	dst = append(dst, ':')
	two(seconds % 60)
	return dst
}
