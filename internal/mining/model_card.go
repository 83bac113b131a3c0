// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"

	"dangol/internal/mining/predict"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
)

// ModelCard says what a model is, what it was learned from, how good it is and
// where it must not be trusted (Mitchell et al. 2019).
type ModelCard struct {
	Settings  PredictionSettings `json:"settings"`
	Target    warehouse.Text     `json:"target"`
	Family    predict.Family     `json:"model"`
	LearnedOn string             `json:"learned_on"`
	TestedOn  string             `json:"tested_on"`
	ScoredOn  string             `json:"scored_on"`
	Learned   int                `json:"rows_learned"`
	Share     float64            `json:"yes_rate"`
	Seed      uint64             `json:"seed"`
	DataSeq   int64              `json:"data_seq"`
	RunID     int64              `json:"run_id,omitempty"`
	PersonID  int64              `json:"person_id,omitempty"`
	Test      predict.Evaluation `json:"test"`
	Columns   []CardColumn       `json:"columns"`
	LeftOut   []CardColumn       `json:"left_out,omitempty"`
	Limits    []warehouse.Text   `json:"limits"`
	Crossed   []predict.Crossed  `json:"cross_validation,omitempty"`
	// IsImported says that the model came from a file.
	IsImported bool `json:"is_imported"`
}

// CardColumn is a column of a model with how much it matters, or why it is not used.
type CardColumn struct {
	Name    string         `json:"name"`
	Label   warehouse.Text `json:"label"`
	Loss    float64        `json:"auc_loss,omitempty"`
	Code    string         `json:"code,omitempty"`
	AUC     float64        `json:"auc,omitempty" doc:"of the column alone"`
	Warning string         `json:"warning,omitempty"`
}

// cardOf writes the card of the model of a run.
func (s *Service) cardOf(ctx context.Context, out *Prediction, run *Run) ModelCard {
	study := out.Study
	ko, en := out.Settings.targetWords()
	card := ModelCard{
		Settings: out.Settings, Target: warehouse.Text{Ko: ko, En: en}, Family: study.Family, LearnedOn: out.LearnedOn, TestedOn: out.TestedOn, ScoredOn: out.ScoredOn,
		Learned: study.Learned, Share: study.Model.Share, Seed: study.Seed, DataSeq: run.DataSeq, RunID: run.ID, PersonID: max(run.PersonID, auth.From(ctx).ID),
		Test: study.Test, Crossed: study.Crossed,
	}
	label := func(name string) warehouse.Text {
		if both := out.Labels[name]; len(both) == 2 {
			return warehouse.Text{Ko: both[0], En: both[1]}
		}
		return warehouse.Text{Ko: name, En: name}
	}
	warnings := map[string]string{}
	for _, n := range study.Notices {
		if n.IsUsed {
			warnings[n.Column] = n.Code
		} else {
			card.LeftOut = append(card.LeftOut, CardColumn{Name: n.Column, Label: label(n.Column), Code: n.Code, AUC: max(n.Value, n.Held)})
		}
	}
	for _, i := range study.Importance {
		card.Columns = append(card.Columns, CardColumn{Name: i.Column, Label: label(i.Column), Loss: i.Loss, Warning: warnings[i.Column]})
	}
	card.Limits = limitsOf(out)
	return card
}

// limitsOf says where the model must not be trusted.
func limitsOf(out *Prediction) []warehouse.Text {
	e := out.Study.Test
	list := []warehouse.Text{{
		Ko: "구매한 적이 있는 고객에게만 씁니다. 한 번도 사지 않은 고객에게는 점수가 없습니다.",
		En: "For customers who have bought before; whoever never bought has no score.",
	}}
	if out.Settings.Event == EventStops {
		list = append(list, warehouse.Text{
			Ko: fmt.Sprintf("마지막 구매가 %d일보다 오래된 고객은 이미 떠난 것으로 보고 뺐습니다.", 2*out.Settings.HorizonDays),
			En: fmt.Sprintf("Customers whose last purchase is more than %d days ago are taken to have left and are not scored.", 2*out.Settings.HorizonDays),
		})
	}
	if kind, _ := targetOfEvent(out.Settings.Event); kind.mailed {
		list = append(list, warehouse.Text{
			Ko: "캠페인 메일을 받은 고객에게서 배웠습니다. 받지 않는 고객에게는 ‘받는다면’의 점수입니다.",
			En: "Learned from customers who got mails of campaigns; for others it is the score if they got one.",
		})
	}
	const fewYes = 100
	if e.Positives < fewYes {
		list = append(list, warehouse.Text{
			Ko: fmt.Sprintf("시험에 ‘예’가 %d건뿐이라 성적이 크게 흔들릴 수 있습니다(AUC 95 %% 구간 %.2f~%.2f).", e.Positives, e.Low, e.High),
			En: fmt.Sprintf("Only %d yeses in the test: its result may be far off (95 %% interval of the AUC %.2f to %.2f).", e.Positives, e.Low, e.High),
		})
	}
	if e.Low <= 0.5 {
		list = append(list, warehouse.Text{Ko: "우연보다 낫다고 할 수 없습니다. 쓰지 않는 것이 좋습니다.", En: "It cannot be told from chance; better not use it."})
	}
	const off = 0.2
	if e.Slope < 1-off || e.Slope > 1+off {
		list = append(list, warehouse.Text{Ko: "점수는 확률이 아니라 순서로만 읽으십시오.", En: "Read scores as an order, not as probabilities."})
	}
	return append(list, warehouse.Text{
		Ko: "원인이 아니라 함께 나타나는 것을 배웠습니다. 이유로 적힌 것을 바꾼다고 결과가 바뀌지는 않을 수 있습니다.",
		En: "It learned what goes together, not what causes it: changing what is named as a reason need not change the outcome.",
	})
}

// packModel is the gzip of the JSON of a model.
func packModel(m *predict.Model) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := m.Write(w); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func unpackModel(packed []byte) (*predict.Model, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack model: %w", err)
	}
	return predict.Read(r)
}
