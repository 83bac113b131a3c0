// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far work is: drawn on a terminal, nothing elsewhere.
type bar struct {
	drawn *progressbar.ProgressBar
	to    io.Writer
	total int64
}

func (s *session) progress(what string) *bar {
	if s.line.JSON || !s.isTerminal() {
		return &bar{}
	}
	return &bar{to: s.Err, drawn: newBar(s.Err, -1, what)}
}

func newBar(to io.Writer, total int64, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, progressbar.OptionSetWriter(to), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
}

// set draws how far the work is; total 0 means not known.
func (b *bar) set(done, total int64, note string) {
	if b.drawn == nil {
		return
	}
	if total > 0 && total != b.total {
		b.total = total
		b.drawn.ChangeMax64(total)
	}
	if note != "" {
		b.drawn.Describe(note)
	}
	_ = b.drawn.Set64(done) // a terminal that cannot be drawn on is no reason to stop
}

func (b *bar) job(j Job) { b.set(j.Done, j.Total, j.Note) }

// reader counts what is read on its way.
func (b *bar) reader(r io.Reader, size int64) io.Reader {
	if b.drawn == nil {
		return r
	}
	b.total = size
	b.drawn.ChangeMax64(size)
	reader := progressbar.NewReader(r, b.drawn)
	return &reader
}

func (b *bar) finish() {
	if b.drawn == nil {
		return
	}
	_ = b.drawn.Finish()
	_, _ = fmt.Fprint(b.to, "\r")
}
