// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/database"
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

// benchSink is the mail server of a measurement: the one that
// DANGOL_BENCH_SINK names (such as smtp-sink of Debian's postfix), else our own
// in a process of its own.
func benchSink(t *testing.T) string {
	if address := os.Getenv("DANGOL_BENCH_SINK"); address != "" {
		return address
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
	t.Cleanup(func() { _ = stop.Close(); _ = command.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// benchHTML is a letter of 4 to 5 KB with two links, the size of listmonk's measurement.
func benchHTML() string {
	var b strings.Builder
	b.WriteString(`<table role="presentation" width="100%"><tr><td style="font-family:sans-serif"><h1>{{name}}님, 가을 신상품이 왔습니다</h1>
<p>{{name}}님{{josa "이/가"}} 고르신 {{branch | default "서울"}} 매장에서 만나 보세요. <a href="https://shop.kr/autumn">보러 가기</a></p>`)
	for i := range 27 {
		fmt.Fprintf(&b, "\n<p style=\"margin:0 0 12px;color:#1c2024;line-height:1.6\">%d. 손으로 짠 니트와 울 코트를 한 번에 골라 보세요. Hand-knitted wool.</p>", i+1)
	}
	b.WriteString("\n" + `<p><a href="https://shop.kr/stores">가까운 매장 찾기</a></p></td></tr></table>`)
	return b.String()
}

// TestSendingSpeed prints what planning and sending cost a message, with the
// ledger and tracking, over 20 connections. Set DANGOL_BENCH to the number of
// recipients; DANGOL_BENCH_PLAN stops after planning, DANGOL_BENCH_OPENS=off leaves
// out the picture that tells of opens.
func TestSendingSpeed(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DANGOL_BENCH"))
	if err != nil {
		t.Skip("DANGOL_BENCH is not set to a number of recipients")
	}
	dir := t.TempDir()
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err == nil {
		err = db.Migrate(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	r := furnish(t, db, dir, benchSink(t), &hand{})
	r.s.options.Workers = 20
	r.s.options.Publish = func(string, any) {}
	for from := 0; from < n; from += 100_000 {
		r.peopleFrom(from, min(n-from, 100_000))
	}
	idle := resident()
	measure := func(what string, work func() error) {
		wall, spent := time.Now(), cpu()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		took, used := time.Since(wall), cpu()-spent
		fmt.Printf("%s: %d in %.2f s (%.0f/s), %.1f µs CPU each, %d MB resident above idle at most\n", what, n, took.Seconds(),
			float64(n)/took.Seconds(), float64(used.Microseconds())/float64(n), (peak()-idle)>>20)
	}
	if os.Getenv("DANGOL_BENCH_OPENS") == "off" { // as PUT /api/mail/proof does
		if _, err := r.letters.SetProof(r.ctx, mail.Proof{}); err != nil {
			t.Fatal(err)
		}
	}
	html, yes := benchHTML(), true
	c := r.campaign(func(p *Content) {
		p.ControlShare, p.IsTracked = new(int64), &yes
		made, err := r.letters.Create(r.ctx, mail.Draft{Name: "figure", Class: consent.Ad, Subject: "{{name}}님께 드리는 가을 소식", HTML: html})
		if err != nil {
			t.Fatal(err)
		}
		p.TemplateID = &made.ID
	})
	if _, err := r.s.Plan(r.ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	measure("plan", func() error { return r.s.plan(r.ctx, c.ID, func(int64, int64) {}) })
	if os.Getenv("DANGOL_BENCH_PLAN") != "" {
		return
	}
	r.start(c.ID)
	measure("send", func() error { return r.send(c.ID) })
	c = r.find(c.ID)
	info, _ := os.Stat(filepath.Join(dir, "dangol.db"))
	fmt.Printf("%s: %d handed over of %d; letter of %d bytes; database %d MB\n", c.State, c.Counts.HandedOver, c.Counts.Treatment, len(html), info.Size()>>20)
	if c.Counts.HandedOver != int64(n) {
		t.Errorf("%+v", c.Counts)
	}
}

// resident and peak are the process's memory now and at most, in bytes.
func resident() int64 { return status("VmRSS:") }

func peak() int64 { return status("VmHWM:") }

func status(name string) int64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), name)
	var kb int64
	_, _ = fmt.Sscanf(rest, "%d", &kb)
	return kb << 10
}
