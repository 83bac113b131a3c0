// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
)

// ModelFile is a model as a file: the model that "dangol mine score" reads,
// with the card that says what it answers.
type ModelFile struct {
	*predict.Model
	Card *ModelCard `json:"card"`
}

// ExportModel returns the champion, or the challenger, as a file.
func (s *Service) ExportModel(ctx context.Context, event string, isChallenger bool) (*ModelFile, error) {
	m, err := s.FindModel(ctx, event)
	if err != nil {
		return nil, err
	}
	packed, card := m.champion, &m.Champion
	if isChallenger {
		if m.Challenger == nil {
			return nil, fault.New(fault.NotFound, "mining.no_challenger", "There is no challenger.")
		}
		packed, card = m.challenger, m.Challenger
	}
	model, err := unpackModel(packed)
	if err != nil {
		return nil, err
	}
	return &ModelFile{model, card}, nil
}

// ImportModel takes a file that ExportModel wrote: as the challenger of the
// model that answers the same question, or as the model in use where there is
// none. New scores are begun at once.
func (s *Service) ImportModel(ctx context.Context, text []byte) (*ModelInUse, error) {
	model, card, err := readModelFile(text)
	if err != nil {
		return nil, err
	}
	event := card.Settings.Event
	if _, err := s.changing(ctx, event); err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err := s.fits(ctx, model, card.Settings); err != nil {
		return nil, err
	}
	packed, err := packModel(model)
	if err != nil {
		return nil, err
	}
	card.IsImported = true
	_, err = s.keepModel(ctx, event, "mining.model_imported", func(m *ModelInUse) (any, error) {
		switch {
		case m.ID == 0:
			*m = ModelInUse{Event: event, Settings: card.Settings, Champion: *card, champion: packed, Schedule: Weekly}
		case !m.Settings.isSameQuestion(card.Settings):
			return nil, fault.New(fault.Conflict, "mining.other_question", "A model for another question is in use for {event}: “{used}”, the file has “{file}”. Stop that model first.",
				"event", event, "used", m.Champion.Target.En, "file", card.Target.En)
		default:
			m.challenge(packed, card, nil)
		}
		return card, nil
	})
	if err != nil {
		return nil, err
	}
	return s.RefreshModel(ctx, event)
}

func readModelFile(text []byte) (*predict.Model, *ModelCard, error) {
	wrong := func(why string) error {
		return fault.New(fault.Invalid, "mining.bad_model_file", "The file cannot be imported: {why}", "why", why)
	}
	model, err := predict.Read(bytes.NewReader(text))
	if err != nil {
		return nil, nil, wrong(err.Error())
	}
	var file struct {
		Card *ModelCard `json:"card"`
	}
	if err := json.Unmarshal(text, &file); err != nil || file.Card == nil {
		return nil, nil, wrong("it has no card that says what the model answers. Files of “dangol mine predict --save” are read by “dangol mine score” only.")
	}
	if _, err := parsePrediction(mustJSON(file.Card.Settings)); err != nil {
		return nil, nil, err
	}
	return model, file.Card, nil
}

// fits refuses a model that reads columns which are not known here.
func (s *Service) fits(ctx context.Context, model *predict.Model, settings PredictionSettings) error {
	if !s.warehouse.Ready() {
		return fault.New(fault.Unavailable, "mining.not_ready", "The analysis data are being built; try again in a moment.")
	}
	var unknown []string
	for _, column := range model.Columns() {
		_, isOurs := columnWords[column]
		_, isAttribute := s.warehouse.Column(customersTable, "attr_"+column)
		if !isOurs && !isAttribute {
			unknown = append(unknown, column)
		}
	}
	if len(unknown) > 0 {
		return fault.New(fault.Invalid, "mining.unknown_columns", "The model reads what is not known of customers here: {columns}.", "columns", strings.Join(unknown, ", "))
	}
	for _, name := range settings.Attributes {
		if _, there := s.warehouse.Column(customersTable, "attr_"+name); !there {
			return fault.New(fault.Invalid, "mining.no_attribute", "There is no attribute {name}.", "name", name)
		}
	}
	return ctx.Err()
}
