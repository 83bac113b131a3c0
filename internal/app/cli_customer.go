// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/fault"
)

type customerCommand struct {
	Erase    eraseCommand    `cmd:"" help:"Destroy the personal data of a customer for ever."`
	Erasures erasuresCommand `cmd:"" help:"The register of erasures."`
	Kept     keptCommand     `cmd:"" help:"Open what a law keeps apart of an erased person."`
	Hold     holdCommand     `cmd:"" help:"Keep a customer from being erased until a day."`
	Holds    holdsCommand    `cmd:"" help:"The holds that stand."`
	Lift     liftCommand     `cmd:"" help:"Lift a hold before its day."`
}

type eraseCommand struct {
	ID     int64  `arg:"" help:"Number of the customer, or of one merged into them." name:"customer"`
	Reason string `help:"request (the person asked), retention (the time of keeping is over) or mistake (should never have been collected)." enum:"request,retention,mistake," default:""`
	DryRun bool   `help:"Tell what would go and what stays; change nothing."`
	Yes    bool   `help:"Do it. It cannot be taken back."`
}

// Help tells what an erasure does.
func (eraseCommand) Help() string {
	return `Destroys name, contacts, address, keys, source records with their history, received mails, files they came in,
households, relations and waiting pairs of the customer and of all merged into them, at once. Orders stay without a
name. Where a law asks for it (e-commerce: five years from the last order) name and contact are kept apart, sealed,
until its day ("dangol customer kept"). A hold refuses it. It cannot be taken back; a restore does it again when it
is given the list of erasures.

Examples:
  dangol customer erase 4711 --dry-run
  dangol customer erase 4711 --reason request --yes`
}

// Run shows the plan or erases.
func (e eraseCommand) Run(s *session) (err error) {
	if !e.DryRun && (!e.Yes || e.Reason == "") {
		return fault.New(fault.Invalid, "app.erase_unsure",
			"An erasure cannot be taken back: say --reason and --yes, or look first with --dry-run.")
	}
	c, err := s.open("customer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if e.DryRun {
		var plan customer.ErasurePlan
		if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/customers/%d/erasure", e.ID), nil, &plan); err != nil {
			return err
		}
		return s.print(plan, planText(&plan))
	}
	var done customer.Erasure
	if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/customers/%d/erase", e.ID), map[string]string{"reason": e.Reason}, &done); err != nil {
		return err
	}
	text := fmt.Sprintf("customer %d is erased: %d records", done.CustomerID, len(done.RecordIDs))
	for _, duty := range done.Kept {
		text += "\n  " + dutyText(duty)
	}
	return errors.Join(s.print(done, text), c.settle(s.ctx))
}

func planText(plan *customer.ErasurePlan) string {
	var text strings.Builder
	fmt.Fprintf(&text, "customer %d", plan.CustomerID)
	if len(plan.Customers) > 1 {
		fmt.Fprintf(&text, ", with %d merged into them", len(plan.Customers)-1)
	}
	text.WriteString(": this would go\n")
	for _, place := range plan.Places {
		kind := ""
		if place.IsEmpty {
			kind = "  (stays without what names the person)"
		}
		fmt.Fprintf(&text, "  %6d  %s%s\n", place.Count, strings.ReplaceAll(place.What, "_", " "), kind)
	}
	for _, duty := range plan.Duties {
		text.WriteString(dutyText(duty) + "\n")
	}
	for _, hold := range plan.Holds {
		fmt.Fprintf(&text, "refused until %s by hold %d: %s\n", hold.UntilOn, hold.ID, hold.Reason)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// laws are the names of duties for people.
var laws = map[string]string{customer.LawECommerce: "E-Commerce Act, article 6"}

func dutyText(d customer.Duty) string {
	return fmt.Sprintf("name and contact are kept apart until %s: %s (%d orders)", d.UntilOn, laws[d.Law], d.Facts)
}

type erasuresCommand struct {
	Limit int `help:"How many, newest first." default:"50"`
}

// Run prints the register.
func (e erasuresCommand) Run(s *session) error {
	var rows []customer.ErasureRow
	return s.listed(fmt.Sprintf("/api/erasures?limit=%d", min(max(e.Limit, 1), 500)), &rows, func(text *strings.Builder) {
		for _, row := range rows {
			fmt.Fprintf(text, "%d\tcustomer %d\t%s\t%s\t%d records", row.ID, row.CustomerID, row.ErasedAt.Local().Format(time.DateTime), row.Reason, row.Records)
			for _, kept := range row.Kept {
				fmt.Fprintf(text, "\tkept apart until %s (%s)", kept.UntilOn, laws[kept.Law])
			}
			text.WriteByte('\n')
		}
	})
}

type keptCommand struct {
	ID      int64  `arg:"" help:"Number of the erasure; \"dangol customer erasures\" lists them." name:"erasure"`
	Purpose string `help:"What it is needed for; it is written into the access log." required:"" placeholder:"TEXT"`
}

// Run opens what is kept.
func (k keptCommand) Run(s *session) (err error) {
	c, err := s.open("customer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var page struct {
		Items []customer.Kept `json:"items"`
	}
	if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/erasures/%d/kept", k.ID), map[string]string{"purpose": k.Purpose}, &page); err != nil {
		return err
	}
	var text strings.Builder
	for _, kept := range page.Items {
		fmt.Fprintf(&text, "until %s: %s (%d orders)\n", kept.UntilOn, laws[kept.Law], kept.Facts)
		for _, name := range slices.Sorted(maps.Keys(kept.Identity.Values)) {
			fmt.Fprintf(&text, "  %s\t%s\n", strings.ReplaceAll(name, "_", " "), kept.Identity.Values[name])
		}
		fmt.Fprintf(&text, "  keys\t%s\n", strings.Join(kept.Identity.Keys, ", "))
	}
	return s.print(page.Items, strings.TrimSuffix(text.String(), "\n"))
}

type holdCommand struct {
	ID     int64  `arg:"" help:"Number of the customer." name:"customer"`
	Reason string `help:"Why, such as the number of the case." required:"" placeholder:"TEXT"`
	Until  string `help:"The last day on which it stands, as 2027-03-31." required:"" placeholder:"DATE"`
}

// Run sets a hold.
func (h holdCommand) Run(s *session) error {
	return s.hold("POST", fmt.Sprintf("/api/customers/%d/holds", h.ID), map[string]string{"reason": h.Reason, "until_on": h.Until}, "cannot be erased until %s (hold %d)")
}

type liftCommand struct {
	ID int64 `arg:"" help:"Number of the hold; \"dangol customer holds\" lists them." name:"hold"`
}

// Run lifts a hold.
func (l liftCommand) Run(s *session) error {
	return s.hold("DELETE", fmt.Sprintf("/api/holds/%d", l.ID), nil, "can be erased again; the hold until %s (hold %d) is lifted")
}

func (s *session) hold(method, path string, in any, said string) (err error) {
	c, err := s.open("customer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var h customer.Hold
	if err := c.call(s.ctx, method, path, in, &h); err != nil {
		return err
	}
	return s.print(h, fmt.Sprintf("customer %d ", h.CustomerID)+fmt.Sprintf(said, h.UntilOn, h.ID))
}

type holdsCommand struct{}

// Run lists the holds.
func (holdsCommand) Run(s *session) error {
	var rows []customer.Hold
	return s.listed("/api/holds", &rows, func(text *strings.Builder) {
		for _, h := range rows {
			fmt.Fprintf(text, "%d\tcustomer %d\tuntil %s\t%s\n", h.ID, h.CustomerID, h.UntilOn, h.Reason)
		}
	})
}

// listed prints the first page of a list; rows points to a slice.
func (s *session) listed(path string, rows any, tell func(*strings.Builder)) (err error) {
	c, err := s.open("customer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	page := struct {
		Items any `json:"items"`
	}{rows}
	if err := c.call(s.ctx, "GET", path, nil, &page); err != nil {
		return err
	}
	var text strings.Builder
	tell(&text)
	if text.Len() == 0 {
		text.WriteString("none\n")
	}
	return s.print(rows, strings.TrimSuffix(text.String(), "\n"))
}
