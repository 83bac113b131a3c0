// SPDX-License-Identifier: Apache-2.0

// Package subscription sends saved pivots and dashboards by mail at their time,
// and watches numbers.
//
// Words: a report is a file (PDF or XLSX) mailed every day, week or month; an
// alert watches one measure and fires when it passes a threshold or is unusual;
// a run is what became of one look or one mailing. Each reader gets what their
// own rights show, in their own language.
// Uses: cube (answers, policy, files), board, saved, mail through Post.
// Offers: saving, running now, the history of runs.
package subscription
