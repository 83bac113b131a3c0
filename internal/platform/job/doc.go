// SPDX-License-Identifier: Apache-2.0

// Package job does work later or in the background, from rows in the same database as the data.
//
// Words: a job has a kind (which registered function does it), arguments and a queue (how many at once);
// a lease says who works on it until when, and its number fences out a worker that lost it; a job that
// failed is tried again with growing pauses until it is dead; a periodic job is added by a cron line.
// It uses database and fault. It offers Add (in the caller's transaction), Register, Periodic, Run,
// List, Find, Cancel and Retry.
// A job runs at least once: make its work idempotent, or finish it in the transaction of its data (Done).
package job
