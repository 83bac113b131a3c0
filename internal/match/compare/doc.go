// SPDX-License-Identifier: Apache-2.0

// Package compare measures how alike two texts are: edit distance,
// Jaro–Winkler similarity, and both at the level of Hangul letters (jamo).
//
// Words: distance counts edits (0 = equal), similarity lies in [0, 1]
// (1 = equal). Both are symmetric, and 0 or 1 respectively for equal texts.
// It uses nothing; the matching engine and the duplicate warnings use it.
package compare
