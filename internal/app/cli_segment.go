// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"dangol/internal/platform/fault"
	"dangol/internal/segment"
)

type segmentCommand struct {
	List   segmentListCommand   `cmd:"" help:"All segments with their size and state."`
	Count  segmentCountCommand  `cmd:"" help:"Count the customers of a segment or of a rule tree."`
	Why    segmentWhyCommand    `cmd:"" help:"Why a customer is in a segment or not."`
	Freeze segmentFreezeCommand `cmd:"" help:"Keep the members of this moment as a segment that no longer changes."`
	Import segmentImportCommand `cmd:"" help:"Make a segment of a list of keys."`
}

// Help teaches by examples.
func (segmentCommand) Help() string {
	return `"dangol export segment" writes the members into a file.

Examples:
  dangol segment list
  dangol segment count "서울 우수 고객"
  dangol segment count --rules '{"event":"order","count":{"is":"gte","value":2},"in_days":30}'
  dangol segment why "서울 우수 고객" 4711
  dangol segment freeze "서울 우수 고객" --name "서울 우수 고객 2026-11"
  dangol segment import cards.txt --by card --name "행사 참가자"`
}

type segmentListCommand struct{}

// Run lists segments.
func (segmentListCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var page struct {
			Items []segment.Segment `json:"items"`
		}
		if err := c.call(s.ctx, "GET", "/api/segments", nil, &page); err != nil {
			return err
		}
		var text strings.Builder
		for _, one := range page.Items {
			count, state := "-", "new"
			if one.Count != nil {
				count = fmt.Sprint(*one.Count)
			}
			if one.State != nil {
				state = fmt.Sprintf("%s  %s  %.1f ms  %s", one.State.State, one.State.StartedAt.Format("2006-01-02 15:04:05"), float64(one.State.Micros)/1000, one.State.Explain.Engine)
			}
			fmt.Fprintf(&text, "%5d  %12s  %s  %s\n", one.ID, count, one.Name, state)
			if one.Problem != "" {
				fmt.Fprintf(&text, "       %s\n", one.Problem)
			}
		}
		if len(page.Items) == 0 {
			text.WriteString("no segment")
		}
		return s.print(page.Items, text.String())
	})
}

type segmentCountCommand struct {
	Segment string `arg:"" optional:"" help:"Name or number of the segment."`
	Rules   string `help:"A rule tree as JSON instead of a segment." placeholder:"JSON"`
}

// Run counts customers.
func (k segmentCountCommand) Run(s *session) error {
	if (k.Segment == "") == (k.Rules == "") {
		return fault.New(fault.Invalid, "app.segment_or_rules", "Name a segment, or give --rules.")
	}
	return s.withClient(func(c *client) error {
		rules := json.RawMessage(k.Rules)
		if k.Segment != "" {
			id, err := c.idOf(s.ctx, "/api/segments", k.Segment, "segment")
			if err != nil {
				return err
			}
			rules = json.RawMessage(fmt.Sprintf(`{"segment":%d}`, id))
		}
		var p segment.Preview
		if err := c.call(s.ctx, "POST", "/api/segments/preview", map[string]any{"rules": rules}, &p); err != nil {
			return err
		}
		text := fmt.Sprintf("%d of %d customers", p.Count, p.Total)
		if p.Revenue != nil {
			text += fmt.Sprintf("\nrevenue of the last %d days: %d %s", p.Revenue.Days, p.Revenue.Amount, p.Revenue.Currency)
		}
		return s.print(p, text+fmt.Sprintf("\nas of journal entry %d, %s; %s in %.1f ms: %s",
			p.AsOf.Seq, p.AsOf.At.Format("2006-01-02 15:04:05"), p.Explain.Engine, p.Milliseconds, p.Explain.Why))
	})
}

type segmentWhyCommand struct {
	Segment  string `arg:"" help:"Name or number of the segment."`
	Customer int64  `arg:"" help:"Number of the customer."`
}

// Run explains a membership.
func (k segmentWhyCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		id, err := c.idOf(s.ctx, "/api/segments", k.Segment, "segment")
		if err != nil {
			return err
		}
		var why segment.Why
		if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/segments/%d/customers/%d/why", id, k.Customer), nil, &why); err != nil {
			return err
		}
		text := "not in the segment\n"
		if why.IsIn {
			text = "in the segment\n"
		}
		for _, r := range why.Rules {
			mark, fact := "no ", ""
			if r.Hold {
				mark = "yes"
			}
			switch {
			case r.Number != nil:
				fact = fmt.Sprintf("  (%s %d)", r.Kind, *r.Number)
			case r.At != nil:
				fact = fmt.Sprintf("  (%s %s)", r.Kind, r.At.Format("2006-01-02 15:04"))
			}
			text += fmt.Sprintf("  %s  %s%s\n", mark, r.Path, fact)
		}
		return s.print(why, text)
	})
}

type segmentFreezeCommand struct {
	Segment string `arg:"" help:"Name or number of the segment."`
	Name    string `help:"Name of the new segment." required:"" placeholder:"TEXT"`
}

// Run freezes a segment.
func (k segmentFreezeCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		id, err := c.idOf(s.ctx, "/api/segments", k.Segment, "segment")
		if err != nil {
			return err
		}
		var saved segment.Segment
		if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/segments/%d/freeze", id), map[string]any{"name": k.Name}, &saved); err != nil {
			return err
		}
		return s.print(saved, fmt.Sprintf("segment %d with %d customers", saved.ID, *saved.Count))
	})
}

type segmentImportCommand struct {
	File  string `arg:"" help:"File with one key a line; - reads the standard input." type:"path"`
	By    string `help:"What the keys are: id, email, mobile, or a scheme of customer numbers." default:"id"`
	Name  string `help:"Name of the new segment." placeholder:"TEXT"`
	Trial bool   `help:"Only say what would be found."`
}

// Run imports a list of keys.
func (k segmentImportCommand) Run(s *session) error {
	file := k.File
	if strings.HasSuffix(file, "/-") || file == "-" {
		file = "/dev/stdin"
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "app.no_file", "The file {file} cannot be read.", "file", k.File)
	}
	return s.withClient(func(c *client) error {
		var found segment.Imported
		request := segment.Keys{Name: k.Name, By: k.By, Keys: strings.Split(string(text), "\n"), IsTrial: k.Trial}
		if err := c.call(s.ctx, "POST", "/api/segments/import", request, &found); err != nil {
			return err
		}
		out := fmt.Sprintf("%d of %d keys found: %d customers", found.Found, found.Given, found.Customers)
		if found.Segment != nil {
			out += fmt.Sprintf("\nsegment %d", found.Segment.ID)
		}
		for i, key := range found.Unmatched {
			if i == 0 {
				out += fmt.Sprintf("\n%d without a customer:", found.UnmatchedCount)
			}
			out += "\n  " + key
		}
		return s.print(found, out)
	})
}
