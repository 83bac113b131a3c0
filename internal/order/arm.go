// SPDX-License-Identifier: Apache-2.0

package order

import (
	"encoding/json"
	"strings"
)

// The arms of a past campaign: who was contacted, and who was held back to
// compare with.
const (
	armTreatment = "treatment"
	armControl   = "control"
)

// controlWords are what files of campaigns call those held back, without spaces
// and hyphens.
var controlWords = map[string]bool{
	"대조군": true, "대조": true, "대조집단": true, "통제군": true, "통제집단": true, "비교군": true, "비교집단": true, "홀드아웃": true,
	"control": true, "controls": true, "controlgroup": true, "holdout": true, "holdoutgroup": true, "heldout": true, "ctrl": true,
	"noemail": true, "nomail": true, "nocontact": true, "nosms": true,
}

// saysYes are the answers in a column that is itself named after the control group.
var saysYes = map[string]bool{"1": true, "y": true, "yes": true, "true": true, "t": true, "o": true, "예": true, "네": true}

var plainWord = strings.NewReplacer(" ", "", "-", "", "_", "")

func controlWord(text string) bool {
	return controlWords[plainWord.Replace(strings.ToLower(strings.TrimSpace(text)))]
}

// armOf tells by the words of a row whether its customer was held back: files
// name that column as they like, so every column is looked at.
func armOf(response, extra string) string {
	if controlWord(response) {
		return armControl
	}
	if extra == "" {
		return armTreatment
	}
	var columns map[string]any
	if json.Unmarshal([]byte(extra), &columns) != nil {
		return armTreatment
	}
	for name, value := range columns {
		text, isText := value.(string)
		if isText && (controlWord(text) || controlWord(name) && saysYes[strings.ToLower(strings.TrimSpace(text))]) {
			return armControl
		}
	}
	return armTreatment
}
