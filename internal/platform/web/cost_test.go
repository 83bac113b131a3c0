// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"dangol/internal/platform/fault"
)

func TestAdmissionIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAdmission()
		ctx := context.Background()
		var releases []func()
		for person := range classes[Heavy].slots {
			release, err := a.enter(ctx, Heavy, int64(person+1))
			if err != nil {
				t.Fatal(err)
			}
			releases = append(releases, release)
		}
		start := time.Now()
		if _, err := a.enter(ctx, Heavy, 99); !fault.Is(err, fault.Busy) || time.Since(start) != classes[Heavy].patience {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		if release, err := a.enter(ctx, Quick, 99); err != nil {
			t.Fatalf("heavy work holds up quick work: %v", err)
		} else {
			release()
		}
		admitted := make(chan error)
		go func() {
			release, err := a.enter(ctx, Heavy, 98)
			if err == nil {
				defer release()
			}
			admitted <- err
		}()
		synctest.Wait()
		releases[0]()
		if err := <-admitted; err != nil {
			t.Fatalf("a free slot was not given: %v", err)
		}
		for _, release := range releases[1:] {
			release()
		}
		if len(a.gates[Heavy].by) != 0 || a.gates[Heavy].waiting != 0 || len(a.gates[Heavy].slots) != 0 {
			t.Fatalf("left behind: %+v", a.gates[Heavy].by)
		}
	})
}

func TestOnePersonHasAShare(t *testing.T) {
	t.Parallel()
	a := newAdmission()
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // waiting ends at once
	for range classes[Batch].perOne {
		if _, err := a.enter(ctx, Batch, 7); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.enter(ctx, Batch, 7); fault.CodeOf(err) != "web.too_many_requests" {
		t.Fatalf("got %v", err)
	}
}
