// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dangol/internal/mail/smtp/smtptest"
)

// sinkEnvironment tells the test binary to be a mail server.
const sinkEnvironment = "DANGOL_TEST_SINK"

// serveSink is a mail server in a process of its own, so that its work is not
// counted as ours; it ends with its standard input.
func serveSink() int {
	sink := (&smtptest.Sink{Forget: true}).Start(child{})
	fmt.Println(sink.Address())
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	return 0
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestSendingSpeed prints what planning and sending cost a message, with the
// ledger. Set DANGOL_BENCH to the number of recipients.
func TestSendingSpeed(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DANGOL_BENCH"))
	if err != nil {
		t.Skip("DANGOL_BENCH is not set to a number of recipients")
	}
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), sinkEnvironment+"=1")
	stop, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stop.Close(); _ = command.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	db := ownDatabase(t, dir)
	defer func() { _ = db.Close() }()
	r := furnish(t, db, dir, strings.TrimSpace(address), &hand{})
	r.people(n)
	measure := func(what string, work func() error) {
		wall, spent := time.Now(), cpu()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		took, used := time.Since(wall), cpu()-spent
		t.Logf("%s: %d in %v (%.0f/s), %.1f µs CPU each", what, n, took.Round(time.Millisecond), float64(n)/took.Seconds(), float64(used.Microseconds())/float64(n))
	}
	c := r.campaign(func(p *Content) { p.ControlShare = new(int64) })
	if _, err := r.s.Plan(r.ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	measure("plan", func() error { return r.s.plan(r.ctx, c.ID, func(int64, int64) {}) })
	r.start(c.ID)
	measure("send", func() error { return r.send(c.ID) })
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	c = r.find(c.ID)
	t.Logf("%s: %+v; %d MB in use, %d MB taken", c.State, c.Counts, memory.HeapInuse>>20, memory.Sys>>20)
	info, _ := os.Stat(filepath.Join(dir, "dangol.db"))
	t.Logf("database %d MB", info.Size()>>20)
}
