// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dangol/internal/match"
	"dangol/internal/platform/fault"
)

type unifyCommand struct {
	Estimate unifyEstimateCommand `cmd:"" help:"Tell what a run will cost, without doing it."`
	Run      unifyRunCommand      `cmd:"" help:"Look through all customers, merge what is certain, queue what is doubtful."`
	Status   unifyStatusCommand   `cmd:"" help:"Show a run, or the runs so far."`
	Wait     unifyWaitCommand     `cmd:"" help:"Go on with a run that was cut off, and wait for its end."`
	Cancel   unifyCancelCommand   `cmd:"" help:"Stop a run; what it merged so far stays and can be undone."`
	Undo     unifyUndoCommand     `cmd:"" help:"Part everything that a run merged."`
}

// Help teaches by examples.
func (unifyCommand) Help() string {
	return `Works on the customer base of the data directory; "dangol match FILE" works on files and changes nothing.

Examples:
  dangol unify estimate            records, rules, pairs and time, before anything is done
  dangol unify run                 train on the data, merge what is certain
  dangol unify run --review-only   merge nothing: people review everything
  dangol unify status 3 --json
  dangol unify wait 3              after a power cut: nothing was half done, the rest is
  dangol unify undo 3`
}

type unifyRunCommand struct {
	Saved      bool `help:"Use the saved model instead of learning anew."`
	ReviewOnly bool `help:"Merge nothing by itself; every match goes to the review queue."`
}

// Run starts a run and waits for its end.
func (u unifyRunCommand) Run(s *session) error {
	return s.unify(func(c *client) (match.Run, error) {
		var run match.Run
		settings := match.Settings{Train: !u.Saved, ReviewOnly: u.ReviewOnly}
		if err := c.call(s.ctx, "POST", "/api/match/runs", settings, &run); err != nil {
			return run, whatToType(err)
		}
		return c.waitForRun(s, run.ID)
	})
}

// whatToType adds the commands to what the API says of a run that works already.
func whatToType(err error) error {
	var told *fault.Fault
	if !errors.As(err, &told) || told.Code != "match.running" {
		return err
	}
	more := *told
	more.Kind = fault.Unavailable // the same command may work later: exit code 5, as "dangol match" has it
	more.Message += fmt.Sprintf(" \"dangol unify wait %v\" goes on with it, \"dangol unify cancel %v\" ends it.", told.Fields["id"], told.Fields["id"])
	return &more
}

type unifyStatusCommand struct {
	ID int64 `arg:"" optional:"" help:"Number of the run; without it the newest ones are listed." name:"run"`
}

// Run shows one run, or the newest ones.
func (u unifyStatusCommand) Run(s *session) error {
	if u.ID != 0 {
		return s.unify(func(c *client) (match.Run, error) { return c.findRun(s.ctx, u.ID) })
	}
	c, err := s.open("unify")
	if err != nil {
		return err
	}
	var page struct {
		Items []match.Run `json:"items"`
	}
	err = c.call(s.ctx, "GET", "/api/match/runs?limit=20", nil, &page)
	if err := errors.Join(err, c.close()); err != nil {
		return err
	}
	var text strings.Builder
	for i := range page.Items {
		text.WriteString(runText(&page.Items[i]))
	}
	if len(page.Items) == 0 {
		text.WriteString("no run yet; start one with \"dangol unify run\"")
	}
	return s.print(page.Items, strings.TrimSuffix(text.String(), "\n"))
}

type unifyEstimateCommand struct {
	Saved bool `help:"With the saved model instead of one learnt anew."`
}

// Run rehearses a run with a sample and prints what the whole one will cost.
func (u unifyEstimateCommand) Run(s *session) error {
	c, err := s.open("unify")
	if err != nil {
		return err
	}
	var cost match.Cost
	err = c.call(s.ctx, "GET", fmt.Sprintf("/api/match/estimate?saved=%t", u.Saved), nil, &cost)
	if err := errors.Join(err, c.close()); err != nil {
		return err
	}
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "%d records, rehearsed with %d: about %d pairs (%.1f a record), about %.0f s of reading and comparing",
		cost.Records, cost.Sampled, cost.Pairs, float64(cost.Pairs)/float64(cost.Records), cost.Seconds)
	for _, rule := range cost.Rules {
		_, _ = fmt.Fprintf(&text, "\n  %12d  %s", rule.Pairs, rule.Label)
	}
	return s.print(cost, text.String())
}

type unifyWaitCommand struct {
	ID int64 `arg:"" help:"Number of the run." name:"run"`
}

// Run waits for the end of a run; without a server this process goes on with it.
func (u unifyWaitCommand) Run(s *session) error {
	return s.unify(func(c *client) (match.Run, error) { return c.waitForRun(s, u.ID) })
}

type unifyCancelCommand struct {
	ID int64 `arg:"" help:"Number of the run." name:"run"`
}

// Run stops a run and waits until it has stopped.
func (u unifyCancelCommand) Run(s *session) error {
	return s.unify(func(c *client) (match.Run, error) {
		if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/match/runs/%d/cancel", u.ID), nil, nil); err != nil {
			return match.Run{}, err
		}
		return c.waitForRun(s, u.ID)
	})
}

type unifyUndoCommand struct {
	ID int64 `arg:"" help:"Number of the run." name:"run"`
}

// Run parts what the run merged and waits for the end.
func (u unifyUndoCommand) Run(s *session) error {
	return s.unify(func(c *client) (match.Run, error) {
		if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/match/runs/%d/undo", u.ID), nil, nil); err != nil {
			return match.Run{}, err
		}
		return c.waitForRun(s, u.ID)
	})
}

// unify does something with a run and prints it.
func (s *session) unify(do func(*client) (match.Run, error)) (err error) {
	c, err := s.open("unify")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	run, err := do(c)
	if err != nil {
		return err
	}
	run.Figures.Histogram = nil
	if err := s.print(run, strings.TrimSuffix(runText(&run), "\n")); err != nil {
		return err
	}
	if run.State == match.Failed {
		return fmt.Errorf("run %d failed: %s", run.ID, run.Error)
	}
	return nil
}

func (c *client) findRun(ctx context.Context, id int64) (match.Run, error) {
	var run match.Run
	err := c.call(ctx, "GET", fmt.Sprintf("/api/match/runs/%d", id), nil, &run)
	return run, err
}

// waitForRun polls until the run has ended. A server goes on with it when the command is stopped.
func (c *client) waitForRun(s *session, id int64) (match.Run, error) {
	bar := s.progress("unify")
	defer bar.finish()
	for {
		run, err := c.findRun(s.ctx, id)
		if err != nil {
			return run, err
		}
		bar.set(run.ProgressDone, run.ProgressTotal, string(run.Phase))
		switch run.State {
		case match.Queued, match.Running, match.Undoing:
		default:
			return run, c.settle(s.ctx)
		}
		select {
		case <-s.ctx.Done():
			return run, s.ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func runText(run *match.Run) string {
	f := run.Figures
	text := fmt.Sprintf("run %d: %s, %d records of %d customers, %d pairs compared\n  merged %d, to review %d, forbidden %d",
		run.ID, run.State, f.Records, f.Customers, f.Candidates, run.Merged-run.Undone, f.Review, f.Conflicts)
	if run.Undone > 0 {
		text += fmt.Sprintf(", undone %d", run.Undone)
	}
	if f.Planned > 0 {
		text += fmt.Sprintf("; expected precision %.2f %%, recall %.1f %%", 100*f.Precision, 100*f.Recall)
	}
	if f.Seconds > 0 {
		text += fmt.Sprintf("; %.1f s", f.Seconds)
	}
	return text + "\n"
}
