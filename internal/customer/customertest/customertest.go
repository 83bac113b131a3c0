// SPDX-License-Identifier: Apache-2.0

// Package customertest makes small customer bases for tests of what hangs on customers.
//
// A house is the customer service on a database of its own with its journal; a row is what a source says.
// It uses customer and databasetest. It offers Each, Take, As and Traces.
package customertest

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/journal"
)

// House is a customer base.
type House struct {
	*customer.Service
	DB      *database.DB
	Journal *journal.Journal

	t     *testing.T
	batch int64
}

// Each runs the test on a base of its own on every engine. linker makes what links records by their keys.
func Each(t *testing.T, linker func(*customer.Store) customer.Linker, test func(t *testing.T, ctx context.Context, h *House)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		j := journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) { return auth.From(ctx).ID, auth.From(ctx).Name }})
		customers := customer.New(db, j, customer.Options{})
		customers.UseLinker(linker(customers.Store()))
		test(t, auth.System(t.Context(), "test"), &House{Service: customers, DB: db, Journal: j, t: t})
	})
}

// Take brings one record of a source in, with keys by the name of their scheme, and returns it with its customer.
func (h *House) Take(ctx context.Context, source string, row, keys map[string]string) *customer.Record {
	h.t.Helper()
	from, err := h.EnsureSource(ctx, source)
	if err != nil {
		h.t.Fatal(err)
	}
	h.batch++
	quality := dataquality.NewRow(dataquality.Rules{Today: dataquality.Date{Year: 2026, Month: 11, Day: 21}})
	quality.Reset()
	for name, value := range row {
		quality.Set(dataquality.FieldOf(name), "", value)
	}
	quality.Finish()
	number := strconv.FormatInt(h.batch, 10)
	record := &customer.Record{Kind: customer.RecordGiven, SourceID: from.ID, SourceKey: number, Values: customer.FromRow(quality)}
	for name, value := range keys {
		scheme, err := h.EnsureScheme(ctx, name, "")
		if err != nil {
			h.t.Fatal(err)
		}
		record.Keys = append(record.Keys, customer.Key{SchemeID: scheme.ID, Value: value})
	}
	record.Keys = customer.SortKeys(customer.DerivedKeys(record.Keys, &record.Values))
	record.Hash = xxh3.Hash128([]byte(record.Prepare(nil) + number)).Bytes()
	err = h.DB.WithinBulk(ctx, func(ctx context.Context) error {
		entry, err := h.Journal.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: h.batch}, nil)
		if err != nil {
			return err
		}
		_, err = h.Ingest(ctx, &customer.Slice{SourceID: from.ID, BatchID: h.batch, EntryID: entry, Records: []*customer.Record{record}})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return record
}

// As is a person of the staff who may do everything, with the customers of one branch; "" is all of them.
func As(t *testing.T, id int64, branch string) context.Context {
	return auth.With(t.Context(), auth.Person{
		ID: id, Name: "직원", Scope: auth.Scope{All: branch == "", Branch: branch}, Permissions: auth.Permit("*"),
	})
}
