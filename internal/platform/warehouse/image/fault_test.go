// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// childDir tells the test binary, started again, to compact without end in a folder.
const childDir = "DANGOL_IMAGE_CHILD"

// changed is the fake after n changes; the same n gives the same rows.
func changed(n int, m *Image) *fake {
	r := rand.New(rand.NewPCG(21, 22))
	s := newFake(r, 1200)
	s.follower = m
	for range n {
		s.change(r, []int64{int64(1 + r.IntN(1250)), int64(1251 + r.IntN(1250))})
	}
	return s
}

// TestKilledWhileCompacting kills a process that changes and compacts, over and
// over: whatever has a name is whole, and what is opened answers rightly.
func TestKilledWhileCompacting(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		compactForEver(t, dir)
		return
	}
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("processes are killed with signals")
	}
	r := rand.New(rand.NewPCG(23, 24))
	reopened := 0
	for range 12 {
		dir := t.TempDir()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWhileCompacting$")
		child.Env = append(os.Environ(), childDir+"="+dir)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for {
			if names, _ := filepath.Glob(filepath.Join(dir, "*"+suffix)); len(names) > 0 {
				break
			}
			runtime.Gosched()
		}
		for range r.IntN(40) {
			time.Sleep(time.Millisecond) // let it work: where it is hit is what is tried
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()
		names, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
		if err != nil || len(names) == 0 {
			t.Fatal("no file is left", err)
		}
		version := int64(0)
		for _, name := range names { // the newest comes last
			f, err := openFile(name)
			if err != nil || f.check() != nil {
				t.Fatalf("a file with a name is not whole: %v", err)
			}
			version = f.Position.Version
		}
		s := changed(int(version)-1, nil) // the rows as they were when the file was written
		m, err := Open(s, Options{Dir: dir, Spec: func(context.Context) Spec { return s.spec }})
		if err != nil {
			t.Fatal(err)
		}
		if now, _ := m.Current(); now != nil {
			reopened++
			same(t, "opened after a kill", totals(t, m), s.expected())
		}
		if err := m.Build(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		same(t, "in the end", totals(t, m), s.expected())
	}
	if reopened == 0 {
		t.Error("no file could be used again: nothing was tried")
	}
}

// compactForEver is the child: it ends by being killed, or when its parent has.
func compactForEver(t *testing.T, dir string) {
	s := changed(0, nil)
	m, err := Open(s, Options{Dir: dir, Spec: func(context.Context) Spec { return s.spec }})
	if err == nil {
		err = m.Build(context.Background(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(21, 22))
	s = newFake(r, 1200)
	m.source, s.follower = s, m
	for os.Getppid() != 1 {
		s.change(r, []int64{int64(1 + r.IntN(1250)), int64(1251 + r.IntN(1250))})
		if err := m.Compact(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLostFileIsNoticedByItself removes and cuts the file while nobody asks:
// the keeper notices, says so, and builds anew.
func TestLostFileIsNoticedByItself(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(string) error{
		"removed": os.Remove, "cut": func(path string) error { return os.Truncate(path, 4096) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(rand.New(rand.NewPCG(31, 32)), 2000)
			m := openFake(t, s)
			states := make(chan string, 100)
			m.opts.Tell = func(status Status) { states <- status.State }
			if err := harm(m.now.Load().file.path); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- m.Run(ctx, func() bool { return true }) }()
			if first := <-states; first != StateDamaged {
				t.Errorf("told %s first", first)
			}
			for state := ""; state != StateReady; {
				state = <-states
			}
			stop()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			same(t, "built anew", totals(t, m), s.expected())
		})
	}
}

// TestCutWhileItIsRead cuts the file under the hands of whoever opens it, takes
// changes in or compacts: nothing but an error may come of it.
func TestCutWhileItIsRead(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(61, 62))
	for _, size := range []int64{0, 5000} {
		s := newFake(r, 3000)
		m := openFake(t, s)
		path := m.now.Load().file.path
		mapped, err := mapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if _, err := openMapped(path, mapped); !IsDamaged(err) {
			t.Errorf("opened although it was cut: %v", err)
		}
		if err := m.Compact(t.Context()); err != nil {
			t.Errorf("without a delta there is nothing to do: %v", err)
		}
		s.follower = m
		s.change(r, []int64{5, 1500, 2999})
		if now, _ := m.Current(); now != nil {
			if _, err := now.Select(t.Context(), nil, Want{Keys: true}); !IsDamaged(err) {
				t.Errorf("a cut file answered: %v", err)
			}
			if err := m.Compact(t.Context()); !IsDamaged(err) {
				t.Errorf("a cut file was compacted: %v", err)
			}
		}
		if err := m.Build(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		same(t, "built anew", totals(t, m), s.expected())
	}
}

// TestStrangePeople has one customer with more rows than a chunk takes, people
// without any, days that no calendar has, and amounts below nothing.
func TestStrangePeople(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(41, 42))
	s := newFake(r, 300)
	const giant, lonely = int64(500), int64(501)
	s.rows["people"] = append(s.rows["people"], []any{giant, "서울", int64(-700_000), 0.5}, []any{lonely, "부산", int64(2_900_000), math.Inf(1)})
	sum := int64(0)
	for i := range int64(120_000) {
		amount := i%200 - 150
		sum += amount
		at := []int64{i * microsPerDay, missing, -900_000 * microsPerDay, 2_900_000 * microsPerDay}[i%4]
		s.rows["deeds"] = append(s.rows["deeds"], []any{giant, at, i, i % 12, amount, "buy", int64(1), int64(0)})
	}
	m := openFake(t, s)
	same(t, "strange people", totals(t, m), s.expected())
	now, _ := m.Current()
	found, err := now.Select(t.Context(), nil, Want{IsOnly: true, Only: []int64{giant, lonely}, Sum: &Deed{Table: "deeds", Aggregate: Sum, Column: "amount", Test: anyNumber(t)}})
	if err != nil || found.Count != 2 || found.Sum != sum {
		t.Errorf("%+v, %v; the sum is %d", found, err, sum)
	}
	s.change(r, []int64{giant}) // and leaves again
	same(t, "the giant changed", totals(t, m), s.expected())
}

// TestCancelledBuildLeavesTheOldImage stops a build: what was there still answers.
func TestCancelledBuildLeavesTheOldImage(t *testing.T) {
	t.Parallel()
	s := newFake(rand.New(rand.NewPCG(51, 52)), 3000)
	m := openFake(t, s)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := m.Build(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled build gave %v", err)
	}
	same(t, "the old image", totals(t, m), s.expected())
}

func anyNumber(t *testing.T) *condition.Test {
	t.Helper()
	test, err := condition.Compile(condition.Field{Name: "x", Column: "x", Kind: warehouse.KindInteger}, condition.IsSet, nil, condition.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	return test
}
