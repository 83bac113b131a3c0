// SPDX-License-Identifier: Apache-2.0

package recognise

import "strings"

// The letters of the Revised Romanization of Korean, syllable by syllable
// without the changes of sound between them: names of columns need letters that
// every engine takes, not pronunciation.
var (
	initials = strings.Split("g kk n d tt r m b pp s ss  j jj ch k t p h", " ")
	vowels   = strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	finals   = strings.Split(" k k k n n n t l k m l l l p l m p p t t ng t t k t p t", " ")
)

const (
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
)

// latin writes Hangul in Latin letters and drops letters of other scripts.
func latin(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r >= firstSyllable && r <= lastSyllable:
			at := int(r - firstSyllable)
			out.WriteString(initials[at/(21*28)] + vowels[at/28%21] + finals[at%28])
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			out.WriteRune(r)
		}
	}
	return out.String()
}
