// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"dangol/internal/demo"
	"dangol/internal/platform/fault"
)

type demoCommand struct {
	Customers int     `help:"True persons of the company." default:"20000" placeholder:"N"`
	Seed      uint64  `help:"The same seed makes the same files." default:"1" placeholder:"S"`
	Orders    float64 `help:"Mean number of orders a person in two years; --orders=-1 makes none." default:"8" placeholder:"N"`
	Out       string  `help:"Folder for the files (default demo-N)." placeholder:"DIR"`
	Truth     string  `help:"Also write who is really who (file, row, person) to this file, which must lie outside --out." placeholder:"FILE"`
	Load      bool    `help:"Load the files into the data directory afterwards."`
	Locale    string  `help:"Language of the report." enum:"ko,en" default:"ko"`
}

// Help tells what is made.
func (demoCommand) Help() string {
	return `Makes the exports of five departments of a Korean retailer: members with a 10-digit number, stores with
4-digit numbers and cards, an on-line shop by e-mail, a call center by telephone, and vCard address books of
sales people; dirty, overlapping records of the same people, two years of orders with seasons, returns and
campaigns. How much of what kind of dirt there is, is printed.

Examples:
  dangol demo --customers 20000 --seed 1 --out demo
  dangol demo --customers 1000000 --seed 7 --out big --truth truth.csv
  dangol demo --customers 5000 --load --data try`
}

// Run makes the files, and loads them if asked.
func (d demoCommand) Run(s *session) (err error) {
	if d.Out == "" {
		d.Out = fmt.Sprintf("demo-%d", d.Customers)
	}
	company, err := demo.Generate(s.ctx, demo.Options{Customers: d.Customers, Seed: d.Seed, Dir: d.Out, TruthFile: d.Truth, Orders: d.Orders})
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "app.demo_failed", "The demo company could not be made: {why}.", "why", err.Error())
	}
	if s.line.JSON {
		if err := company.WriteJSON(s.Out); err != nil {
			return err
		}
	} else if err := company.WriteReport(s.Out, d.Locale); err != nil {
		return err
	}
	if !d.Load {
		return nil
	}
	c, err := s.open("demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.loadCompany(s, company)
}

// demoSize is how large the demo company of "serve --demo" is.
type demoSize struct {
	customers int
	seed      uint64
}

// loadDemo makes the demo company and loads it through the API, as a person would.
func (a *App) loadDemo(ctx context.Context, size demoSize, s *session) (err error) {
	a.isLoading.Store(true)
	defer a.isLoading.Store(false)
	dir, err := os.MkdirTemp(a.Config.Data, "demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s.say("Making a demo company of %d people…", size.customers)
	company, err := demo.Generate(ctx, demo.Options{Customers: size.customers, Seed: size.seed, Dir: filepath.Join(dir, "files")})
	if err != nil {
		return err
	}
	c, err := dialServer(ctx, a.Config.Data, errors.New("the server does not answer on its own socket"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.loadCompany(s, company); err != nil {
		return err
	}
	if err := a.addDemoContent(ctx, c); err != nil {
		return fmt.Errorf("add the demo company's own segments, pivots and templates: %w", err)
	}
	debug.FreeOSMemory() // loading took far more than serving will
	return nil
}
