// SPDX-License-Identifier: Apache-2.0

package web

import "strings"

// Language is the language of a public page, "ko" or "en": what the person asks
// for, else Korean unless their browser (the header Accept-Language) prefers
// English over Korean.
func Language(asked, accepted string) string {
	if asked == "ko" || asked == "en" {
		return asked
	}
	for _, part := range strings.Split(accepted, ",") {
		tag := strings.ToLower(strings.TrimSpace(strings.SplitN(part, ";", 2)[0]))
		if strings.HasPrefix(tag, "ko") {
			return "ko"
		}
		if tag != "" && tag != "*" {
			return "en"
		}
	}
	return "ko"
}
