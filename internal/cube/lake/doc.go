// SPDX-License-Identifier: Apache-2.0

// Package lake writes the analysis tables as Parquet files for other programs,
// by hand or every day, with a manifest that documents every table and column.
//
// Words: an edition is one folder of files, all of one version of the data; the
// manifest says what is in it; the current edition is named by current.json,
// which is replaced last, so that a reader never meets half an edition.
// Uses: workspace (tables and columns that may leave: none with personal
// values), warehouse for rows, job for the schedule.
// Offers: Service with Write, Status and the schedule.
package lake
