// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// kindAttribute is the run that writes a finding down as a custom attribute of
// the customers it is about.
const kindAttribute = "attribute"

// AttributeLabel is the name and labels of a custom attribute.
type AttributeLabel struct {
	Name    string `json:"name"`
	LabelKo string `json:"label_ko"`
	LabelEn string `json:"label_en"`
}

// Attributes keeps what was found on customers; app connects the customers.
type Attributes interface {
	// ListLabels returns the custom attributes there are.
	ListLabels(ctx context.Context) ([]AttributeLabel, error)

	// Keep makes a yes-or-no attribute of this name unless it exists, sets it to
	// yes for the customers and calls tell with how many are done.
	Keep(ctx context.Context, name, label string, ids []int64, tell func(done int)) error
}

// UseAttributes connects who keeps custom attributes.
func (s *Service) UseAttributes(a Attributes) { s.attributes = a }

// AttributeSettings name the attribute and whom it is about.
type AttributeSettings struct {
	Label string          `json:"label"`
	Rules json.RawMessage `json:"rules"`
}

// longestLabel is how many letters the label of an attribute may have.
const longestLabel = 80

func parseAttribute(raw json.RawMessage) (AttributeSettings, error) {
	var s AttributeSettings
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with label and rules")
	}
	s.Label = strings.TrimSpace(s.Label)
	if n := utf8.RuneCountInString(s.Label); n == 0 || n > longestLabel {
		return s, bad("label", fmt.Sprintf("a name of 1 to %d letters", longestLabel))
	}
	if len(s.Rules) == 0 {
		return s, bad("rules", "the rules of a segment")
	}
	return s, nil
}

func checkAttribute(raw json.RawMessage) error {
	_, err := parseAttribute(raw)
	return err
}

// Kept is what became of a finding that was written down.
type Kept struct {
	Settings  AttributeSettings `json:"settings"`
	Attribute string            `json:"attribute"` // its name
	Customers int               `json:"customers"`
}

// runAttribute finds whom the finding is about and writes it down. A run that
// was interrupted writes the rest: setting yes twice is setting it once.
func (s *Service) runAttribute(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseAttribute(run.Settings)
	if err != nil {
		return nil, err
	}
	if s.members == nil || s.attributes == nil {
		return nil, fault.New(fault.Unavailable, "mining.no_segments", "Segments cannot be asked here.")
	}
	var ids []int64
	if _, err := s.members.EachMatch(ctx, settings.Rules, func(part []int64) error {
		ids = append(ids, part...)
		return nil
	}); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.New(fault.Invalid, "mining.nobody_found", "Nobody fits the rules: there is nobody to note it on.")
	}
	out := &Kept{Settings: settings, Attribute: fmt.Sprintf("finding_%d", run.ID), Customers: len(ids)}
	err = s.attributes.Keep(ctx, out.Attribute, settings.Label, ids, func(done int) { tell(int64(done), int64(len(ids))) })
	if err != nil {
		return nil, fmt.Errorf("keep attribute %s: %w", out.Attribute, err)
	}
	return out, nil
}
