// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// signed writes an amount of minor units with its sign, as sentences show it: "+1,200 KRW".
func signed(minor float64, code string) string {
	digits := 2
	if unit, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	text := fmt.Sprintf("%.*f", digits, math.Abs(minor)/math.Pow10(digits))
	whole, rest, _ := strings.Cut(text, ".")
	whole = thousands(whole)
	if rest != "" {
		whole += "." + rest
	}
	sign := "+"
	if minor < 0 {
		sign = "−"
	}
	return sign + whole + " " + code
}

// thousands parts the digits of a whole number.
func thousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// counted writes a count as sentences show it: "40,032".
func counted(n int) string { return thousands(strconv.Itoa(n)) }
