// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/performance"
	"dangol/internal/platform/fault"
)

type campaignCommand struct {
	List     campaignListCommand     `cmd:"" help:"List the campaigns, newest first."`
	Show     campaignShowCommand     `cmd:"" help:"Show a campaign: where it stands, what is expected of it."`
	Run      campaignRunCommand      `cmd:"" help:"Plan a draft, start what is planned, go on with what is paused."`
	Pause    campaignPauseCommand    `cmd:"" help:"Stop sending for a while."`
	Evaluate campaignEvaluateCommand `cmd:"" help:"Compare a campaign with its control group and keep the result."`
}

// Help teaches by examples.
func (campaignCommand) Help() string {
	return `"dangol evaluate FILE" does the same arithmetic on a bare file.

Examples:
  dangol campaign list --state running
  dangol campaign show 3 --json
  dangol campaign run 3 --plan-only      freeze the recipients, ask the gate, send nothing
  dangol campaign run 3 --wait           send and wait for the end
  dangol campaign pause 3
  dangol campaign evaluate 3 --lang en`
}

// withClient opens the way to the installation for one command.
func (s *session) withClient(do func(c *client) error) (err error) {
	c, err := s.open("campaign")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return do(c)
}

type campaignListCommand struct {
	State string `help:"Only those in this state: draft, planned, running, paused, finished, cancelled." placeholder:"STATE"`
	Limit int    `help:"At most so many." default:"50"`
}

// Run lists campaigns.
func (l campaignListCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		path := fmt.Sprintf("/api/campaigns?limit=%d", max(1, min(l.Limit, 200)))
		if l.State != "" {
			path += "&state=" + l.State
		}
		var page struct {
			Items []campaign.Campaign `json:"items"`
		}
		if err := c.call(s.ctx, "GET", path, nil, &page); err != nil {
			return err
		}
		var text strings.Builder
		for i := range page.Items {
			text.WriteString(campaignLine(&page.Items[i]))
		}
		if len(page.Items) == 0 {
			text.WriteString("no campaign")
		}
		return s.print(page.Items, text.String())
	})
}

func campaignLine(c *campaign.Campaign) string {
	n := c.Counts
	line := fmt.Sprintf("%5d  %-9s %8d sent of %-8d %s", c.ID, c.State, n.Sent()+n.Bounced, n.Treatment, c.Name)
	if c.Note != "" {
		line += "  (" + c.Note + ")"
	}
	return line + "\n"
}

type campaignShowCommand struct {
	ID int64 `arg:"" help:"Number of the campaign." name:"campaign"`
}

// Run shows a campaign with its forecast.
func (w campaignShowCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var out struct {
			campaign.Campaign
			Forecast campaign.Forecast `json:"forecast"`
		}
		if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/campaigns/%d", w.ID), nil, &out.Campaign); err != nil {
			return err
		}
		if err := c.settle(s.ctx); err != nil {
			return err
		}
		if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/campaigns/%d/forecast", w.ID), nil, &out.Forecast); err != nil {
			return err
		}
		return s.print(out, campaignText(&out.Campaign, &out.Forecast))
	})
}

func campaignText(c *campaign.Campaign, f *campaign.Forecast) string {
	var text strings.Builder
	text.WriteString(campaignLine(c))
	n := c.Counts
	_, _ = fmt.Fprintf(&text, "  recipients: %d to send, %d control, %d left out; %d planned, %d handed over, %d bounced, %d failed, %d unknown\n",
		n.Treatment, n.Control, n.Skipped, n.Planned, n.Sent(), n.Bounced, n.Failed, n.Unknown)
	_, _ = fmt.Fprintf(&text, "  expected: %.2f %% buy without it, %+.2f points with it; %.0f more buyers, margin %s, cost %s %s\n",
		100*f.Rate, 100*f.Lift, f.Added, grouped(float64(f.Margin)), grouped(float64(f.Cost.Total)), c.Currency)
	if f.BreakEven != nil {
		_, _ = fmt.Fprintf(&text, "  break-even at %+.3f points", 100**f.BreakEven)
	}
	if f.NeededControl > 0 {
		_, _ = fmt.Fprintf(&text, "; a control group of %d shows the expected lift with 80 %% power", f.NeededControl)
	}
	return strings.TrimSuffix(text.String(), "\n") + "\n"
}

type campaignRunCommand struct {
	ID       int64 `arg:"" help:"Number of the campaign." name:"campaign"`
	PlanOnly bool  `help:"Freeze the recipients and ask the gate, but send nothing."`
	Wait     bool  `help:"Wait until nothing is left to send."`
}

// Run moves a campaign on, from wherever it stands.
func (r campaignRunCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		found, err := c.findCampaign(s, r.ID)
		if err == nil && found.State == campaign.Draft {
			if err = c.stepCampaign(s, r.ID, "plan"); err == nil {
				found, err = c.waitForCampaign(s, r.ID, campaign.Planning)
			}
		}
		if err != nil {
			return err
		}
		if r.PlanOnly {
			return s.print(found, campaignLine(&found))
		}
		switch found.State {
		case campaign.Planned:
			err = c.stepCampaign(s, r.ID, "start")
		case campaign.Paused:
			err = c.stepCampaign(s, r.ID, "resume")
		case campaign.Running:
		case campaign.Draft:
			return fault.New(fault.Conflict, "app.not_planned", "Planning did not work: {why}", "why", found.Note)
		default:
			return fault.New(fault.Conflict, "app.campaign_over", "The campaign is {state}; copy it to send again.", "state", string(found.State))
		}
		if err != nil {
			return err
		}
		// Without a server nobody else would do the sending.
		if r.Wait || c.app != nil {
			found, err = c.waitForCampaign(s, r.ID, campaign.Running)
		} else {
			found, err = c.findCampaign(s, r.ID)
		}
		if err != nil {
			return err
		}
		return s.print(found, campaignLine(&found))
	})
}

func (c *client) findCampaign(s *session, id int64) (found campaign.Campaign, err error) {
	err = c.call(s.ctx, "GET", fmt.Sprintf("/api/campaigns/%d", id), nil, &found)
	return found, err
}

func (c *client) stepCampaign(s *session, id int64, step string) error {
	return c.call(s.ctx, "POST", fmt.Sprintf("/api/campaigns/%d/%s", id, step), nil, nil)
}

// waitForCampaign waits until a campaign has left a state.
func (c *client) waitForCampaign(s *session, id int64, state campaign.State) (campaign.Campaign, error) {
	bar := s.progress("campaign")
	defer bar.finish()
	for {
		found, err := c.findCampaign(s, id)
		if err != nil || found.State != state {
			return found, err
		}
		n := found.Counts
		bar.set(n.Treatment-n.Planned-n.Leased, n.Treatment, string(found.State))
		select {
		case <-s.ctx.Done():
			return found, s.ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

type campaignPauseCommand struct {
	ID int64 `arg:"" help:"Number of the campaign." name:"campaign"`
}

// Run pauses a campaign; "run" goes on with it.
func (p campaignPauseCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		if err := c.stepCampaign(s, p.ID, "pause"); err != nil {
			return err
		}
		found, err := c.findCampaign(s, p.ID)
		if err != nil {
			return err
		}
		return s.print(found, campaignLine(&found))
	})
}

type campaignEvaluateCommand struct {
	ID   int64  `arg:"" help:"Number of the campaign." name:"campaign"`
	Lang string `help:"Language of the sentences." enum:"ko,en" default:"ko"`
}

// Run evaluates a campaign and keeps the result.
func (e campaignEvaluateCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var r performance.Result
		if err := c.call(s.ctx, "POST", fmt.Sprintf("/api/campaigns/%d/evaluate", e.ID), nil, &r); err != nil {
			return err
		}
		var text strings.Builder
		for _, st := range r.Statements {
			sentence := st.Ko
			if e.Lang == "en" {
				sentence = st.En
			}
			text.WriteString(sentence + "\n")
		}
		return s.print(r, text.String())
	})
}
