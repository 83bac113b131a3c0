// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"fmt"
)

// Inherit takes the jobs over that processes before this one left running, without waiting for their
// leases to end. Only for a caller that knows that no other process works on this database.
func (q *Queue) Inherit(ctx context.Context) error {
	_, err := q.db.Exec(ctx, "UPDATE jobs SET lease_until = 0 WHERE state = 'running' AND worker <> ?", q.config.Worker)
	if err != nil {
		return fmt.Errorf("take over jobs: %w", err)
	}
	return nil
}
