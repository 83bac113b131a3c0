// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// childFolder names the data directory of the process that TestAKilledRunIsNeverHalfLinked kills.
const childFolder = "DANGOL_TEST_MATCH_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := workIn(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// openFolder opens a base as a process of its own does.
func openFolder(dir string) (*house, func(), error) {
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := db.Migrate(context.Background()); err != nil {
		return nil, nil, err
	}
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		return nil, nil, err
	}
	return wire(db, keys), func() { _, _ = keys.Close(), db.Close() }, nil
}

// workIn is the child: it takes over what the process before it left and works until no run is left.
func workIn(dir string) error {
	h, closeAll, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer closeAll()
	ctx, stop := context.WithCancel(auth.System(context.Background(), "child"))
	defer stop()
	if err := h.jobs.Inherit(ctx); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- h.jobs.Run(ctx) }()
	for {
		runs, err := h.ListRuns(ctx, 0, 1)
		if err != nil {
			return err
		}
		if len(runs) == 0 || runs[0].State == match.Done || runs[0].State == match.Failed || runs[0].State == match.Undone {
			stop()
			return <-done
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestAKilledRunIsNeverHalfLinked kills (SIGKILL) the process that works on a run, at random instants, again
// and again, and then the one that undoes it. After every kill all of a merge is there or nothing of it; at the end
// the base is the one that an undisturbed run makes, and after the undo the one before.
func TestAKilledRunIsNeverHalfLinked(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	const people = 2000
	calm, disturbed := t.TempDir(), t.TempDir()
	before := prepare(t, calm, people)
	if other := prepare(t, disturbed, people); other != before {
		t.Fatal("two bases made alike differ")
	}
	started := time.Now()
	undisturbed(t, calm)
	took := time.Since(started)
	want := look(t, calm, nil)
	if want == before {
		t.Fatal("the run linked nobody; the test says nothing")
	}
	const kills = 4 // one less than the job has attempts
	hits := map[match.Phase]int{}
	for n := range kills {
		phase, wait := match.Phase(""), time.Duration(random.Int64N(int64(took)*2/3))
		if n%2 == 1 { // while customers are being merged, which takes a small part of the time
			phase, wait = match.PhaseLink, time.Duration(random.Int64N(int64(50*time.Millisecond)))
		}
		if !killAfter(t, disturbed, phase, wait) {
			break
		}
		look(t, disturbed, hits)
	}
	undisturbed(t, disturbed)
	if got := look(t, disturbed, nil); got != want {
		t.Error("killed and gone on, a run links otherwise than an undisturbed one")
	}
	t.Logf("killed in phases %v", hits)
	order(t, disturbed, func(ctx context.Context, h *house) error {
		_, err := h.UndoRun(ctx, 1)
		return err
	})
	for range kills {
		if !killAfter(t, disturbed, "", time.Duration(random.Int64N(int64(took)*2/3))) {
			break
		}
		look(t, disturbed, nil)
	}
	undisturbed(t, disturbed)
	if got := look(t, disturbed, nil); got != before {
		t.Error("a killed undo did not restore the base")
	}
}

// prepare makes a base with a run ordered, and returns its state.
func prepare(t *testing.T, dir string, people int) (state string) {
	t.Helper()
	order(t, dir, func(ctx context.Context, h *house) error {
		h.fillWith(ctx, people)
		state = h.state(ctx)
		_, err := h.Start(ctx, match.Settings{Train: true})
		return err
	})
	return state
}

func order(t *testing.T, dir string, do func(ctx context.Context, h *house) error) {
	t.Helper()
	h, closeAll, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll()
	h.t = t
	if err := do(auth.System(t.Context(), "test"), h); err != nil {
		t.Fatal(err)
	}
}

func child(dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

func undisturbed(t *testing.T, dir string) {
	t.Helper()
	if err := child(dir).Run(); err != nil {
		t.Fatal(err)
	}
}

// killAfter lets the process work for some time, beginning with a phase of the run if one is named, and reports
// whether it was killed before it came to its end.
func killAfter(t *testing.T, dir string, phase match.Phase, wait time.Duration) bool {
	t.Helper()
	db, err := database.Open(t.Context(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cmd := child(dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	reached := time.Now()
	for at := match.Phase(""); ; time.Sleep(2 * time.Millisecond) {
		if at != phase {
			if err := db.Scan(t.Context(), []any{&at}, "SELECT phase FROM match_runs WHERE id = 1"); err != nil {
				t.Fatal(err)
			}
			reached = time.Now()
		}
		if at == phase && time.Since(reached) >= wait {
			_ = cmd.Process.Kill()
		}
		select {
		case err := <-ended:
			if closeErr := db.Close(); closeErr != nil {
				t.Fatal(closeErr)
			}
			if cmd.ProcessState.Exited() && !cmd.ProcessState.Success() {
				t.Fatalf("the child ended by itself: %v", err)
			}
			return !cmd.ProcessState.Exited() // by the signal
		default:
		}
	}
}

// look checks that no merge is half done and returns the state.
func look(t *testing.T, dir string, hits map[match.Phase]int) (state string) {
	t.Helper()
	order(t, dir, func(ctx context.Context, h *house) error {
		run, err := h.FindRun(ctx, 1)
		if err != nil {
			return err
		}
		if hits != nil && run.State == match.Running {
			hits[run.Phase]++
		}
		for what, query := range map[string]string{
			"aliases that hold records":        "SELECT COUNT(*) FROM customers c WHERE c.alias_of IS NOT NULL AND EXISTS (SELECT 1 FROM record_links l WHERE l.customer_id = c.id)",
			"aliases in sight":                 "SELECT COUNT(*) FROM customers WHERE alias_of IS NOT NULL AND hidden = 0",
			"people without a record in sight": "SELECT COUNT(*) FROM customers c WHERE c.hidden = 0 AND NOT EXISTS (SELECT 1 FROM record_links l WHERE l.customer_id = c.id)",
			"records that came from nobody":    "SELECT COUNT(*) FROM record_links l JOIN customers c ON c.id = l.home_id WHERE c.alias_of IS NULL",
			"wrong counts of records":          "SELECT COUNT(*) FROM customers c WHERE c.hidden = 0 AND c.record_count <> (SELECT COUNT(*) FROM record_links l WHERE l.customer_id = c.id)",
			"done merges that do not stand":    "SELECT COUNT(*) FROM match_merges m JOIN customers c ON c.id = m.other_id WHERE (m.state = 'merged') <> (c.alias_of IS NOT NULL)",
		} {
			var n int64
			if err := h.db.Scan(ctx, []any{&n}, query); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			if n != 0 {
				t.Errorf("%s in phase %s: %d %s", run.State, run.Phase, n, what)
			}
		}
		var merged, journalled int64
		if err := h.db.Scan(ctx, []any{&merged}, "SELECT COUNT(*) FROM match_merges WHERE state IN ('merged', 'undone', 'kept')"); err != nil {
			return err
		}
		if err := h.db.Scan(ctx, []any{&journalled}, "SELECT COUNT(*) FROM journal WHERE kind = 'customer.merged'"); err != nil {
			return err
		}
		if merged != run.Merged || journalled != merged {
			t.Errorf("%d merges done, the run counts %d, the journal %d", merged, run.Merged, journalled)
		}
		state = h.state(ctx)
		return nil
	})
	return state
}
