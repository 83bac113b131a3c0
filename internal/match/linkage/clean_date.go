// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
)

// dateOrder is how a column writes dates whose year stands last or has two digits.
type dateOrder string

const (
	yearFirst  dateOrder = "ymd"
	dayFirst   dateOrder = "dmy"
	monthFirst dateOrder = "mdy"
)

// century is the two-digit year from which a date is of the century before:
// a birth date lies in the past.
const century = "26"

var months = map[string]string{
	"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06", "jul": "07", "aug": "08", "sep": "09", "oct": "10", "nov": "11", "dec": "12",
}

// dateDigits writes a date as YYYYMMDD, "" when it is none. Dates that do not
// exist (month 13) stay: a slip of the pen is still evidence.
func dateDigits(value string, order dateOrder) string {
	value = tidy(value)
	if len(value) < 6 || len(value) > 40 {
		return ""
	}
	parts := dateParts(value)
	if len(parts) >= 3 {
		return orderedDate(parts, order)
	}
	d := digits(value)
	switch {
	case len(d) == 8 && d[:2] != "19" && d[:2] != "20" && d[:2] != "18" && (d[4:6] == "19" || d[4:6] == "20"):
		return orderedDate([]string{d[:2], d[2:4], d[4:]}, order)
	case len(d) == 8 || len(d) == 14:
		return d[:8]
	case len(d) == 6 && len(value) == 6:
		return orderedDate([]string{d[:2], d[2:4], d[4:]}, order)
	}
	return ""
}

// dateParts cuts into runs of digits and month names.
func dateParts(value string) []string {
	var parts []string
	for i := 0; i < len(value) && len(parts) < 7; {
		start := i
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			for i < len(value) && value[i] >= '0' && value[i] <= '9' {
				i++
			}
			parts = append(parts, value[start:i])
		case c >= 'a' && c <= 'z':
			for i < len(value) && value[i] >= 'a' && value[i] <= 'z' {
				i++
			}
			if month := months[value[start:min(start+3, i)]]; month != "" && i-start >= 3 {
				parts = append(parts, "m"+month)
			}
		default:
			i++
		}
	}
	return parts
}

func orderedDate(parts []string, order dateOrder) string {
	year, month, day := parts[0], parts[1], parts[2]
	switch {
	case len(parts[0]) == 4 && parts[0][0] != 'm':
	case strings.HasPrefix(parts[0], "m"):
		year, month, day = parts[2], parts[0], parts[1]
	case strings.HasPrefix(parts[1], "m"):
		year, day = parts[2], parts[0]
	case order == monthFirst:
		year, month, day = parts[2], parts[0], parts[1]
	case len(parts[2]) == 4 || order == dayFirst:
		year, day = parts[2], parts[0]
	}
	month = strings.TrimPrefix(month, "m")
	if len(year) == 2 {
		if year > century {
			year = "19" + year
		} else {
			year = "20" + year
		}
	}
	if len(year) != 4 || len(month) > 2 || len(day) > 2 || !isDigits(year) || !isDigits(month) || !isDigits(day) {
		return ""
	}
	return year + twoDigits(month) + twoDigits(day)
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// orderOf looks at sample values: a first part above 12 can only be a day, a
// second part above 12 only a day behind a month.
func orderOf(values []string) dateOrder {
	dayLeads, monthLeads, yearLeads := 0, 0, 0
	for _, value := range values {
		parts := dateParts(tidy(value))
		if d := digits(value); len(parts) == 1 && len(d) == 6 && len(tidy(value)) == 6 {
			parts = []string{d[:2], d[2:4], d[4:]}
		}
		if len(parts) < 3 || len(parts[0]) > 2 || !isDigits(parts[0]) || !isDigits(parts[1]) {
			continue
		}
		switch {
		case len(parts[2]) == 2 && (twoDigits(parts[0]) > "31" || parts[0] == "00"):
			yearLeads++
		case twoDigits(parts[0]) > "12":
			dayLeads++
		case twoDigits(parts[1]) > "12":
			monthLeads++
		}
	}
	switch {
	case yearLeads > 0 && yearLeads*4 >= dayLeads:
		return yearFirst
	case monthLeads > dayLeads:
		return monthFirst
	case dayLeads > 0:
		return dayFirst
	}
	return yearFirst
}

// hasTime reports a time of day other than midnight behind a date: whoever
// notes the minute dates an event, not a birth.
func hasTime(value string) bool {
	at := strings.IndexByte(value, ':')
	if at < 8 || at+2 >= len(value) || !isDigits(value[at-1:at]) || !isDigits(value[at+1:at+3]) {
		return false
	}
	return strings.Trim(value[at-2:], "0:. ztup+") != ""
}
