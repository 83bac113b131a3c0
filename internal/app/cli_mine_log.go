// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"path/filepath"
	"time"

	"dangol/internal/mining/value"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/tabular"
)

// purchaseLog is a file of purchases.
type purchaseLog struct {
	purchases []value.Purchase
	names     []string // of customers
	last      int32
	notes     []string
}

const microsADay = 24 * int64(time.Hour/time.Microsecond)

// readLog reads who bought when for how much; amount may be "". Rows that lack
// one of these are left out and counted.
func readLog(path, customer, date, amount string) (*purchaseLog, error) {
	columns := []string{customer, date}
	kinds := map[string]tabular.Kind{customer: tabular.Words, date: tabular.Date}
	if amount != "" {
		columns, kinds[amount] = append(columns, amount), tabular.Number
	}
	table, err := tabular.Read(path, tabular.Options{Columns: columns, Kinds: kinds})
	if err != nil {
		return nil, err
	}
	who, err := table.Column(customer)
	if err != nil {
		return nil, err
	}
	when, err := table.Column(date)
	if err != nil {
		return nil, err
	}
	var money *tabular.Column
	if amount != "" {
		if money, err = table.Column(amount); err != nil {
			return nil, err
		}
	}
	log := &purchaseLog{names: who.Dictionary, notes: table.Notes, last: math.MinInt32}
	left := 0
	for i := range table.Rows {
		if who.IsMissing(i) || when.IsMissing(i) || money != nil && (money.IsMissing(i) || math.IsInf(money.Numbers[i], 0)) {
			left++
			continue
		}
		one := value.Purchase{Customer: who.Codes[i], Day: dayNumber(when.Dates[i])}
		if money != nil {
			one.Amount = money.Numbers[i]
		}
		log.last = max(log.last, one.Day)
		log.purchases = append(log.purchases, one)
	}
	if left > 0 {
		log.notes = append(log.notes, fmt.Sprintf("%d rows lack a customer, a date or a finite amount and were left out.", left))
	}
	if len(log.purchases) == 0 {
		return nil, fault.New(fault.Invalid, "app.no_purchases", "{file} has no row with a customer, a date and an amount.", "file", filepath.Base(path))
	}
	return log, nil
}

func dayNumber(micros int64) int32 {
	day := micros / microsADay
	if micros%microsADay < 0 {
		day--
	}
	return int32(day) //nolint:gosec // years 1000 to 9999
}

func dayText(day int32) string {
	return time.Unix(int64(day)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// parseDay reads a date of the command line; "" is the given default.
func parseDay(flag, text string, otherwise int32) (int32, error) {
	if text == "" {
		return otherwise, nil
	}
	for _, layout := range []string{time.DateOnly, "20060102", "2006/01/02", "2006.01.02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return dayNumber(at.UnixMicro()), nil
		}
	}
	return 0, fault.New(fault.Invalid, "app.bad_day", "--{flag} {text} is no date; write it like 2026-11-21.", "flag", flag, "text", text)
}
