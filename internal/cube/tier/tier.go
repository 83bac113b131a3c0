// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// Limits of the setting.
const (
	longestAge = 600 // months
	dearest    = 1_000_000_000
)

// Setting is what people decide.
type Setting struct {
	Months    int   `json:"months" minimum:"0" maximum:"600" doc:"rows older than so many whole months are cold; 0 is never"`
	HotPrice  int64 `json:"hot_price" minimum:"0" maximum:"1000000000" doc:"minor units of the company's currency for a gigabyte and month in the warehouse file; 0 is not told"`
	ColdPrice int64 `json:"cold_price" minimum:"0" maximum:"1000000000" doc:"the same for the directory of the cold tier"`
}

func (s Setting) check() error {
	if s.Months < 0 || s.Months > longestAge {
		return fault.New(fault.Invalid, "cube.tier_age", "The age is 1 to {most} months, or 0 for never.", "most", longestAge)
	}
	if s.HotPrice < 0 || s.ColdPrice < 0 || s.HotPrice > dearest || s.ColdPrice > dearest {
		return fault.New(fault.Invalid, "cube.tier_price", "A price is 0 or more for each gigabyte and month.")
	}
	return nil
}

// before is the day from which rows are kept hot: the first of a month, so that rows move once a month.
func (s Setting) before(today time.Time) time.Time {
	if s.Months == 0 {
		return time.Time{}
	}
	return time.Date(today.Year(), today.Month()-time.Month(s.Months), 1, 0, 0, 0, 0, time.UTC)
}

// Part is what one tier holds of a table, and its cost for a month.
type Part struct {
	duckdb.Tier
	Cost int64 `json:"cost" doc:"minor units for a month, at the price of the setting"`
}

// Table is where the rows of a table lie.
type Table struct {
	Name   string            `json:"name"`
	Label  warehouse.Text    `json:"label"`
	Hot    Part              `json:"hot"`
	Cold   Part              `json:"cold"`
	Files  []duckdb.ColdFile `json:"files"`
	Hidden int64             `json:"hidden" doc:"customers whose rows in files were replaced since; the next move writes the files without"`
}

// Status is the setting and the report.
type Status struct {
	Setting
	Folder   string `json:"folder"`
	Currency string `json:"currency"`
	// Before is the day before which rows are cold, "" when none are.
	Before string `json:"before,omitempty"`
	// Saved is what a month costs less than if everything were hot.
	Saved  int64   `json:"saved"`
	Tables []Table `json:"tables"`
}

const gigabyte = 1_000_000_000

func costOf(bytes, price int64) int64 {
	return (bytes/1000*price + gigabyte/2000) / (gigabyte / 1000)
}
