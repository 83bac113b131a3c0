// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// findSettings reads the saved settings of a model into out; without any, out stays as it is.
func (s *Service) findSettings(ctx context.Context, name string, out any) error {
	row, err := s.store.Find(ctx, name)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(row.settings), out); err != nil {
		return fmt.Errorf("saved settings of %s: %w", name, err)
	}
	return nil
}

// saveSettings keeps the settings of a model and tells the journal.
func (s *Service) saveSettings(ctx context.Context, name, kind string, before, after any) error {
	text, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("save settings of %s: %w", name, err)
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.Save(ctx, name, string(text)); err != nil || s.journal == nil {
			return err
		}
		e := journal.Entry{Capability: "mining", Kind: kind, SubjectKind: "model", After: text}
		if e.Before, err = json.Marshal(before); err != nil {
			return err
		}
		return s.journal.Append(ctx, e)
	})
}

func (s *Service) savedLines(ctx context.Context) (LineSettings, error) {
	out := LineSettings{}
	return out, s.findSettings(ctx, modelLines, &out)
}

// SaveLines keeps what parts the business with the weights of its lines, and
// writes the scores of all buyers within them.
func (s *Service) SaveLines(ctx context.Context, lines LineSettings) (LineSettings, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return lines, err
	}
	if err := permitRuns(ctx); err != nil {
		return lines, err
	}
	if err := lines.fill(); err != nil {
		return lines, err
	}
	before, err := s.savedLines(ctx)
	if err != nil {
		return lines, err
	}
	if err := s.saveSettings(ctx, modelLines, "mining.rfm_lines_saved", before, lines); err != nil {
		return lines, err
	}
	return lines, s.refreshLines(ctx)
}

// refreshLines computes the scores within lines, when lines have been saved.
func (s *Service) refreshLines(ctx context.Context) error {
	lines, err := s.savedLines(ctx)
	if err != nil {
		return err
	}
	if lines.By == "" {
		if _, there := s.warehouse.Column(LineScoresTable, "line"); there {
			return nil
		}
		return s.warehouse.Replace(ctx, LineScoresTable, lineScoresColumns+" WHERE false")
	}
	saved, err := s.savedRFM(ctx)
	if err != nil {
		return err
	}
	return s.writeLineScores(ctx, saved.Settings, lines)
}

// Actions are what people want done about boxes, by "555", "55x" (any money) or the name of a group.
type Actions map[string]string

// modelActions is the row of the actions.
const modelActions = "rfm.actions"

const longestAction = 300

var boxName = regexp.MustCompile(`^[1-5][1-5][1-5x]$`)

// FindActions returns the actions that people have written.
func (s *Service) FindActions(ctx context.Context) (Actions, error) {
	if err := auth.Check(ctx, "mining:read"); err != nil {
		return nil, err
	}
	out := Actions{}
	return out, s.findSettings(ctx, modelActions, &out)
}

// SaveAction writes what is to be done about one box or group; "" takes it back.
func (s *Service) SaveAction(ctx context.Context, box, text string) (Actions, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if !boxName.MatchString(box) && groupLabel(box, 0) == box {
		return nil, bad("box", "a box like 555 or 55x, or the name of a group")
	}
	if utf8.RuneCountInString(text) > longestAction {
		return nil, bad("action", fmt.Sprintf("at most %d letters", longestAction))
	}
	var after Actions
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.FindActions(ctx)
		if err != nil {
			return err
		}
		after = maps.Clone(before)
		if after[box] = text; text == "" {
			delete(after, box)
		}
		return s.saveSettings(ctx, modelActions, "mining.rfm_action_saved", before, after)
	})
	return after, err
}
