// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

type serveCommand struct {
	Listen        string `help:"Address to listen on (default 127.0.0.1:8080; DANGOL_LISTEN)." placeholder:"HOST:PORT"`
	PublicURL     string `help:"How people reach the server, for mails and secure cookies (DANGOL_PUBLIC_URL)." name:"public-url" placeholder:"URL"`
	SMTP          string `help:"Where mail is handed over: smtp://user:password@host:587 (DANGOL_SMTP)." name:"smtp" placeholder:"URL"`
	MailFrom      string `help:"Sender of mails: \"Name <address>\" (DANGOL_MAIL_FROM)." placeholder:"SENDER"`
	Demo          bool   `help:"Load a demo company first if the data directory is empty, and print its accounts."`
	DemoCustomers int    `help:"People of the demo company." default:"20000" placeholder:"N"`
	DemoSeed      uint64 `help:"Seed of the demo company: the same seed makes the same company." default:"1" placeholder:"S"`
}

// Help teaches by examples.
func (serveCommand) Help() string {
	return `Serves pages, API and background work until Ctrl-C, then ends what is running in an orderly way.

Examples:
  dangol serve --demo                                        try it: a demo company of 20,000 people
  dangol serve --data /srv/dangol --listen 0.0.0.0:8080 --public-url https://crm.example.com
  dangol serve --database postgres://crm@db.example.com/crm  PostgreSQL as the system of record

All settings: DANGOL_… in the environment or dangol.toml in the data directory, for example
  listen = "0.0.0.0:8080"
  public_url = "https://crm.example.com"
  trusted_proxies = ["10.0.0.0/8"]
  smtp = "smtp://user:password@mail.example.com:587"
  mail_from = "단골상회 <news@example.com>"
  session_idle = "30m"`
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(s *session) error {
	extra := given(map[string]string{"listen": c.Listen, "public_url": c.PublicURL, "smtp": c.SMTP, "mail_from": c.MailFrom})
	config, err := s.config(extra)
	if err != nil {
		return err
	}
	if c.Demo && config.Company == Defaults().Company {
		config.Company = demoCompany
	}
	logger := s.logger(config, false)
	slog.SetDefault(logger)
	limitMemory()
	app, err := New(s.ctx, config, Options{Command: "serve", Pages: s.Pages, Log: logger})
	if err != nil {
		return err
	}
	return errors.Join(c.serve(s.ctx, s, app), app.Close())
}

func (c *serveCommand) serve(ctx context.Context, s *session, app *App) error {
	isEmpty, err := app.Team.IsEmpty(ctx)
	if err != nil {
		return err
	}
	if c.Demo {
		if err := app.prepareDemo(ctx, isEmpty); err != nil {
			return err
		}
	}
	return app.Serve(ctx, func(string) {
		if c.Demo && isEmpty {
			if err := app.loadDemo(ctx, demoSize{customers: c.DemoCustomers, seed: c.DemoSeed}, s); err != nil && ctx.Err() == nil {
				app.log.Error("the demo company could not be loaded", "error", err)
			}
		}
		s.welcome(app, isEmpty && !c.Demo)
	})
}

// welcome tells how to get in.
func (s *session) welcome(app *App, isNew bool) {
	var text strings.Builder
	fmt.Fprintf(&text, "\n  Dangol %s is ready: %s\n", Version, app.Config.publicURL())
	if hint := app.Team.Hint(); hint.Demo != nil {
		fmt.Fprintf(&text, "  Sign in with %s / %s\n", hint.Demo.Email, hint.Demo.Password)
	}
	if isNew {
		text.WriteString("  There is nobody yet. Make the first account with:\n    dangol user add you@example.com --name \"Your Name\" --role administrator --data " + app.Config.Data + "\n")
	}
	s.say("%s", text.String())
}
