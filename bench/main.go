// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kong"
)

type commands struct {
	Customers customersCommand `cmd:"" help:"Write a customers CSV of 12 columns."`
	Orders    ordersCommand    `cmd:"" help:"Write an order lines CSV for those customers."`
	People    peopleCommand    `cmd:"" help:"Write a population with duplicates, for matching."`
	Pages     pagesCommand     `cmd:"" help:"Ask list, search and customer pages with several clients; print latencies."`
	Figures   figuresCommand   `cmd:"" help:"Ask dangol mine for every published figure and compare."`
}

func main() {
	var command commands
	parsed := kong.Parse(&command, kong.Name("bench"), kong.Description("Measures Dangol from outside."))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
