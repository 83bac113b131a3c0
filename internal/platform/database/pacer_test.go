// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

func TestPacerShrinksSlicesWhilePeopleWait(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	p := db.NewPacer(10_000)
	if n := p.Rows(); n != 500 {
		t.Fatalf("first slice %d", n)
	}
	p.Done(0, time.Hour)
	for range 30 {
		p.Done(1000, 100*time.Millisecond) // 0.1 ms a row
	}
	if n := p.Rows(); n < 2400 || n > 2500 {
		t.Fatalf("alone: %d", n)
	}
	inside, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() {
		done <- db.WithinBulk(context.Background(), func(context.Context) error { close(inside); <-release; return nil })
	}()
	<-inside
	go func() { done <- set(context.Background(), db, "person", 1) }()
	for db.Waiting() == 0 {
		continue
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := p.Rows(); n < 140 || n > 150 {
		t.Fatalf("beside people: %d", n)
	}
	for range 30 {
		p.Done(10, time.Second)
	}
	if n := p.Rows(); n != 50 {
		t.Fatalf("slow disk: %d", n)
	}
}
