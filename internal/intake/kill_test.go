// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
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
	"dangol/internal/platform/fault"
)

// killDir is the environment variable that makes the test program be the victim of the kill test.
const killDir = "DANGOL_INTAKE_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// victim goes on with the import of the folder until it is done or killed.
func victim(dir string) error {
	ctx := system()
	db, err := database.Open(ctx, "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		return err
	}
	var t testing.T
	h := newHouse(&t, db, dir)
	id, err := strconv.ParseInt(os.Getenv("DANGOL_INTAKE_KILL_BATCH"), 10, 64)
	if err != nil {
		return err
	}
	if os.Getenv("DANGOL_INTAKE_KILL_UNDO") != "" {
		_, err = h.intake.Undo(ctx, id, nil)
	} else {
		_, err = h.intake.Run(ctx, id, nil)
	}
	if fault.CodeOf(err) == "intake.wrong_state" {
		return nil // killed after the last commit
	}
	return err
}

// TestKilledImportNeitherLosesNorDoublesARow kills the process again and again, at moments nobody chose.
func TestKilledImportNeitherLosesNorDoublesARow(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	t.Parallel()
	const rows = 12_000
	dir := t.TempDir()
	ctx := system()
	h, closeHouse := openHouse(t, dir)
	if err := h.db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	content := append(csvOf(rows), []byte("9999999999,짝없는 행\n1.5E+10,깨진 번호,,,,,,,,,,\n")...)
	b, err := h.intake.Create(ctx, h.upload(t, ctx, "members.csv", "members", content))
	if err != nil {
		t.Fatal(err)
	}
	closeHouse()
	kills := untilDone(t, dir, b.ID, "")
	h, closeHouse = openHouse(t, dir)
	b, err = h.intake.Find(ctx, b.ID)
	if err != nil || b.State != Done {
		t.Fatalf("%+v %v", b, err)
	}
	t.Logf("%d kills, %+v", kills, b.Counts)
	if b.Counts.Rows != rows+2 || b.Counts.Created+b.Counts.Linked != rows || b.Counts.Rejected != 2 {
		t.Fatalf("counts %+v", b.Counts)
	}
	for query, want := range map[string]int64{
		"SELECT COUNT(*) FROM records":                   rows,
		"SELECT COUNT(DISTINCT source_key) FROM records": rows,
		"SELECT COUNT(*) FROM record_links":              rows,
		"SELECT COUNT(*) FROM customers":                 b.Counts.Created,
		"SELECT SUM(record_count) FROM customers":        rows,
		"SELECT COUNT(*) FROM rejects":                   2,
	} {
		if n := h.count(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	closeHouse()
	kills = untilDone(t, dir, b.ID, "1")
	h, closeHouse = openHouse(t, dir)
	defer closeHouse()
	t.Logf("%d kills of the undo", kills)
	for _, query := range []string{"SELECT COUNT(*) FROM records WHERE withdrawn_at IS NULL", "SELECT COUNT(*) FROM customers WHERE hidden = 0", "SELECT COUNT(*) FROM record_keys"} {
		if n := h.count(t, query); n != 0 {
			t.Errorf("after undo: %s: %d", query, n)
		}
	}
}

func openHouse(t *testing.T, dir string) (*house, func()) {
	t.Helper()
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newHouse(t, db, dir), func() { _ = db.Close() }
}

// untilDone runs the victim and kills it until it ends by itself.
func untilDone(t *testing.T, dir string, batch int64, undo string) (kills int) {
	t.Helper()
	for round := range 200 {
		var output bytes.Buffer
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killDir+"="+dir, fmt.Sprintf("DANGOL_INTAKE_KILL_BATCH=%d", batch), "DANGOL_INTAKE_KILL_UNDO="+undo)
		child.Stderr = &output
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		// Longer each time, so that the work ends whatever the machine.
		wait := time.Duration(100+20*round+rand.IntN(300)) * time.Millisecond
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("the victim failed by itself: %v\n%s", err, output.String())
			}
			return kills
		case <-time.After(wait):
			_ = child.Process.Kill()
			<-ended
			kills++
		}
	}
	t.Fatal("the import never ended")
	return kills
}
