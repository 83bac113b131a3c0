// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dangol/internal/platform/fault"
)

// manyPeople is a file that takes a moment to match.
func manyPeople(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,name,phone\n")
	for i := range 600 {
		fmt.Fprintf(&b, "%d,Kim %c%c%c,010-2%03d-%04d\n", i, 'a'+i%23, 'e'+i%19, 'a'+i/2%26, i/2, 9999-i/2)
	}
	return write(t, "people.csv", b.String())
}

// TestKilledRunLeavesNothingHalf kills a run of its own process at the moment of writing: the results of before stay
// whole, and the next run begins clean.
func TestKilledRunLeavesNothingHalf(t *testing.T) {
	if out := os.Getenv("DANGOL_MATCH_CHILD"); out != "" {
		task := Task{Files: []string{os.Getenv("DANGOL_MATCH_FILE")}, Out: out}
		task.Match.Progress = func(stage string, _, _ int64) {
			if stage == "writing" {
				if err := os.MkdirAll(filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+".partial"), 0o755); err != nil {
					panic(err)
				}
				fmt.Println("writing")
				select {} // until killed
			}
		}
		_, err := task.Do(context.Background())
		t.Fatal("the child was not killed: ", err)
	}
	file, out := manyPeople(t), filepath.Join(t.TempDir(), "out")
	first := Task{Files: []string{file}, Out: out}
	if _, err := first.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(out, "clusters.csv"))
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestKilledRunLeavesNothingHalf$")
	child.Env = append(os.Environ(), "DANGOL_MATCH_CHILD="+out, "DANGOL_MATCH_FILE="+file)
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(pipe).ReadString('\n'); line != "writing\n" {
		t.Fatalf("the child says %q: %v", line, err)
	}
	second := Task{Files: []string{file}, Out: out} // while the first one works
	if _, err := second.Do(t.Context()); !fault.Is(err, fault.Busy) {
		t.Errorf("two runs into one folder: %v", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it says that it was killed
	if after, err := os.ReadFile(filepath.Join(out, "clusters.csv")); err != nil || string(after) != string(before) {
		t.Errorf("the results of before are not whole: %v", err)
	}
	third := Task{Files: []string{file}, Out: out}
	if _, err := third.Do(t.Context()); err != nil {
		t.Errorf("the next run: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCancelledRunWritesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := filepath.Join(t.TempDir(), "out")
	task := Task{Files: []string{manyPeople(t)}, Out: out}
	task.Match.Progress = func(stage string, _, _ int64) {
		if stage == "writing" {
			cancel()
		}
	}
	if _, err := task.Do(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
