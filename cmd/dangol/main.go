// SPDX-License-Identifier: Apache-2.0

// Command dangol is the server and the command line in one binary.
package main

import (
	"context"
	"io/fs"
	"os"

	"dangol/internal/app"
	"dangol/ui"
)

func main() {
	pages, err := fs.Sub(ui.Dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	os.Exit(app.Main(context.Background(), os.Args[1:], app.Console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(), Pages: pages,
	}))
}
