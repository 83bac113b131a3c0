// SPDX-License-Identifier: Apache-2.0

// Package board keeps dashboards and computes the figures of the executives'
// board that are no plain measure.
//
// Words: a board is a grid of tiles under common filters and one period; a
// tile is a question with a picture, a target and a direction that is good;
// a figure is a number about whole customers between two periods: kept, lost,
// share of the best fifth.
// Uses: cube (questions, policy), warehouse (figures), database, journal.
// Offers: boards, the executives' board that every installation has, Figures.
package board
