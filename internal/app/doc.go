// SPDX-License-Identifier: Apache-2.0

// Package app puts the product together: it reads the settings, opens the data
// directory, connects the capabilities with each other (wire_*.go), serves, and
// holds the command line (cli_*.go).
//
// Words: a data directory holds everything of an installation and is held by
// one process at a time; a setting is one line of config.go with its default
// and check; a capability is registered once, in capabilities.go.
// It uses every capability and platform package; nothing imports it but main.
package app
