// SPDX-License-Identifier: Apache-2.0

package association

import (
	"math"
	"strconv"
)

func marshalRatio(value float64) ([]byte, error) {
	if math.IsInf(value, 0) || math.IsNaN(value) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, value, 'g', -1, 64), nil
}
