// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Pin says whether a finding is kept, and what people say about it.
type Pin struct {
	IsPinned bool   `json:"is_pinned"`
	Note     string `json:"note"`
}

// longestNote is how many letters a comment may have.
const longestNote = 2000

// PinRun keeps a finding with a comment, or lets it go; a pinned run is not
// forgotten when newer ones come. It returns fault.NotFound and fault.Invalid.
func (s *Service) PinRun(ctx context.Context, id int64, pin Pin) (*Run, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	pin.Note = strings.TrimSpace(pin.Note)
	if utf8.RuneCountInString(pin.Note) > longestNote {
		return nil, fault.New(fault.Invalid, "mining.long_note", "The comment has more than {most} letters.", "most", longestNote)
	}
	var out *Run
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.FindRun(ctx, id)
		if err != nil {
			return err
		}
		if pin.IsPinned && before.State != RunDone {
			return fault.New(fault.Invalid, "mining.not_done", "Only a finished result can be pinned.")
		}
		if err := s.store.SetPin(ctx, id, pin); err != nil {
			return err
		}
		if out, err = s.store.FindRun(ctx, id); err != nil || s.journal == nil {
			return err
		}
		entry := journal.Entry{Capability: "mining", Kind: "mining.run_pinned", SubjectKind: "mining_run", SubjectIDs: []int64{id}}
		if entry.Before, err = json.Marshal(Pin{before.PinnedAt != nil, before.Note}); err != nil {
			return err
		}
		if entry.After, err = json.Marshal(pin); err != nil {
			return err
		}
		return s.journal.Append(ctx, entry)
	})
	return out, err
}

// ListPinned returns the findings that are kept, newest first, without their results.
func (s *Service) ListPinned(ctx context.Context) ([]Run, error) {
	if err := auth.Check(ctx, "mining:read"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	return s.store.ListPinned(ctx)
}
