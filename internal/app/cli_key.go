// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"dangol/internal/customer/crosswalk"
	"dangol/internal/platform/fault"
)

type keyCommand struct {
	Find      keyFindCommand      `cmd:"" help:"Which customer is behind a key."`
	Crosswalk keyCrosswalkCommand `cmd:"" help:"All customers with their keys of all schemes, as a file."`
	Conflicts keyConflictsCommand `cmd:"" help:"Keys that point to two people, and people with two keys of one scheme."`
}

type keyFindCommand struct {
	Key    string `arg:"" help:"The key, or a customer's own number."`
	Scheme string `help:"Only this scheme; \"dangol\" is the own number." placeholder:"NAME"`
}

// Help teaches by examples.
func (keyFindCommand) Help() string {
	return `Examples:
  dangol key find 2512328675
  dangol key find 0042 --scheme 고객번호 --json
Without --scheme the key is looked up in all schemes and among the numbers of customers, merged ones too.`
}

// Run finds the customers.
func (k keyFindCommand) Run(s *session) (err error) {
	c, err := s.open("key")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var page struct {
		Items []crosswalk.Hit `json:"items"`
	}
	if err := c.call(s.ctx, "GET", "/api/keys/find?"+url.Values{"key": {k.Key}, "scheme": {k.Scheme}}.Encode(), nil, &page); err != nil {
		return err
	}
	if len(page.Items) == 0 {
		return fault.New(fault.NotFound, "app.no_such_key", "No customer has the key {key}.", "key", k.Key)
	}
	var text strings.Builder
	for _, hit := range page.Items {
		_, _ = fmt.Fprintf(&text, "#%d\t%s\t%s %s", hit.Customer.ID, hit.Customer.FullName, hit.Scheme, hit.Value)
		if hit.Source != "" {
			_, _ = fmt.Fprintf(&text, "\t%s, record %d", hit.Source, hit.RecordID)
		}
		if hit.MergedFrom != 0 {
			_, _ = fmt.Fprintf(&text, "\tmerged from #%d", hit.MergedFrom)
		}
		text.WriteByte('\n')
	}
	return s.print(map[string]any{"items": page.Items}, text.String())
}

type keyCrosswalkCommand struct {
	outFlags
	Schemes []string `help:"Only these schemes (default: all)." placeholder:"NAME,…"`
}

// Help teaches by examples.
func (keyCrosswalkCommand) Help() string {
	return `Examples:
  dangol key crosswalk --out keys.csv --purpose "new ERP"
  dangol key crosswalk --out keys.xlsx --schemes 회원번호,카드번호 --purpose "card renewal"
One row for each customer; several keys of one scheme stand with a semicolon between.
` + exportHelp
}

// Run writes the crosswalk.
func (k keyCrosswalkCommand) Run(s *session) error {
	return s.export(&k.outFlags, "crosswalk", func(*client) (string, any, error) {
		return "/api/keys/crosswalk", map[string]any{"purpose": k.Purpose, "schemes": k.Schemes, "format": "csv"}, nil
	})
}

type keyConflictsCommand struct {
	Kind   string `help:"shared (one key, two people) or double (one person, two keys)." enum:"shared,double," default:""`
	Scheme string `help:"Only this scheme." placeholder:"NAME"`
	Limit  int    `help:"Most conflicts to print." default:"100"`
}

// Help teaches by examples.
func (keyConflictsCommand) Help() string {
	return `Examples:
  dangol key conflicts
  dangol key conflicts --kind double --scheme 회원번호 --json
Ends with 3 when conflicts were found. The keys are checked anew before, unless a server holds the directory:
then its last check is printed.`
}

// Run prints the report.
func (k keyConflictsCommand) Run(s *session) (err error) {
	c, err := s.open("key")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if c.app != nil {
		if _, err := c.app.services.crosswalk.Check(s.ctx, noFence); err != nil {
			return err
		}
	}
	var items []crosswalk.ShownConflict
	total, cursor := int64(0), ""
	for len(items) < k.Limit {
		query := url.Values{"kind": {k.Kind}, "scheme": {k.Scheme}, "limit": {strconv.Itoa(min(k.Limit, 200))}, "cursor": {cursor}}
		var page struct {
			Items []crosswalk.ShownConflict `json:"items"`
			Next  string                    `json:"next_cursor"`
			Total *struct {
				Count int64 `json:"count"`
			} `json:"total"`
		}
		if err := c.call(s.ctx, "GET", "/api/keys/conflicts?"+withoutBlank(query).Encode(), nil, &page); err != nil {
			return err
		}
		if page.Total != nil {
			total = page.Total.Count
		}
		items = append(items, page.Items...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	items = items[:min(len(items), k.Limit)]
	if err := s.print(map[string]any{"items": items, "total": total}, conflictText(items, total)); err != nil {
		return err
	}
	if total > 0 {
		return partial{fmt.Sprintf("%d conflicts of keys", total)}
	}
	return nil
}

func withoutBlank(values url.Values) url.Values {
	for name := range values {
		if values.Get(name) == "" {
			delete(values, name)
		}
	}
	return values
}

func conflictText(items []crosswalk.ShownConflict, total int64) string {
	var b bytes.Buffer
	for _, c := range items {
		ids := make([]string, len(c.Customers))
		for i, row := range c.Customers {
			ids[i] = fmt.Sprintf("#%d %s", row.ID, row.FullName)
		}
		_, _ = fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", c.Kind, c.Scheme, strings.Join(c.Keys, ", "), strings.Join(ids, ", "))
	}
	_, _ = fmt.Fprintf(&b, "%d of %d conflicts\n", len(items), total)
	return b.String()
}

// noFence is for work that no queue leases.
func noFence(context.Context) error { return nil }
