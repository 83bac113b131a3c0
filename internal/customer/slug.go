// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"strings"
)

var (
	romanInitials = []string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	romanMedials  = []string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	romanFinals   = []string{
		"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
	}
)

// AttributeName makes a name for a custom attribute out of any label: Hangul is written in Latin letters,
// because the name becomes part of column names, addresses and filters.
func AttributeName(label string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(label) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= 0xAC00 && r <= 0xD7A3:
			i := int(r - 0xAC00)
			b.WriteString(romanInitials[i/588] + romanMedials[i%588/28] + romanFinals[i%28])
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	name := strings.Trim(b.String(), "_")
	if name == "" || name[0] < 'a' || name[0] > 'z' || fieldNameTaken(name) {
		name = "x_" + name
	}
	return strings.TrimRight(name[:min(len(name), 48)], "_")
}
