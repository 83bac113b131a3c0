// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestGentleEndsALittleLater counts the time of a bubble, not of the machine.
func TestGentleEndsALittleLater(t *testing.T) {
	t.Parallel()
	why := errors.New("somebody left")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancelCause(t.Context())
		later, release := gentle(ctx)
		defer release(nil)
		stop(why)
		time.Sleep(grace - time.Millisecond)
		synctest.Wait()
		if later.Err() != nil {
			t.Error("it was ended within the grace")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if !errors.Is(context.Cause(later), why) {
			t.Errorf("it ended for %v", context.Cause(later))
		}
		begun := time.Now()
		ended, over := gentle(ctx)
		defer over(nil)
		if !errors.Is(context.Cause(ended), why) || time.Since(begun) != 0 {
			t.Error("a question of somebody who has left began")
		}
	})
	synctest.Test(t, func(t *testing.T) { // what is done leaves nothing waiting: the bubble would not end
		ctx, stop := context.WithCancelCause(t.Context())
		_, release := gentle(ctx)
		stop(why)
		release(nil)
	})
}
