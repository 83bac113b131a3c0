// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"dangol/internal/mining"
	"dangol/internal/platform/fault"
)

type mineModelCommand struct {
	List   mineModelListCommand   `cmd:"" help:"Models in use, how they do, and which no longer fit."`
	Export mineModelExportCommand `cmd:"" help:"Write the model in use for an event as JSON; dangol mine score reads it."`
	Import mineModelImportCommand `cmd:"" help:"Take a model file in, as challenger or as the model in use."`
	Score  mineModelScoreCommand  `cmd:"" name:"refresh" help:"Score everybody anew and look at the drift."`
}

// Help teaches by examples.
func (mineModelCommand) Help() string {
	return `These commands work on the installation (--data), through the running server when there is one.
The events are stops, buys, answers, refuses and returns.

Examples:
  dangol mine model list
  dangol mine model export stops --out model.json
  dangol mine model import model.json
  dangol mine model refresh stops`
}

type mineModelListCommand struct{}

// Run lists models in use.
func (mineModelListCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var page struct {
			Items []*mining.ModelInUse `json:"items"`
		}
		if err := c.call(s.ctx, "GET", "/api/mining/models", nil, &page); err != nil {
			return err
		}
		var text strings.Builder
		for _, m := range page.Items {
			text.WriteString(modelLine(m))
		}
		if len(page.Items) == 0 {
			text.WriteString("no model in use")
		}
		return s.print(page.Items, text.String())
	})
}

func modelLine(m *mining.ModelInUse) string {
	text := fmt.Sprintf("%-8s  %-8s  AUC %.3f  %s\n", m.Event, m.Champion.Family, m.Champion.Test.AUC, m.Champion.Target.En)
	if m.Latest != nil {
		state := "fits"
		if m.Latest.ShouldRetrain {
			state = "train it anew: " + strings.Join(m.Latest.Reasons, ", ")
		}
		text += fmt.Sprintf("          %d customers scored as of %s, PSI %.3f: %s\n", m.Latest.Scored, m.Latest.ScoredOn, m.Latest.Now.Score.PSI, state)
	}
	if m.Challenger != nil {
		text += fmt.Sprintf("          challenger %s", m.Challenger.Family)
		if m.Compared != nil {
			text += fmt.Sprintf(": AUC %.4f against %.4f on the same customers (95 %% interval of the difference %.4f to %.4f)", m.Compared.Challenger, m.Compared.Champion, m.Compared.Low, m.Compared.High)
		}
		text += "\n"
	}
	return text
}

type mineModelExportCommand struct {
	Event      string `arg:"" help:"stops, buys, answers, refuses or returns."`
	Out        string `help:"File to write." required:"" placeholder:"FILE" type:"path"`
	Challenger bool   `help:"The challenger instead of the champion."`
}

// Run writes a model file.
func (k mineModelExportCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var file json.RawMessage
		path := fmt.Sprintf("/api/mining/models/%s/export?challenger=%t", url.PathEscape(k.Event), k.Challenger)
		if err := c.call(s.ctx, "GET", path, nil, &file); err != nil {
			return err
		}
		err := createFile(k.Out, func(w io.Writer) error {
			_, err := w.Write(file)
			return err
		})
		if err != nil {
			return err
		}
		return s.print(map[string]any{"file": k.Out, "bytes": len(file)}, fmt.Sprintf("%s: %d bytes", k.Out, len(file)))
	})
}

type mineModelImportCommand struct {
	File string `arg:"" help:"File that export wrote." type:"path"`
}

// Run takes a model file in and waits for the scores.
func (k mineModelImportCommand) Run(s *session) error {
	text, err := os.ReadFile(k.File)
	if err != nil {
		return fault.New(fault.NotFound, "app.no_model", "There is no model file {file}.", "file", k.File)
	}
	if !json.Valid(text) {
		return fault.New(fault.Invalid, "app.bad_model", "{file} is no JSON.", "file", k.File)
	}
	return s.withClient(func(c *client) error {
		var m mining.ModelInUse
		if err := c.call(s.ctx, "POST", "/api/mining/models/import", json.RawMessage(text), &m); err != nil {
			return err
		}
		return c.scored(s, &m)
	})
}

type mineModelScoreCommand struct {
	Event string `arg:"" help:"stops, buys, answers, refuses or returns."`
}

// Run scores everybody anew.
func (k mineModelScoreCommand) Run(s *session) error {
	return s.withClient(func(c *client) error {
		var m mining.ModelInUse
		if err := c.call(s.ctx, "POST", "/api/mining/models/"+url.PathEscape(k.Event)+"/refresh", nil, &m); err != nil {
			return err
		}
		return c.scored(s, &m)
	})
}

// scored waits for the run that scores customers and tells what it saw.
func (c *client) scored(s *session, m *mining.ModelInUse) error {
	var run mining.Run
	if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/mining/runs/%d", m.RunID), nil, &run); err != nil {
		return err
	}
	if _, err := c.waitForJob(s.ctx, run.JobID, nil); err != nil {
		return err
	}
	if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/mining/runs/%d", m.RunID), nil, &run); err != nil {
		return err
	}
	if run.State != mining.RunDone {
		return fault.New(fault.Invalid, "app.not_scored", "{problem}", "problem", run.Problem)
	}
	if err := c.call(s.ctx, "GET", "/api/mining/models/"+url.PathEscape(m.Event), nil, m); err != nil {
		return err
	}
	return s.print(m, modelLine(m))
}
