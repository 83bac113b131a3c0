// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"encoding/json"
	"testing"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// A card is learned, applied by expected profit and written with reasons; the
// same card with other points is one made by hand.
func TestScorecardRun(t *testing.T) {
	t.Parallel()
	house := newCompany()
	w := house.open(t)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueueKRW(t, db, w)
		settings := `{"event":"stops","horizon_days":60,"gain":100000,"ways":[{"name":"mail","cost":100,"effect":0.1},{"name":"call","cost":20000,"effect":0.5}],"deploy":true`
		run := computed(t, s, "scorecard", settings+`}`)
		if run.State != mining.RunDone {
			t.Fatalf("%s: %s", run.State, run.Problem)
		}
		var got mining.Scorecard
		if err := json.Unmarshal(run.Result, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Card.Attributes) == 0 || got.Test.AUC < 0.6 || !got.IsDeployed || len(got.Best) == 0 || got.Words.Ko == "" {
			t.Fatalf("%+v", got)
		}
		chosen := got.Nobody
		for _, c := range got.Ways {
			chosen += c.Customers
			if c.Customers > 0 && c.Profit <= 0 {
				t.Errorf("%+v", c)
			}
		}
		if chosen != got.Scored {
			t.Errorf("%d of %d are told what to do", chosen, got.Scored)
		}
		rows, err := w.Query(t.Context(), "SELECT count(*), count(*) FILTER (WHERE reason <> '' AND reason_en <> '' AND reason <> reason_en) FROM scorecard_scores")
		if err != nil {
			t.Fatal(err)
		}
		var all, told int
		for rows.Next() {
			if err := rows.Scan(&all, &told); err != nil {
				t.Fatal(err)
			}
		}
		_ = rows.Close()
		if all != got.Scored || told != all {
			t.Errorf("%d rows, %d with reasons, of %d", all, told, got.Scored)
		}
		got.Card.Attributes[0].Bins[0].Points += 50
		card, _ := json.Marshal(got.Card)
		byHand := computed(t, s, "scorecard", settings+`,"card":`+string(card)+`}`)
		var hand mining.Scorecard
		if err := json.Unmarshal(byHand.Result, &hand); err != nil || !hand.Card.IsByHand || hand.Card.Attributes[0].Bins[0].Points != got.Card.Attributes[0].Bins[0].Points {
			t.Errorf("%s %v", byHand.Problem, err)
		}
	})
}
