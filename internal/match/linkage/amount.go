// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"strconv"
	"strings"
)

// parseAmount reads a number with thousands commas and a currency sign; NaN
// for anything else.
func parseAmount(value string) float64 {
	value = strings.Trim(strings.ReplaceAll(value, ",", ""), " $₩원€£")
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return math.NaN()
	}
	return number
}
