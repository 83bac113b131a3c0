// SPDX-License-Identifier: Apache-2.0

package cube

import "dangol/internal/platform/database"

// store keeps saved pivots.
type store struct{ db *database.DB }
