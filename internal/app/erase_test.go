// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/customer/customertest"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// TestNothingOfAnErasedPersonIsLeftInTheProduct imports a small demo company, gives one of its customers mails, a
// message of a campaign and rejected cells, and looks for what was known of them in every column of the database, of
// the analysis data and in every file: before, after the erasure, and after a restore from an older backup.
func TestNothingOfAnErasedPersonIsLeftInTheProduct(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		files, backup := t.TempDir(), filepath.Join(t.TempDir(), "b.tar.zst")
		keys := backup + ".keys"
		mustRun(t, config, "demo", "--customers", "120", "--out", files, "--load")
		who := prepareErasure(t, config)
		for _, word := range who.words {
			if len(who.traces(t, config)[word]) < 2 {
				t.Fatalf("the test looks for %q, which was hardly anywhere", word)
			}
		}
		mustRun(t, config, "backup", "--out", backup, "--keys", keys)
		id := strconv.FormatInt(who.id, 10)

		plan := mustRun(t, config, "customer", "erase", id, "--dry-run", "--json")
		for _, what := range []string{"records", "received_mails", "messages", "files", "orders", "consents", `"law":"ecommerce"`} {
			if !strings.Contains(plan, what) {
				t.Errorf("the plan names no %s: %s", what, plan)
			}
		}
		if code, _, errs := run(t, config, "customer", "erase", id); code == exitOK || !strings.Contains(errs, "--yes") {
			t.Errorf("erased without --yes: %d %s", code, errs)
		}
		mustRun(t, config, "customer", "hold", id, "--reason", "2026가합1234", "--until", time.Now().AddDate(1, 0, 0).Format(time.DateOnly))
		if code, _, errs := run(t, config, "customer", "erase", id, "--reason", "request", "--yes"); code == exitOK || !strings.Contains(errs, "2026가합1234") {
			t.Errorf("erased in spite of a hold: %d %s", code, errs)
		}
		if len(who.traces(t, config)) < len(who.words) {
			t.Error("a refused erasure took something")
		}
		mustRun(t, config, "customer", "lift", "1")
		mustRun(t, config, "customer", "erase", id, "--reason", "request", "--yes")
		for word, places := range who.traces(t, config) {
			t.Errorf("%q is still in %s", word, strings.Join(places, ", "))
		}
		if kept := mustRun(t, config, "customer", "kept", "1", "--purpose", "세무조사", "--json"); !strings.Contains(kept, who.words[1]) {
			t.Errorf("who bought is not kept apart: %s", kept)
		}
		if register := mustRun(t, config, "customer", "erasures"); !strings.Contains(register, "customer "+id) || !strings.Contains(register, "kept apart until") {
			t.Errorf("the register: %s", register)
		}

		restore := func(more ...string) (Config, string) {
			fresh := testConfig(t)
			if config.Database != "" {
				fresh.Database = emptyPostgres(t)
			}
			return fresh, mustRun(t, fresh, append([]string{"restore", backup, "--keys", keys, "--json"}, more...)...)
		}
		back, told := restore()
		if !strings.Contains(told, `"erased_again":null`) || len(who.traces(t, back)) == 0 {
			t.Errorf("without a list nobody knows: %s", told)
		}
		back, told = restore("--erasures", config.erasureList())
		if !strings.Contains(told, `"erased_again":1`) {
			t.Errorf("the restore tells of no erasure: %s", told)
		}
		for word, places := range who.traces(t, back) {
			t.Errorf("after the restore %q is in %s", word, strings.Join(places, ", "))
		}
	})
}

func mustRun(t *testing.T, config Config, args ...string) string {
	t.Helper()
	code, out, errs := run(t, config, args...)
	if code != exitOK && code != exitPartial {
		t.Fatalf("%v: %d %s %s", args, code, out, errs)
	}
	return out
}

// erased is who the test erases: words that nobody else of the base has.
type erased struct {
	id    int64
	words []string
}

// prepareErasure finds a customer with orders of late and gives them what a demo company of this size has not.
func prepareErasure(t *testing.T, config Config) erased {
	t.Helper()
	a := opened(t, config)
	defer func() { _ = a.Close() }()
	ctx := auth.System(t.Context(), "test")
	store := a.services.customer.Store()
	for id := int64(1); ; id++ {
		c, err := store.Find(ctx, id)
		if err != nil {
			t.Fatal("nobody of the demo company will do: ", err)
		}
		mobile, email := c.Values.Text[customer.Mobile], c.Values.Text[customer.Email]
		orders, err := a.services.order.CountOf(ctx, []int64{id})
		if err != nil {
			t.Fatal(err)
		}
		if c.Hidden || mobile == "" || email == "" || orders[id] == 0 || c.Household.ID != 0 {
			continue
		}
		digits := strings.TrimPrefix(mobile, "+82")
		others := "SELECT COUNT(*) FROM records r JOIN record_links l ON l.record_id = r.id WHERE l.customer_id <> ? AND (r.normal LIKE ? OR r.normal LIKE ?)"
		shared, err := database.List(ctx, a.DB, func(rows *sql.Rows) (n int64, err error) { return n, rows.Scan(&n) }, others, id, "%"+digits+"%", "%"+email+"%")
		if err != nil {
			t.Fatal(err)
		}
		if shared[0] > 0 {
			continue // somebody else has it too, and keeps it
		}
		record := c.Provenance.Of("mobile").RecordID
		letter, err := a.Files.Put(ctx, strings.NewReader("From: "+email+"\n\n"+mobile))
		if err != nil {
			t.Fatal(err)
		}
		insert(ctx, t, a.DB, "received_mails", "fingerprint, door, kind, sender, subject, preview, file_id, record_id, received_at",
			"f", "smtp", "reply", email, "제 번호는 "+digits, email, letter.ID, record, 1)
		insert(ctx, t, a.DB, "received_notes", "mail_id, text, person_id, person, created_at", 1, email+" "+digits, 1, "직원", 1)
		insert(ctx, t, a.DB, "recipients", "campaign_id, customer_id, record_id, address, arm, state, reply", 1, id, record, email, "a", "planned", digits)
		insert(ctx, t, a.DB, "dispatches", "once, fingerprint, kind, priority, record_id, address, given, due_at, created_at",
			"o", "f", "single", 1, record, email, `{"phone":"`+digits+`"}`, 1, 1)
		given, err := store.FindRecord(ctx, record)
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.DB.Exec(ctx, "INSERT INTO rejects (batch_id, part, row_number, column_name, value, rule, code, message) VALUES (?, 900, ?, ?, ?, ?, ?, ?)",
			given.BatchID, given.RowNumber+100_000, "휴대폰", digits+" "+email, "phone", "phone.bad", "?")
		if err != nil {
			t.Fatal(err)
		}
		return erased{id, []string{digits, email}}
	}
}

func insert(ctx context.Context, t *testing.T, db *database.DB, table, columns string, values ...any) {
	t.Helper()
	err := db.Within(ctx, func(ctx context.Context) error {
		id, err := db.NextID(ctx, table)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, "INSERT INTO "+table+" (id, "+columns+") VALUES ("+database.Marks(len(values)+1)+")", append([]any{id}, values...)...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// opened is the installation in this process; the caller closes it.
func opened(t *testing.T, config Config) *App {
	t.Helper()
	a, err := New(t.Context(), config, Options{Command: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// traces finds the words in the database, the analysis data and the kept files.
func (e erased) traces(t *testing.T, config Config) map[string][]string {
	t.Helper()
	a := opened(t, config)
	ctx := auth.System(t.Context(), "test")
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	found := customertest.Traces(t, ctx, a.DB, e.words)
	for _, column := range analysisColumns(ctx, t, a) {
		for _, word := range e.words {
			if n := counted(ctx, t, a, "SELECT count(*) FROM "+column[0]+" WHERE contains(lower(CAST("+column[1]+" AS VARCHAR)), ?)", word); n > 0 {
				found[word] = append(found[word], "analysis "+column[0]+"."+column[1])
			}
		}
	}
	paths, err := filepath.Glob(filepath.Join(config.Data, filesFolder, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	outbox, err := filepath.Glob(filepath.Join(config.Data, "outbox", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Concat(paths, outbox) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range e.words {
			if strings.Contains(strings.ToLower(string(raw)), strings.ToLower(word)) {
				found[word] = append(found[word], path)
			}
		}
	}
	return found
}

func analysisColumns(ctx context.Context, t *testing.T, a *App) (list [][2]string) {
	t.Helper()
	rows, err := a.Warehouse.Query(ctx, "SELECT table_name, column_name FROM information_schema.columns WHERE data_type LIKE '%VARCHAR%'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one [2]string
		if err := rows.Scan(&one[0], &one[1]); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		t.Error("the analysis data has no columns")
	}
	return list
}

func counted(ctx context.Context, t *testing.T, a *App, query string, args ...any) (n int64) {
	t.Helper()
	rows, err := a.Warehouse.Query(ctx, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
