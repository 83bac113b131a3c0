// SPDX-License-Identifier: Apache-2.0

// Package ui holds the built web application so that one binary serves it.
package ui

import "embed"

// Dist is the result of `npm run build`; without it only .gitkeep is inside.
//
//go:embed all:dist
var Dist embed.FS
