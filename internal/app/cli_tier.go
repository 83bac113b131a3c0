// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"dangol/internal/cube/tier"
	"dangol/internal/platform/fault"
)

type tierCommand struct {
	Show  tierShowCommand  `cmd:"" default:"1" help:"Size, cost and age of both tiers."`
	Set   tierSetCommand   `cmd:"" help:"From which age rows are cold, and what storage costs."`
	Move  tierMoveCommand  `cmd:"" help:"Move rows now and wait for it."`
	Check tierCheckCommand `cmd:"" help:"Compare the cold files with their checksums."`
}

// Help teaches by examples.
func (tierCommand) Help() string {
	return `Rows older than a set age lie in Parquet files (zstd, one a year) in a directory of its own (setting cold_dir);
every question reads both tiers and gives the same answer.

Examples:
  dangol tier
  dangol tier set --months 36 --hot-price 130 --cold-price 20
  dangol tier move
  dangol tier set --months 0        everything comes back into the warehouse file`
}

type tierShowCommand struct{}

// Run prints the report.
func (tierShowCommand) Run(s *session) error {
	return s.withClient(func(c *client) error { return c.showTiers(s) })
}

func (c *client) showTiers(s *session) error {
	var status tier.Status
	if err := c.call(s.ctx, "GET", "/api/cube/tiers", nil, &status); err != nil {
		return err
	}
	return s.print(status, tierText(&status))
}

func tierText(status *tier.Status) string {
	var text strings.Builder
	if status.Months == 0 {
		fmt.Fprintln(&text, "Everything is hot; \"dangol tier set --months 36\" moves older rows.")
	} else {
		fmt.Fprintf(&text, "Rows before %s (%d months) are cold, in %s.\n", status.Before, status.Months, status.Folder)
	}
	fmt.Fprintln(&text)
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "table\ttier\trows\tMB\tfiles\toldest\tnewest\tcost/month\t")
	for _, t := range status.Tables {
		for _, part := range []struct {
			name  string
			part  tier.Part
			files int
		}{{"hot", t.Hot, 1}, {"cold", t.Cold, len(t.Files)}} {
			fmt.Fprintf(w, "%s\t%s\t%d\t%.1f\t%d\t%s\t%s\t%s\t\n", t.Name, part.name, part.part.Rows, float64(part.part.Bytes)/1e6, part.files,
				dayOf(part.part.Tier.First), dayOf(part.part.Tier.Last), costText(status, part.part))
		}
	}
	_ = w.Flush() // into memory
	for _, t := range status.Tables {
		if t.Hidden > 0 {
			fmt.Fprintf(&text, "\n%s: the rows of %d customers were replaced since; the next move writes the files without them.\n", t.Name, t.Hidden)
		}
	}
	return text.String()
}

func dayOf(day string) string {
	if day == "" {
		return "-"
	}
	return day
}

func costText(status *tier.Status, p tier.Part) string {
	if status.HotPrice == 0 && status.ColdPrice == 0 {
		return "-"
	}
	return fmt.Sprintf("%d %s", p.Cost, status.Currency)
}

type tierSetCommand struct {
	Months    *int   `help:"Age in whole months from which rows are cold; 0 is never." placeholder:"N"`
	HotPrice  *int64 `help:"Price of a gigabyte and month in the warehouse file, in minor units of the currency." placeholder:"N"`
	ColdPrice *int64 `help:"The same for the directory of the cold tier." placeholder:"N"`
}

// Run changes what was given.
func (t tierSetCommand) Run(s *session) error {
	if t.Months == nil && t.HotPrice == nil && t.ColdPrice == nil {
		return fault.New(fault.Invalid, "app.tier_nothing", "Say what to set: --months, --hot-price or --cold-price.")
	}
	return s.withClient(func(c *client) error {
		var status tier.Status
		if err := c.call(s.ctx, "GET", "/api/cube/tiers", nil, &status); err != nil {
			return err
		}
		setting := status.Setting
		if t.Months != nil {
			setting.Months = *t.Months
		}
		if t.HotPrice != nil {
			setting.HotPrice = *t.HotPrice
		}
		if t.ColdPrice != nil {
			setting.ColdPrice = *t.ColdPrice
		}
		if err := c.call(s.ctx, "PUT", "/api/cube/tiers", setting, nil); err != nil {
			return err
		}
		if t.Months == nil {
			return c.showTiers(s)
		}
		return c.moveTiers(s)
	})
}

type tierMoveCommand struct{}

// Run moves rows and waits.
func (tierMoveCommand) Run(s *session) error {
	return s.withClient(func(c *client) error { return c.moveTiers(s) })
}

func (c *client) moveTiers(s *session) error {
	var ordered struct {
		JobID int64 `json:"job_id"`
	}
	if err := c.call(s.ctx, "POST", "/api/cube/tiers/move", nil, &ordered); err != nil {
		return err
	}
	bar := s.progress("move")
	_, err := c.waitForJob(s.ctx, ordered.JobID, bar.job)
	bar.finish()
	if err != nil {
		return err
	}
	return c.showTiers(s)
}

type tierCheckCommand struct{}

// Run compares the files with their checksums.
func (tierCheckCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var found struct {
			Damaged []string `json:"damaged"`
		}
		if err := c.call(s.ctx, "POST", "/api/cube/tiers/check", nil, &found); err != nil {
			return err
		}
		if len(found.Damaged) == 0 {
			return s.print(found, "every file of the cold tier is what was written")
		}
		return s.print(found, "damaged: "+strings.Join(found.Damaged, ", ")+"\nthe analysis data is being built anew from the system of record")
	})
}
