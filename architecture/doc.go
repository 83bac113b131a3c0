// SPDX-License-Identifier: Apache-2.0

// Package architecture holds the tests that keep folders, imports and file
// names to the design: cmd → app → capabilities → platform, never upwards.
package architecture
