// SPDX-License-Identifier: Apache-2.0

package dataquality

// Date is a day of the Gregorian calendar; the zero Date is no day.
type Date struct{ Year, Month, Day int }
