// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/segment"
)

// club is a segment engine that knows one answer, and a book of attributes.
type club struct {
	ids  []int64
	kept map[string][]int64
}

func (c *club) EachMember(ctx context.Context, _ int64, fn func(ids []int64) error) (segment.AsOf, error) {
	return c.EachMatch(ctx, nil, fn)
}

func (c *club) EachMatch(_ context.Context, _ []byte, fn func(ids []int64) error) (segment.AsOf, error) {
	if len(c.ids) == 0 {
		return segment.AsOf{}, nil
	}
	return segment.AsOf{}, fn(c.ids)
}

func (c *club) ListLabels(context.Context) ([]mining.AttributeLabel, error) {
	return []mining.AttributeLabel{{Name: "spending", LabelKo: "씀씀이", LabelEn: "Spending"}}, nil
}

func (c *club) Keep(_ context.Context, name, label string, ids []int64, tell func(done int)) error {
	c.kept[name+" "+label] = ids
	tell(len(ids))
	return nil
}

// A finding is written down on its people; without rights, a name or people it
// is not.
func TestKeepAttribute(t *testing.T) {
	t.Parallel()
	w := open(t, []purchase{{1, 1, 100, 2, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}})
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := &club{ids: []int64{3, 5}, kept: map[string][]int64{}}
		s := withQueue(t, db, w, "2025-02-01")
		s.UseMembers(c)
		s.UseAttributes(c)
		run := computed(t, s, "attribute", `{"label":" 차를 좋아함 ","rules":{"op":"and"}}`)
		var got mining.Kept
		if err := json.Unmarshal(run.Result, &got); err != nil || run.State != mining.RunDone {
			t.Fatal(run.State, run.Problem, err)
		}
		if got.Customers != 2 || !slices.Equal(c.kept[got.Attribute+" 차를 좋아함"], []int64{3, 5}) {
			t.Errorf("%+v, kept %v", got, c.kept)
		}
		for _, settings := range []string{`{"rules":{"op":"and"}}`, `{"label":"x"}`, `[]`} {
			if _, err := s.StartRun(boss(), "attribute", json.RawMessage(settings), 1); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", settings, err)
			}
		}
		few := auth.With(t.Context(), auth.Person{ID: 2, Permissions: auth.Permit("mining:*", "order:read", "customer:read"), Scope: auth.Scope{All: true}})
		if _, err := s.StartRun(few, "attribute", json.RawMessage(`{"label":"x","rules":{"op":"and"}}`), 1); !fault.Is(err, fault.Forbidden) {
			t.Errorf("without the right to make attributes: %v", err)
		}
		c.ids = nil
		if run := computed(t, s, "attribute", `{"label":"x","rules":{"op":"and"}}`); run.State != mining.RunFailed || run.Problem == "" {
			t.Errorf("nobody: %s %s", run.State, run.Problem)
		}
	})
}
