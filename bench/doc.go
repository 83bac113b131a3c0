// SPDX-License-Identifier: Apache-2.0

// Command bench measures Dangol from outside, as people meet it: it makes
// input files, asks pages with several clients at once while the server works,
// and prints the latencies. scripts/bench.sh runs it; figures go to
// docs/benchmarks.md with the machine and the command.
package main
