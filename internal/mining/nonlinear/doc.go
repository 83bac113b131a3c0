// SPDX-License-Identifier: Apache-2.0

// Package nonlinear looks for low-dimensional chaos in a series.
//
// Words: the phase space is rebuilt from values a delay apart (embedding); the delay is where mutual information is
// first smallest, the dimension where neighbours stop being false; the Lyapunov exponent tells how fast neighbours
// part; surrogates are series with the same spectrum and distribution but no other structure.
// It uses nothing but arithmetic and a seed.
// It offers Analyse, which says in words whether a series is noise, linear, or shows low-dimensional chaos.
package nonlinear
