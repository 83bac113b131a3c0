// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// figuresCommand asks the program itself, as a user would, for every published
// figure and prints a table: figure, ours, tolerance, ok.
type figuresCommand struct {
	Dangol string   `help:"Program to ask." default:"bin/dangol" type:"path"`
	Data   string   `help:"Folder of the published data sets." default:"../shared/data" type:"path"`
	Parts  []string `arg:"" optional:"" help:"value, itemsets, predict, uplift, forecast, m1 or cluster (default: all)."`
}

// Which side of a figure counts as kept.
const (
	both    = 0
	atLeast = 1
	atMost  = -1
)

// claim is one published figure: where it stands in the answer, and how far the
// answer may be off; 0 is half a unit of the last digit given.
type claim struct {
	name, path, want string
	within           float64
	side             int
	of               func(answer any) (float64, error) // instead of path
}

// asked is one call of the program with the figures that it must answer.
type asked struct {
	part   string
	args   []string // {D} is the data folder, {T} a scratch folder
	claims []claim
}

type figuresRun struct {
	figuresCommand
	scratch       string
	wrong, looked int
}

// Run asks for every figure.
func (c figuresCommand) Run(ctx context.Context) error {
	scratch, err := os.MkdirTemp("", "figures")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	r := &figuresRun{figuresCommand: c, scratch: scratch}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	fmt.Printf("%-70s %18s %18s %12s  %s\n", "figure", "published", "ours", "tolerance", "ok")
	for _, one := range r.list() {
		if !r.wants(one.part) {
			continue
		}
		answer, err := r.ask(ctx, one.args...)
		if err != nil {
			return err
		}
		for _, c := range one.claims {
			r.judge(c, answer)
		}
	}
	if r.wants("m1") {
		if err := r.m1(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("%d figures, %d not reached\n", r.looked, r.wrong)
	if r.wrong > 0 {
		return fmt.Errorf("%d figures are not reached", r.wrong)
	}
	return nil
}

func (r *figuresRun) wants(part string) bool {
	if len(r.Parts) == 0 {
		return true
	}
	for _, one := range r.Parts {
		if one == part {
			return true
		}
	}
	return false
}

// ask runs `dangol mine …  --json`.
func (r *figuresRun) ask(ctx context.Context, args ...string) (any, error) {
	full := []string{"mine"}
	for _, a := range args {
		a = strings.ReplaceAll(a, "{D}", r.Data)
		full = append(full, strings.ReplaceAll(a, "{T}", r.scratch))
	}
	command := exec.CommandContext(ctx, r.Dangol, append(full, "--json")...) //nolint:gosec // the program named by the user
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(full, " "), err, errs.String())
	}
	var answer any
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(full, " "), err)
	}
	return answer, nil
}

func (r *figuresRun) judge(c claim, answer any) {
	want, err := strconv.ParseFloat(c.want, 64)
	if err != nil {
		panic(c.name + ": " + err.Error()) // a slip in the list of figures
	}
	within := c.within
	if within == 0 {
		within = halfDigit(c.want)
	}
	ours, err := c.value(answer)
	ok := err == nil
	switch {
	case !ok:
	case c.side == atLeast:
		ok = ours >= want-within
	case c.side == atMost:
		ok = ours <= want+within
	default:
		ok = math.Abs(ours-want) <= within
	}
	r.looked++
	verdict := "ok"
	if !ok {
		r.wrong++
		verdict = "NO"
		if err != nil {
			verdict += " " + err.Error()
		}
	}
	sign := map[int]string{both: "±", atLeast: "≥ −", atMost: "≤ +"}[c.side]
	fmt.Printf("%-70s %18s %18s %12s  %s\n", c.name, c.want, strconv.FormatFloat(ours, 'g', 10, 64), sign+strconv.FormatFloat(within, 'g', 3, 64), verdict)
}

func (c claim) value(answer any) (float64, error) {
	if c.of != nil {
		return c.of(answer)
	}
	return pick(answer, c.path)
}

// halfDigit is half a unit of the last digit of a number.
func halfDigit(text string) float64 {
	exponent := 0
	if mantissa, e, has := strings.Cut(strings.ToLower(text), "e"); has {
		exponent, _ = strconv.Atoi(e)
		text = mantissa
	}
	digits := 0
	if _, after, has := strings.Cut(text, "."); has {
		digits = len(after)
	}
	return 0.5000001 * math.Pow(10, float64(exponent-digits))
}

// pick follows a path through an answer: names and numbers of places, key=value
// for the element of a list that has it, # for the length and +name for the sum
// of a list.
func pick(v any, path string) (float64, error) {
	for step := range strings.SplitSeq(path, "/") {
		switch now := v.(type) {
		case map[string]any:
			v = now[step]
		case []any:
			var err error
			if v, err = element(now, step); err != nil {
				return math.NaN(), fmt.Errorf("%s: %w", path, err)
			}
		default:
			return math.NaN(), fmt.Errorf("there is no %s", path)
		}
	}
	number, ok := v.(float64)
	if !ok {
		return math.NaN(), fmt.Errorf("%s is no number", path)
	}
	return number, nil
}

func element(list []any, step string) (any, error) {
	if step == "#" {
		return float64(len(list)), nil
	}
	if name, isSum := strings.CutPrefix(step, "+"); isSum {
		sum := 0.0
		for _, one := range list {
			x, err := pick(one, name)
			if err != nil {
				return nil, err
			}
			sum += x
		}
		return sum, nil
	}
	if key, value, has := strings.Cut(step, "="); has {
		for _, one := range list {
			if m, ok := one.(map[string]any); ok && fmt.Sprint(m[key]) == value {
				return one, nil
			}
		}
		return nil, errors.New("no element with " + step)
	}
	at, err := strconv.Atoi(step)
	if err != nil || at >= len(list) {
		return nil, errors.New("no element " + step)
	}
	if at < 0 {
		at += len(list)
	}
	return list[at], nil
}

// path is a place in the data folder.
func (r *figuresRun) path(parts ...string) string {
	return filepath.Join(append([]string{r.Data}, parts...)...)
}
