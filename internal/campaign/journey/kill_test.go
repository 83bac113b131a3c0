// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// childEnvironment tells the test binary to be the process that gets killed.
const childEnvironment = "DANGOL_TEST_JOURNEY"

// TestMain runs the child's work instead of the tests when asked to.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnvironment); dir != "" {
		os.Exit(tickAsChild(dir, os.Getenv(childEnvironment+"_URL")))
	}
	os.Exit(m.Run())
}

// child stands in for testing.TB where there is no test.
type child struct{ testing.TB }

func (child) Helper()           {}
func (child) Cleanup(func())    {}
func (child) Fatal(args ...any) { fmt.Fprintln(os.Stderr, args...); os.Exit(3) }
func (child) Errorf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(3)
}

func tickAsChild(dir, url string) int {
	db, err := database.Open(context.Background(), url, database.Options{Unsynced: true, Patience: 30 * time.Second})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	r := furnish(child{}, db, dir, clockNow())
	if err := r.s.tick(r.ctx, 1, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Processes that lead people on are killed at random instants, on both engines.
// Nobody takes a step twice, nobody is forgotten, and each gets each message once.
func TestKilledOnTheWay(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			url := "sqlite:" + filepath.Join(dir, "dangol.db")
			if engine == "postgres" {
				url = databasetest.PostgresURL(t)
			}
			killOnTheWay(t, dir, url)
		})
	}
}

func killOnTheWay(t *testing.T, dir, url string) {
	t.Helper()
	const people = 30_000
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	open := func() *room {
		db, err := database.Open(context.Background(), url, database.Options{Unsynced: true, Patience: 30 * time.Second})
		if err == nil {
			err = db.Migrate(context.Background())
		}
		if err != nil {
			t.Fatal(err)
		}
		return furnish(t, db, dir, clockNow())
	}
	r := open()
	r.people(people)
	template := r.template()
	r.started(Graph{
		Entry: Entry{Kind: SegmentMembers, SegmentID: 1}, First: "s",
		Steps: []Step{
			{ID: "s", Kind: Split, Branches: []Branch{{1, "m1"}, {1, "m2"}}},
			{ID: "m1", Kind: Mail, TemplateID: template, Next: "c"},
			{ID: "m2", Kind: Mail, TemplateID: template, Next: "c"},
			{ID: "c", Kind: Condition, Test: TestBought, Else: "x"},
			{ID: "x", Kind: Exit},
		},
	})
	if err := r.db.Close(); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for ; !runChild(t, dir, url, time.Duration(30+random.IntN(900+60*kills))*time.Millisecond); kills++ {
		if kills > 400 {
			t.Fatal("the journey never ends")
		}
	}
	t.Logf("%d kills", kills)
	r = open()
	defer func() { _ = r.db.Close() }()
	j, err := r.s.Find(r.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.audit(j)
	if c := j.Counts; c.Entered != people || c.Done != people || c.Steps["m1"].Taken+c.Steps["m2"].Taken != people {
		t.Errorf("after all kills: %+v", c)
	}
	for what, query := range map[string]string{
		"people who came in twice": `SELECT COUNT(*) FROM (SELECT customer_id FROM journey_runs GROUP BY customer_id HAVING COUNT(*) > 1) x`,
		"messages too many":        `SELECT COUNT(*) - ` + strconv.Itoa(people) + ` FROM recipients`,
		"people without a message": `SELECT COUNT(*) FROM journey_runs r WHERE NOT EXISTS (SELECT 1 FROM recipients m WHERE m.run_id = r.id)`,
		"counters and the ledger":  `SELECT COALESCE(SUM(count), 0) - ` + strconv.Itoa(people) + ` FROM campaign_counts`,
	} {
		var n int64
		if err := r.db.Scan(r.ctx, []any{&n}, query); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
}

// runChild starts a process and kills it after a while; it answers whether the process ended by itself.
func runChild(t *testing.T, dir, url string, life time.Duration) bool {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), childEnvironment+"="+dir, childEnvironment+"_URL="+url)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal("the process failed:", err)
		}
		return true
	case <-time.After(life):
		_ = command.Process.Kill()
		<-ended
		return false
	}
}

// TestMillionSteps prints what one step of many people costs. Set DANGOL_BENCH to the number of people.
func TestMillionSteps(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DANGOL_BENCH"))
	if err != nil {
		t.Skip("DANGOL_BENCH is not set to a number of people")
	}
	clock := clockNow()
	r := furnish(t, databasetest.SQLite(t, clock.options()), t.TempDir(), clock)
	r.people(n)
	j := r.started(Graph{
		Entry: Entry{Kind: SegmentMembers, SegmentID: 1}, First: "w",
		Steps: []Step{{ID: "w", Kind: Wait, Days: 1, Next: "c"}, {ID: "c", Kind: Condition, Test: TestSegment, SegmentID: 2, Next: "w2"}, {ID: "w2", Kind: Wait, Days: 1}},
	})
	measure := func(what string) {
		begin := time.Now()
		if err := r.s.tick(r.ctx, j.ID, nil); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		t.Logf("%s: %d people in %v, %.1f µs each", what, n, took.Round(time.Millisecond), float64(took.Microseconds())/float64(n))
	}
	measure("coming in and taking the first step")
	r.clock.turn(25 * time.Hour)
	measure("condition and wait (two steps)")
	r.clock.turn(25 * time.Hour)
	measure("leaving (one step)")
}
