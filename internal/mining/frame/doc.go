// SPDX-License-Identifier: Apache-2.0

// Package frame holds the table that models learn from.
//
// Words: a frame is columns of equal length; a column is numbers, dates (days
// since 1970) or categories (levels by code); missing is NaN or code -1.
// Uses: nothing; it is pure.
// Offers: Frame, Column, and Parse, which finds the kind of a column of text.
package frame
