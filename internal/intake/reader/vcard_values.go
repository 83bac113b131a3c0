// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"slices"
	"strings"
)

// plainColumns are the properties whose text fills one column as it is.
var plainColumns = map[string]string{
	"FN": "Name", "TITLE": "Job title", "ROLE": "Role", "NOTE": "Note", "URL": "Web", "UID": "UID", "REV": "Revised",
	"NICKNAME": "Nickname", "CATEGORIES": "Group", "X-PHONETIC-LAST-NAME": "Family name (phonetic)", "X-PHONETIC-FIRST-NAME": "Given name (phonetic)",
}

// skipped are properties of no use in a table: pictures, sounds, keys and the makings of the card itself.
var skipped = map[string]bool{
	"VERSION": true, "PRODID": true, "PHOTO": true, "LOGO": true, "SOUND": true, "KEY": true, "AGENT": true, "SORT-STRING": true, "TZ": true, "GEO": true,
	"MAILER": true, "KIND": true, "LABEL": true, "X-ABLABEL": true, "X-ABADR": true, "CLIENTPIDMAP": true, "PROFILE": true, "CLASS": true, "SOURCE": true, "NAME": true, "LANG": true, "X-ACCOUNT": true,
}

// collect puts the value of a property in its column.
func (c *cards) collect(card map[string][]string, p property) {
	put := func(column, value string) {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(card[column], value) {
			card[column] = append(card[column], value)
		}
	}
	if skipped[p.name] {
		return
	}
	text := p.text(c.encoding)
	switch p.name {
	case "N":
		parts := splitEscaped(text, ';')
		put("Family name", partAt(parts, 0))
		put("Given name", strings.TrimSpace(partAt(parts, 1)+" "+partAt(parts, 2)))
	case "TEL":
		put(phoneColumn(&p), strings.TrimPrefix(unescape(text), "tel:"))
	case "EMAIL":
		put(typed("E-mail", &p), strings.TrimPrefix(unescape(text), "mailto:"))
	case "ADR":
		address, postal := addressOf(splitEscaped(text, ';'))
		put("Address", address)
		put("Postal code", postal)
	case "ORG":
		parts := splitEscaped(text, ';')
		put("Company", partAt(parts, 0))
		put("Department", strings.Join(nonEmpty(parts[min(1, len(parts)):]), " "))
	case "BDAY":
		put("Birthday", cardDate(text))
	case "ANNIVERSARY", "X-ANNIVERSARY":
		put("Anniversary", cardDate(text))
	case "GENDER", "X-GENDER":
		put("Gender", partAt(splitEscaped(text, ';'), 0))
	default:
		if column, known := plainColumns[p.name]; known {
			put(column, unescape(text))
			return
		}
		put(strings.TrimPrefix(p.name, "X-"), unescape(text))
	}
}

func phoneColumn(p *property) string {
	switch {
	case p.is("FAX"), p.is("HOME-FAX"), p.is("WORK-FAX"):
		return "Fax"
	case p.is("CELL"), p.is("IPHONE"), p.is("MOBILE"):
		return "Mobile"
	}
	return typed("Phone", p)
}

func typed(column string, p *property) string {
	switch {
	case p.is("HOME"):
		return column + " (home)"
	case p.is("WORK"):
		return column + " (work)"
	}
	return column
}

// addressOf joins the parts of an address from large to small, as Koreans write it: box, extension, street,
// city, region, postal code, country.
func addressOf(parts []string) (address, postal string) {
	region, city, street, extension := partAt(parts, 4), partAt(parts, 3), partAt(parts, 2), partAt(parts, 1)
	return strings.Join(nonEmpty([]string{region, city, street, extension, partAt(parts, 0)}), " "), partAt(parts, 5)
}

func partAt(parts []string, i int) string {
	if i < len(parts) {
		return strings.TrimSpace(parts[i])
	}
	return ""
}

func nonEmpty(parts []string) []string {
	kept := make([]string, 0, len(parts))
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

// cardDate leaves dates without a year out, as vCard 4.0 allows them: --0203.
func cardDate(s string) string {
	if strings.HasPrefix(s, "--") {
		return ""
	}
	if day, _, ok := strings.Cut(s, "T"); ok {
		return day
	}
	return s
}

// splitEscaped splits at the separators that no backslash stands before, and undoes the escapes.
func splitEscaped(s string, separator byte) []string {
	var parts []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == separator:
			parts = append(parts, unescape(s[start:i]))
			start = i + 1
		}
	}
	return append(parts, unescape(s[min(start, len(s)):]))
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
