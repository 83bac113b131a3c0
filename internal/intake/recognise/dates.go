// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"strconv"
	"strings"

	"dangol/internal/dataquality"
)

// dateEvidence is how a column of dates is written.
type dateEvidence struct {
	format string
	share  float64 // of the values that can be read so
	notice *Notice // what a person should decide or know
}

// enoughDates is the share of values that must be readable before a column is one of dates.
const enoughDates = 0.9

// datesOf finds the format by which most values of the whole sample can be read. isDate says that the header
// names a date, so that bare numbers may be dates too.
func datesOf(c *column, isDate bool) dateEvidence {
	if len(c.values) == 0 {
		return dateEvidence{format: dataquality.FormatYMD, share: 0}
	}
	if e := numericDates(c, isDate); e.format != "" {
		return e
	}
	reads := func(format string) func(string) bool {
		return func(s string) bool {
			day, _ := dataquality.DayOf(s, format)
			return day != "" && hasDateForm(s)
		}
	}
	if share := c.share(func(s string) bool { return reads("")(s) && startsWithYear(s) }); share >= enoughDates {
		return dateEvidence{format: dataquality.FormatYMD, share: share}
	}
	dmy, mdy := c.share(reads(dataquality.FormatDMY)), c.share(reads(dataquality.FormatMDY))
	if max(dmy, mdy) >= enoughDates || isDate && max(dmy, mdy) >= 0.5 {
		return orderOf(c, dmy, mdy)
	}
	if share := c.share(reads(dataquality.FormatYYMD)); share >= enoughDates && isDate {
		return dateEvidence{format: dataquality.FormatYYMD, share: share, notice: centuryNotice(c)}
	}
	share := c.share(reads(""))
	return dateEvidence{format: dataquality.FormatYMD, share: share}
}

// hasDateForm keeps version numbers and codes from being taken for dates: digits need marks between them.
func hasDateForm(s string) bool {
	return len(s) >= 6 && len(s) <= 40 && strings.ContainsAny(s, "-./년 ") || len(s) == 8 || len(s) == 14
}

func startsWithYear(s string) bool {
	if len(s) < 8 {
		return false
	}
	year, err := strconv.Atoi(s[:4])
	return err == nil && year >= 1850 && year <= 2199
}

// numericDates reads columns of bare digits by their length.
func numericDates(c *column, isDate bool) dateEvidence {
	if c.numbers*10 < 9*len(c.values) || c.minimum < 0 {
		return dateEvidence{}
	}
	reads := func(format string, lengths ...int) float64 {
		return c.share(func(s string) bool {
			whole, _, _ := strings.Cut(s, ".")
			for _, length := range lengths {
				if len(whole) == length {
					day, _ := dataquality.DayOf(s, format)
					return day != ""
				}
			}
			return false
		})
	}
	for _, try := range []struct {
		format  string
		lengths []int
		plain   bool // also without a header that says so
	}{
		{dataquality.FormatYMD, []int{8, 14, 12}, true},
		{dataquality.FormatYYMD, []int{6}, false},
		{dataquality.FormatSerial, []int{5}, false},
		{dataquality.FormatUnix, []int{10}, false},
		{dataquality.FormatUnixMilli, []int{13}, false},
	} {
		if !try.plain && !isDate {
			continue
		}
		share := reads(try.format, try.lengths...)
		if try.format == dataquality.FormatYMD && !plausibleYears(c) {
			continue
		}
		if share >= enoughDates {
			e := dateEvidence{format: try.format, share: share}
			if try.format == dataquality.FormatYYMD {
				e.notice = centuryNotice(c)
			}
			return e
		}
	}
	return dateEvidence{}
}

func plausibleYears(c *column) bool {
	return c.share(func(s string) bool { return len(s) > 4 && s[:4] >= "1900" && s[:4] <= "2100" }) >= enoughDates
}

func centuryNotice(c *column) *Notice {
	return &Notice{
		Code: "date.century", Column: c.header, Severity: "info",
		Message: "The years of column " + c.header + " have two digits; the latest past date is meant.",
		Remedy:  "Choose another format when that is wrong.",
	}
}

// orderOf decides between day first and month first by the whole sample.
func orderOf(c *column, dmy, mdy float64) dateEvidence {
	dayFirst, monthFirst := 0, 0
	for _, value := range c.values {
		first, second, ok := firstNumbers(value)
		switch {
		case !ok:
		case first > 12 && second <= 12:
			dayFirst++
		case second > 12 && first <= 12:
			monthFirst++
		}
	}
	switch {
	case dayFirst > 0 && monthFirst == 0:
		return dateEvidence{format: dataquality.FormatDMY, share: dmy}
	case monthFirst > 0 && dayFirst == 0:
		return dateEvidence{format: dataquality.FormatMDY, share: mdy}
	case dayFirst == 0:
		return dateEvidence{format: dataquality.FormatMDY, share: mdy, notice: &Notice{
			Code: "date.order", Column: c.header, Severity: "warning",
			Message: "In column " + c.header + " no value tells whether the day or the month comes first; the month was assumed.",
			Remedy:  "Look at the samples and choose day first when that is right.",
		}}
	}
	// No order is right for all: each value is read for itself, and one that could be either is left out
	// with a finding instead of being guessed.
	share := c.share(func(s string) bool {
		day, _ := dataquality.DayOf(s, "")
		return day != ""
	})
	return dateEvidence{share: max(share, dmy, mdy), notice: &Notice{
		Code: "date.mixed", Column: c.header, Severity: "error",
		Message: "Column " + c.header + " mixes dates with the day first (" + strconv.Itoa(dayFirst) + ") and the month first (" + strconv.Itoa(monthFirst) + ").",
		Remedy:  "Export the column again as 2026-11-21; dates that can be read both ways are left out, with a finding each.",
	}}
}

func firstNumbers(s string) (first, second int, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) < 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return 0, 0, false
	}
	first, err := strconv.Atoi(parts[0])
	second, errSecond := strconv.Atoi(parts[1])
	return first, second, err == nil && errSecond == nil
}
