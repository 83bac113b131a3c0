// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dangol/internal/cube/lake"
)

type parquetCommand struct {
	Show  parquetShowCommand  `cmd:"" default:"1" help:"What there is, and when the next is written."`
	Write parquetWriteCommand `cmd:"" help:"Write an edition now and wait for it."`
	Plan  parquetPlanCommand  `cmd:"" help:"Say at which hour an edition is written every day."`
}

// Help teaches by examples.
func (parquetCommand) Help() string {
	return `An edition is a folder of zstd Parquet files, all of one version of the data, with a manifest.json that documents
every table and column; current.json names the newest. Columns with personal values are left out.

Examples:
  dangol parquet
  dangol parquet write
  dangol parquet plan 4          every day at 4
  dangol parquet plan never`
}

type parquetShowCommand struct{}

// Run prints the manifest of the current edition.
func (parquetShowCommand) Run(s *session) error {
	return s.withClient(func(c *client) error { return c.showParquet(s) })
}

func (c *client) showParquet(s *session) error {
	var status lake.Status
	if err := c.call(s.ctx, "GET", "/api/cube/parquet", nil, &status); err != nil {
		return err
	}
	var text strings.Builder
	plan := "no edition is planned"
	if status.Hour != lake.Never {
		plan = fmt.Sprintf("an edition is written every day at %d", status.Hour)
	}
	fmt.Fprintf(&text, "%s; %s.\n", status.Folder, plan)
	if m := status.Current; m == nil {
		text.WriteString("There is none yet; \"dangol parquet write\" makes one.\n")
	} else {
		fmt.Fprintf(&text, "edition %s, written %s, data of %s (change %d)\n\n", m.Edition, m.WrittenAt.Local().Format(time.DateTime), m.DataAt.Local().Format(time.DateTime), m.DataSeq)
		w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, "table\trows\tcolumns\tMB\tfile\t")
		for _, t := range m.Tables {
			fmt.Fprintf(w, "%s\t%d\t%d\t%.1f\t%s\t\n", t.Name, t.Rows, len(t.Columns), float64(t.Bytes)/1e6, t.Path)
		}
		_ = w.Flush() // into memory
	}
	return s.print(status, text.String())
}

type parquetWriteCommand struct{}

// Run writes and waits.
func (parquetWriteCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		if err := c.settle(s.ctx); err != nil {
			return err
		}
		var ordered struct {
			Job int64 `json:"job"`
		}
		if err := c.call(s.ctx, "POST", "/api/cube/parquet", nil, &ordered); err != nil {
			return err
		}
		bar := s.progress("write")
		_, err := c.waitForJob(s.ctx, ordered.Job, bar.job)
		bar.finish()
		if err != nil {
			return err
		}
		return c.showParquet(s)
	})
}

type parquetPlanCommand struct {
	Hour string `arg:"" help:"0 to 23, or never."`
}

// Run sets the hour.
func (p parquetPlanCommand) Run(s *session) error {
	hour := lake.Never
	if p.Hour != "never" {
		if _, err := fmt.Sscanf(p.Hour, "%d", &hour); err != nil {
			hour = -2 // refused by name
		}
	}
	return s.withClient(func(c *client) error {
		if err := c.call(s.ctx, "PUT", "/api/cube/parquet", map[string]int{"hour": hour}, nil); err != nil {
			return err
		}
		return c.showParquet(s)
	})
}
