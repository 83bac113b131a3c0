// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/database"
)

// childEnvironment tells the test binary to be the process that gets killed.
const childEnvironment = "DANGOL_TEST_SEND"

// TestMain runs the child's work instead of the tests when asked to.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnvironment); dir != "" {
		os.Exit(sendAsChild(dir))
	}
	if os.Getenv(sinkEnvironment) != "" {
		os.Exit(serveSink())
	}
	os.Exit(m.Run())
}

// child stands in for testing.TB where there is no test.
type child struct {
	testing.TB
}

func (child) Helper()           {}
func (child) Cleanup(func())    {}
func (child) Fatal(args ...any) { fmt.Fprintln(os.Stderr, args...); os.Exit(3) }

func sendAsChild(dir string) int {
	ctx := context.Background()
	db, err := database.Open(ctx, "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{Unsynced: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	r := furnish(child{}, db, dir, os.Getenv(childEnvironment+"_SINK"), &hand{})
	if workers, err := strconv.Atoi(os.Getenv(childEnvironment + "_WORKERS")); err == nil {
		r.s.options.Workers = workers
	}
	if err := r.send(1); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A sending process is killed again and again at random instants. Nobody gets
// the message twice, nobody is forgotten, and no more messages are unknown than
// connections were open at the kills.
func TestKilledWhileSending(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	// DANGOL_KILLS=200 is the long form: 20,000 messages over 20 connections.
	people, workers, step := 3000, 4, int64(250)
	if kills, err := strconv.Atoi(os.Getenv("DANGOL_KILLS")); err == nil && kills > 0 {
		people, workers = 20_000, 20
		step = int64(6 * people / kills / 5) // some more are taken before each kill is felt
	}
	var taken atomic.Int64
	sink := (&smtptest.Sink{Taken: func(smtptest.Message) { taken.Add(1) }}).Start(t)
	dir := t.TempDir()
	first := ownDatabase(t, dir)
	r := furnish(t, first, dir, sink.Address(), &hand{})
	r.people(people)
	c := r.plan(r.campaign(nil).ID)
	r.start(c.ID)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for {
		if isFinished := runChild(t, dir, sink.Address(), workers, &taken, step, random); isFinished {
			break
		}
		if kills++; kills > 1000 {
			t.Fatal("the campaign never ends")
		}
	}
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	r.db, r.s.store = db, &store{db: db}
	r.s.options.Workers = workers
	compare(r, sink, c.ID, kills)
}

// ownDatabase makes a migrated database that can be closed and opened by several processes in turn.
func ownDatabase(t *testing.T, dir string) *database.DB {
	t.Helper()
	path := filepath.Join(dir, "dangol.db")
	db, err := database.Open(context.Background(), "sqlite:"+path, database.Options{Unsynced: true})
	if err == nil {
		err = db.Migrate(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// runChild starts a sender and kills it after some messages; it answers whether
// the sender ended by itself.
func runChild(t *testing.T, dir, address string, workers int, taken *atomic.Int64, step int64, random *rand.Rand) bool {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), childEnvironment+"="+dir, childEnvironment+"_SINK="+address, childEnvironment+"_WORKERS="+strconv.Itoa(workers))
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	enough := taken.Load() + random.Int64N(step)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal("the sender failed:", err)
			}
			return true
		case <-tick.C:
			if taken.Load() >= enough {
				_ = command.Process.Kill()
				<-ended
				return false
			}
		}
	}
}

// compare holds the ledger to what the server has taken.
func compare(r *room, sink *smtptest.Sink, id int64, kills int) {
	r.t.Helper()
	c := r.find(id)
	got := map[string]int{}
	for _, m := range sink.Messages() {
		if got[m.To]++; got[m.To] > 1 {
			r.t.Errorf("%s got it %d times", m.To, got[m.To])
		}
	}
	rows, err := r.db.Query(r.ctx, `SELECT address, state, arm FROM recipients WHERE campaign_id = ?`, id)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	unknownTaken := 0
	for rows.Next() {
		var address, arm string
		var step Step
		if err := rows.Scan(&address, &step, &arm); err != nil {
			r.t.Fatal(err)
		}
		switch {
		case arm == Control && got[address] > 0:
			r.t.Errorf("%s is in the control group and got it", address)
		case step == StepHandedOver && got[address] == 0:
			r.t.Errorf("%s is handed over and got nothing", address)
		case arm == Treatment && step != StepHandedOver && step != StepUnknown:
			r.t.Errorf("%s is forgotten: %s", address, step)
		case step == StepUnknown && got[address] > 0:
			unknownTaken++
		}
	}
	r.t.Logf("%d kills, %d handed over, %d unknown of which %d were taken", kills, c.Counts.HandedOver, c.Counts.Unknown, unknownTaken)
	if c.State != Finished || c.Counts.Unknown > int64(kills*r.s.options.Workers) {
		r.t.Errorf("%s after %d kills: %+v", c.State, kills, c.Counts)
	}
	if kills < 5 {
		r.t.Errorf("only %d kills: the test says little", kills)
	}
}

func TestLogbookOfAnotherBoot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	book, err := createLogbook(dir, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	for id, outcome := range []byte{underWay, wasHandedOver, wasNotSent} {
		if err := book.note(int64(id+1), outcome, 250); err != nil {
			t.Fatal(err)
		}
	}
	path := logPath(dir, 1, 2)
	now := time.Now()
	entries, isBelieved, err := readLogbook(path)
	if err != nil || !isBelieved {
		t.Fatal(isBelieved, err)
	}
	for id, want := range map[int64]Step{1: StepUnknown, 2: StepHandedOver, 3: StepPlanned, 4: StepPlanned} {
		if got := recovered(leased{id: id}, entries, true, now); got.step != want {
			t.Errorf("recipient %d: %s, want %s", id, got.step, want)
		}
		// After a power cut nothing is believed, and nothing is sent again.
		if got := recovered(leased{id: id}, nil, false, now); got.step != StepUnknown {
			t.Errorf("recipient %d after a power cut: %s", id, got.step)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"another boot": func(b []byte) []byte { b[10] ^= 1; return b },
		"damaged":      func(b []byte) []byte { b[headerSize+3] ^= 1; return b },
		"cut head":     func(b []byte) []byte { return b[:20] },
	} {
		if err := os.WriteFile(path, spoil(append([]byte(nil), raw...)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, isBelieved, err := readLogbook(path); err != nil || isBelieved {
			t.Errorf("%s: believed %v, %v", name, isBelieved, err)
		}
	}
	// A record that a kill has cut short is left out.
	if err := os.WriteFile(path, raw[:len(raw)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	if entries, isBelieved, err := readLogbook(path); err != nil || !isBelieved || len(entries) != 2 {
		t.Errorf("cut tail: %v %v %v", entries, isBelieved, err)
	}
	if _, isBelieved, err := readLogbook(filepath.Join(dir, "none")); err != nil || isBelieved {
		t.Error("a missing logbook is believed")
	}
}
