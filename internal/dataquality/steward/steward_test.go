// SPDX-License-Identifier: Apache-2.0

package steward_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/dataquality/steward"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type house struct {
	*steward.Service
	customers *customer.Service
	db        *database.DB
	journal   *journal.Journal
	t         *testing.T
}

type outside struct{}

func (outside) BouncedAddresses(context.Context) (map[string]bool, error) {
	return map[string]bool{"bounced@naver.com": true}, nil
}

func (outside) UnprovenConsents(context.Context, []int64) (map[int64]bool, error) {
	return map[int64]bool{}, nil
}

func (outside) NamesOf(_ context.Context, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	for _, id := range ids {
		names[id] = "직원"
	}
	return names, nil
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		j := journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) { return auth.From(ctx).ID, auth.From(ctx).Name }})
		customers := customer.New(db, j, customer.Options{})
		customers.UseLinker(match.NewLinker(customers.Store()))
		test(t, auth.System(t.Context(), "test"), &house{steward.New(db, j, customers, outside{}, nil), customers, db, j, t})
	})
}

// take puts one row of a source in; all rows with the same member number are one person.
func (h *house) take(ctx context.Context, source, member string, row map[string]string) int64 {
	h.t.Helper()
	from, err := h.customers.EnsureSource(ctx, source)
	if err != nil {
		h.t.Fatal(err)
	}
	from.Department = source
	if _, err := h.customers.SaveSource(ctx, from); err != nil {
		h.t.Fatal(err)
	}
	scheme, err := h.customers.EnsureScheme(ctx, "member", "")
	if err != nil {
		h.t.Fatal(err)
	}
	quality := dataquality.NewRow(dataquality.Rules{Today: dataquality.Date{Year: 2026, Month: 11, Day: 21}})
	quality.Reset()
	for name, value := range row {
		quality.Set(dataquality.FieldOf(name), "", value)
	}
	quality.Finish()
	record := &customer.Record{SourceID: from.ID, Kind: customer.RecordGiven, SourceKey: source + member, Values: customer.FromRow(quality)}
	record.Keys = customer.SortKeys(customer.DerivedKeys([]customer.Key{{SchemeID: scheme.ID, Value: member}}, &record.Values))
	record.Findings = findings(quality)
	record.Hash = xxh3.Hash128([]byte(record.Prepare(nil) + source)).Bytes()
	err = h.db.WithinBulk(ctx, func(ctx context.Context) error {
		entry, err := h.journal.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: 1}, nil)
		if err != nil {
			return err
		}
		_, err = h.customers.Ingest(ctx, &customer.Slice{SourceID: from.ID, SchemeID: scheme.ID, BatchID: 1, EntryID: entry, Records: []*customer.Record{record}})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return record.CustomerID
}

func findings(row *dataquality.Row) []byte {
	list := row.Findings()
	if len(list) == 0 {
		return nil
	}
	out := []byte("[")
	for i, f := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"field":"`+f.Field+`","code":"`+f.Code+`","severity":"`+string(f.Severity)+`","message":"m"}`...)
	}
	return append(out, ']')
}

func (h *house) scan(ctx context.Context) steward.Summary {
	h.t.Helper()
	summary, err := h.Scan(ctx, func(context.Context) error { return nil }, func(int64, int64) {})
	if err != nil {
		h.t.Fatal(err)
	}
	return summary
}

func person(t *testing.T, id int64, branch string) context.Context {
	scope := auth.Scope{All: branch == "", Branch: branch}
	return auth.With(t.Context(), auth.Person{ID: id, Name: "직원", Scope: scope, Permissions: auth.Permit("*")})
}

func TestScanWorklistMend(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		first := h.take(ctx, "stores", "M1", map[string]string{"full_name": "김철수", "mobile": "010-12", "birth_on": "1970-01-02", "email": "bounced@naver.com"})
		same := h.take(ctx, "callcenter", "M1", map[string]string{"full_name": "김철수", "birth_on": "1971-01-02", "email": "chulsoo@naver.com"})
		h.take(ctx, "stores", "M2", map[string]string{"full_name": "이영희", "mobile": "010-2345-6789"})
		if first != same {
			t.Fatal("the two records are two people")
		}
		summary := h.scan(ctx)
		want := map[steward.Kind]int64{steward.Invalid: 1, steward.Contradicted: 1, steward.Disagreement: 1}
		for kind, n := range want {
			if summary.Issues[kind] != n {
				t.Errorf("%s: %d issues, want %d; all: %v", kind, summary.Issues[kind], n, summary.Issues)
			}
		}
		if again := h.scan(ctx); again.Opened+again.Closed != 0 {
			t.Errorf("a second scan changes something: %+v", again)
		}
		one, two := person(t, 11, ""), person(t, 12, "")
		issue, err := h.Next(one, steward.Ask{Kind: steward.Invalid}, 0)
		if err != nil || issue == nil || issue.CustomerID != first || issue.Field != "mobile" || !issue.IsMine {
			t.Fatalf("next: %+v, %v", issue, err)
		}
		if other, err := h.Next(two, steward.Ask{Kind: steward.Invalid}, 0); err != nil || other != nil {
			t.Errorf("two people mend the same record: %+v, %v", other, err)
		}
		if err := h.Close(two, issue.ID, "mended"); fault.CodeOf(err) != "dataquality.claimed" {
			t.Errorf("closed by somebody else: %v", err)
		}
		if err := h.Close(one, issue.ID, "mended"); fault.CodeOf(err) != "dataquality.not_mended" {
			t.Errorf("closed unmended: %v", err)
		}
		if _, _, err := h.customers.Update(one, first, 0, customer.Patch{"mobile": "010-9876-5432"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(one, issue.ID, "mended"); err != nil {
			t.Fatal(err)
		}
		if err := h.Reopen(one, issue.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(one, issue.ID, "mended"); err != nil {
			t.Fatal(err)
		}
		today := time.Now().In(time.FixedZone("", 9*60*60)).Format(time.DateOnly)
		board, err := h.Board(ctx, today, today)
		if err != nil || len(board) != 1 || board[0].PersonID != 11 || board[0].Mended != 1 || board[0].Entries != 1 || board[0].Clean != 100 || board[0].Lasting != 100 {
			t.Errorf("board: %+v, %v", board, err)
		}
		lists, err := h.Worklists(ctx)
		if err != nil || lists[0].Kind != steward.Invalid || lists[0].Open != 0 || lists[0].Mended != 1 {
			t.Errorf("worklists: %+v, %v", lists, err)
		}
	})
}

func TestReconcileAndRightAsItIs(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		id := h.take(ctx, "stores", "M1", map[string]string{"full_name": "김철수", "email": "a@naver.com"})
		h.take(ctx, "callcenter", "M1", map[string]string{"full_name": "김철수", "email": "b@naver.com"})
		h.scan(ctx)
		list, _, total, err := h.List(ctx, steward.Ask{Kind: steward.Disagreement, Limit: 10})
		if err != nil || total != 1 || len(list) != 1 || len(list[0].Values) != 2 || list[0].Values[0].Department == list[0].Values[1].Department {
			t.Fatalf("disagreements: %+v, %v", list, err)
		}
		if other, _, _, err := h.List(ctx, steward.Ask{Kind: steward.Disagreement, Department: "nobody", Limit: 10}); err != nil || len(other) != 0 {
			t.Errorf("of a department without sources: %v, %v", other, err)
		}
		if _, err := h.customers.Pin(ctx, id, "email", list[0].Values[0].RecordID); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(ctx, list[0].ID, "mended"); err != nil {
			t.Fatal(err)
		}
		// Right as it is holds until a value changes.
		second := h.take(ctx, "stores", "M2", map[string]string{"full_name": "이영희", "birth_on": "1970-01-02"})
		h.take(ctx, "callcenter", "M2", map[string]string{"full_name": "이영희", "birth_on": "1970-02-01"})
		h.scan(ctx)
		issue, err := h.Next(ctx, steward.Ask{Kind: steward.Contradicted}, 0)
		if err != nil || issue == nil || issue.CustomerID != second {
			t.Fatalf("contradiction: %+v, %v", issue, err)
		}
		if err := h.Close(ctx, issue.ID, "right"); err != nil {
			t.Fatal(err)
		}
		if summary := h.scan(ctx); summary.Issues[steward.Contradicted] != 0 {
			t.Errorf("what is right as it is comes again: %+v", summary)
		}
		h.take(ctx, "online", "M2", map[string]string{"full_name": "이영희", "birth_on": "1980-02-01"})
		if summary := h.scan(ctx); summary.Issues[steward.Contradicted] != 1 {
			t.Errorf("a new contradiction does not come: %+v", summary)
		}
	})
}

func TestScoresAndScope(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "stores", "M1", map[string]string{"full_name": "김철수", "mobile": "010-12", "branch": "강남점"})
		h.take(ctx, "stores", "M2", map[string]string{"full_name": "이영희", "mobile": "010-2345-6789", "branch": "강남점"})
		h.take(ctx, "stores", "M3", map[string]string{"full_name": "박지우", "mobile": "010-34", "branch": "서초점"})
		h.scan(ctx)
		scores, err := h.FindScores(ctx, 30)
		if err != nil || len(scores.Sources) != 1 || len(scores.Trend) != 1 || scores.Golden.Score <= 0 {
			t.Fatalf("scores: %+v, %v", scores, err)
		}
		for _, row := range scores.Matrix {
			for _, rate := range row.Rates {
				if rate.Percent < 0 || rate.Percent > 100 {
					t.Errorf("%+v", row)
				}
				if row.Field == "mobile" && rate.Dimension == steward.Validity && (rate.Total != 3 || rate.Percent < 33 || rate.Percent > 34) {
					t.Errorf("one of three mobiles is valid: %+v", rate)
				}
			}
		}
		agent := person(t, 5, "강남점")
		list, _, total, err := h.List(agent, steward.Ask{Limit: 10, Kind: steward.Invalid})
		if err != nil || total != 1 || len(list) != 1 || list[0].Customer.FullName == "김철수" {
			t.Errorf("an agent sees %+v (%d), %v", list, total, err)
		}
		lists, err := h.Worklists(agent)
		if err != nil || lists[0].Open != 1 {
			t.Errorf("worklists of an agent: %+v, %v", lists, err)
		}
	})
}
