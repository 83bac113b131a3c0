// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"dangol/internal/platform/fault"
)

// Exit codes of the program, the same for every command.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitPartial  = 3 // done, but rows were rejected or a check found something
	exitNotFound = 4
	exitBusy     = 5 // something is busy or not there; the same command may work later
	exitDenied   = 6
)

const about = `Dangol turns scattered customer data into lasting customer relations.

Everything of an installation lives in one data directory (--data, or DANGOL_DATA). Commands work on it
directly, or through the running server when one holds it.

First steps:
  dangol serve --demo                              a demo company, on http://localhost:8080
  dangol user add kim@example.com --role marketer  a member of staff
  dangol import members.csv --source members --key 회원번호 --dry-run

Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 done but rows were rejected or something was
found, 4 not found, 5 busy or unavailable (try again), 6 not allowed.`

// commandLine is everything that can be said on the command line.
type commandLine struct {
	settingFlags
	JSON bool `help:"Print machine-readable JSON instead of text." name:"json"`

	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Make the exports of a believable demo company."`
	Import   importCommand   `cmd:"" help:"Load a file of customers, transactions, products, campaigns or coupons."`
	Match    matchCommand    `cmd:"" help:"Find the records of one person in files, without a server."`
	Unify    unifyCommand    `cmd:"" help:"Find the same people in the customer base, merge them, take that back."`
	Export   exportCommand   `cmd:"" help:"Write customers, a segment or a pivot to a file."`
	Query    queryCommand    `cmd:"" help:"Ask the cubes: measures by dimensions, as a table, CSV, JSON or Arrow."`
	Segment  segmentCommand  `cmd:"" help:"Segments: list, count, explain, freeze, import."`
	Mine     mineCommand     `cmd:"" help:"Find out about customers from a file: value, forecasts, rules, predictions; no server needed."`
	Campaign campaignCommand `cmd:"" help:"List, show, run, pause and evaluate campaigns."`
	Evaluate evaluateCommand `cmd:"" help:"Compare the arms of a campaign with its control group, from a file."`
	Customer customerCommand `cmd:"" help:"Erase a person, keep them from being erased, the register of erasures."`
	Key      keyCommand      `cmd:"" help:"Find customers by the keys of other systems; crosswalk and conflicts."`
	Mail     mailCommand     `cmd:"" help:"Send test mails, examine the domain, look at the queue."`
	Rebuild  rebuildCommand  `cmd:"" help:"Build the analysis data anew from the system of record."`
	Parquet  parquetCommand  `cmd:"" help:"Parquet files of the analysis tables for other programs: show, write, plan."`
	Tier     tierCommand     `cmd:"" help:"Where old rows of the analysis data lie: report, setting, move, check."`
	Check    checkCommand    `cmd:"" help:"Check database, journal, analysis data and files."`
	Backup   backupCommand   `cmd:"" help:"Write everything to one file."`
	Restore  restoreCommand  `cmd:"" help:"Make a data directory out of a backup."`
	User     userCommand     `cmd:"" help:"Add, list, disable people of the staff, set passwords."`
	OpenAPI  openAPICommand  `cmd:"" name:"openapi" help:"Print the OpenAPI document of the HTTP API."`
	Version  versionCommand  `cmd:"" help:"Print the versions of Dangol, Go, SQLite and DuckDB."`
}

// settingFlags are the settings that every command takes; the rest is read from
// the environment and dangol.toml.
type settingFlags struct {
	Data     string `help:"Directory that holds everything (default \"data\"; DANGOL_DATA)." placeholder:"DIR"`
	Database string `help:"System of record: sqlite:PATH or postgres://… (default: a file in the data directory; DANGOL_DATABASE)." placeholder:"URL"`
	LogLevel string `help:"debug, info, warn or error (DANGOL_LOG_LEVEL)." placeholder:"LEVEL"`
}

func (f settingFlags) values() map[string]any {
	return given(map[string]string{"data": f.Data, "database": f.Database, "log_level": f.LogLevel})
}

// given leaves out what was not said, so that environment and file decide.
func given(flags map[string]string) map[string]any {
	values := map[string]any{}
	for name, value := range flags {
		if value != "" {
			values[name] = value
		}
	}
	return values
}

// Console is where a command reads and writes; main passes the process's own.
type Console struct {
	In       io.Reader
	Out, Err io.Writer
	Environ  []string
	Pages    fs.FS
}

// session is one run of the command line.
type session struct {
	Console
	ctx  context.Context
	line *commandLine
}

// Main runs the command line and returns the exit code. The first Ctrl-C asks
// the command to end in an orderly way, the second ends the process.
func Main(ctx context.Context, args []string, console Console) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() { <-ctx.Done(); stop() }()
	line := &commandLine{}
	s := &session{Console: console, ctx: ctx, line: line}
	done := -1
	parser, err := kong.New(line, kong.Name("dangol"), kong.Description(about), kong.UsageOnError(), kong.Writers(console.Out, console.Err),
		kong.Exit(func(code int) { done = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}), kong.Bind(s))
	if err != nil {
		_, _ = fmt.Fprintln(console.Err, err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if done >= 0 { // --help has been printed
		return done
	}
	if err != nil && slices.Contains(args, "--json") {
		s.line.JSON = true // the parser may have stopped before it came to it
		s.tell(fault.New(fault.Invalid, "app.usage", "{why}; \"dangol --help\" lists what there is.", "why", err.Error()))
		return exitUsage
	}
	if err != nil {
		_, _ = fmt.Fprintf(console.Err, "dangol: %s\nTry \"dangol --help\", or \"dangol COMMAND --help\" for examples.\n", err)
		return exitUsage
	}
	err = parsed.Run(s)
	if err != nil {
		s.tell(err)
	}
	return codeOf(err)
}

// partial is the error of work that was done, but not without loss.
type partial struct{ message string }

// Error says what was lost.
func (p partial) Error() string { return p.message }

func codeOf(err error) int {
	var left partial
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &left):
		return exitPartial
	case errors.Is(err, context.Canceled):
		return exitFailed
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return exitUsage
	case fault.NotFound:
		return exitNotFound
	case fault.Busy, fault.Unavailable:
		return exitBusy
	case fault.Forbidden, fault.Unauthenticated:
		return exitDenied
	}
	return exitFailed
}

// tell prints what went wrong: JSON for machines, a sentence for people.
func (s *session) tell(err error) {
	message := err.Error()
	f, isFault := fault.As(err)
	if isFault {
		message = f.Message
	}
	if errors.Is(err, context.Canceled) {
		message = "stopped"
	}
	if s.line.JSON {
		out := map[string]any{"error": message, "exit_code": codeOf(err)}
		if isFault {
			out["code"] = f.Code
		}
		raw, _ := json.Marshal(out) // a map of plain values always has JSON
		_, _ = fmt.Fprintln(s.Err, string(raw))
		return
	}
	_, _ = fmt.Fprintln(s.Err, "dangol: "+message)
	if isFault && errors.Unwrap(f) != nil {
		_, _ = fmt.Fprintln(s.Err, "  cause: "+errors.Unwrap(f).Error())
	}
}

// print writes the result: the value as JSON, or the text.
func (s *session) print(value any, text string) error {
	if !s.line.JSON {
		_, err := fmt.Fprintln(s.Out, strings.TrimRight(text, "\n"))
		return err
	}
	encoder := json.NewEncoder(s.Out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// say writes a line for people beside the result.
func (s *session) say(format string, args ...any) {
	if !s.line.JSON {
		_, _ = fmt.Fprintf(s.Err, format+"\n", args...)
	}
}

// config reads the settings; extra are flags of the one command.
func (s *session) config(extra map[string]any) (Config, error) {
	flags := s.line.values()
	for name, value := range extra {
		flags[name] = value
	}
	return Load(flags, s.Environ)
}

// logger writes messages to the error output, so that results stay clean.
func (s *session) logger(config Config, quiet bool) *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(config.LogLevel)) // checked by Load
	if quiet && s.line.LogLevel == "" {
		level = slog.LevelWarn
	}
	options := &slog.HandlerOptions{Level: level}
	if config.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.Err, options))
	}
	return slog.New(slog.NewTextHandler(s.Err, options))
}

// isTerminal reports whether a person watches the error output.
func (s *session) isTerminal() bool {
	file, ok := s.Err.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
