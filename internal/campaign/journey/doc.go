// SPDX-License-Identifier: Apache-2.0

// Package journey leads people through campaigns of several steps.
//
// Words: a Graph is the drawing (entry, steps, goal); publishing freezes it as a
// version; a run is one person's way through a version, and people in flight
// finish the version that they started; a visit is one step of a run, at most
// once; control are people who were drawn to go no way at all, for comparison.
// Walking is a pure function (Walk) that runs and simulations share.
// Uses: campaign (each mail step is a campaign that never ends, so that gate,
// ledger and statistics are the same), segment, orders through an interface.
// Offers: Service with its jobs and routes.
package journey
