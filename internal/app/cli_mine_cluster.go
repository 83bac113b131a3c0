// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/mining/cluster"
	"dangol/internal/mining/frame"
	"dangol/internal/mining/report"
	"dangol/internal/platform/fault"
)

type mineClusterCommand struct {
	mineFlags
	File        string   `arg:"" help:"CSV, gzip CSV or Parquet file, one row for each customer." type:"path"`
	Columns     []string `help:"Measures to group by (default: every number)." placeholder:"COL,…"`
	K           string   `help:"Number of groups, or auto." default:"auto" placeholder:"N"`
	Scale       string   `help:"standard (mean 0, standard deviation 1) or none." enum:"standard,none" default:"standard"`
	Method      string   `help:"kmeans, or average, complete, single or ward for a tree of groups." enum:"kmeans,average,complete,single,ward" default:"kmeans"`
	Starts      int      `help:"Starts of k-means, of which the best is kept." default:"20" placeholder:"N"`
	Seed        uint64   `help:"Start of all random numbers." default:"1"`
	Predictions string   `help:"Write the group of every row to this CSV file." placeholder:"FILE" type:"path"`
}

// Help teaches by examples.
func (mineClusterCommand) Help() string {
	return `With --k auto the largest number of groups is proposed that is found again in another half of the rows
(prediction strength of at least 0.8); one group means that there are none.

Examples:
  dangol mine cluster customers.csv --columns recency,frequency,monetary --k auto --html groups.html
  dangol mine cluster iris.csv --columns Sepal.Length,Sepal.Width,Petal.Length,Petal.Width --k 3 --scale none
  dangol mine cluster USArrests.csv --method complete --k 4 --scale none`
}

type minedGroups struct {
	Columns    []string           `json:"columns"`
	Rows       int                `json:"rows"`
	Omitted    int                `json:"rows_omitted"`
	Dropped    []string           `json:"columns_dropped,omitempty"`
	Scale      string             `json:"scale"`
	Method     string             `json:"method"`
	Seed       uint64             `json:"seed"`
	K          int                `json:"k"`
	Within     float64            `json:"within_ss"`
	Total      float64            `json:"total_ss"`
	Sizes      []int              `json:"sizes"`
	Stability  *float64           `json:"stability,omitempty"`
	Trials     []cluster.Trial    `json:"trials,omitempty"`
	Joins      []cluster.Join     `json:"joins,omitempty"`
	Portraits  []cluster.Portrait `json:"portraits"`
	Names      []string           `json:"names"`
	Groups     []int              `json:"groups"` // of every row of the file, from 1; 0 is none
	Statements []string           `json:"statements"`
	Notes      []string           `json:"notes,omitempty"`
}

// Run groups the rows.
func (c mineClusterCommand) Run(s *session) error {
	f, notes, err := readFrame(c.File, nil)
	if err != nil {
		return err
	}
	chosen, err := chosenColumns(f, c.Columns, nil)
	if err != nil {
		return err
	}
	points := cluster.Prepare(chosen, c.Scale == "standard")
	const fewest = 3
	if points.Width == 0 {
		return fault.New(fault.Invalid, "app.no_points", "None of the columns {dropped} can tell rows apart: each has one value only, or no number.", "dropped", strings.Join(points.Dropped, ", "))
	}
	if points.Len() < fewest {
		return fault.New(fault.Invalid, "app.no_points", "{rows} rows have a number in all of {columns}: that is too few to group. Rows left out: {omitted}.",
			"rows", points.Len(), "columns", strings.Join(points.Columns, ", "), "omitted", points.Omitted)
	}
	out := &minedGroups{Columns: points.Columns, Rows: points.Len(), Omitted: points.Omitted, Scale: c.Scale, Method: c.Method, Seed: c.Seed, Notes: notes}
	if len(c.Columns) > 0 {
		out.Dropped = points.Dropped
	}
	groups, err := c.divide(s, points, out)
	if err != nil {
		return err
	}
	if err := c.describe(s, f, points, groups, out); err != nil {
		return err
	}
	if c.Predictions != "" {
		if err := createFile(c.Predictions, out.write); err != nil {
			return err
		}
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

func (c mineClusterCommand) divide(s *session, points *cluster.Scaled, out *minedGroups) (*cluster.Groups, error) {
	k, err := strconv.Atoi(c.K)
	switch {
	case c.K == "auto":
		const most = 10
		if out.Trials, err = cluster.Choose(s.ctx, points.Points, most, c.Seed, nil); err != nil {
			return nil, err
		}
		for _, t := range out.Trials {
			if t.IsProposed {
				k = t.K
			}
		}
		k = max(k, 1)
	case err != nil || k < 1:
		return nil, fault.New(fault.Invalid, "app.bad_k", "--k is a number of groups from 1 on, or auto.")
	case k > points.Len():
		return nil, fault.New(fault.Invalid, "app.bad_k", "{k} groups of {rows} rows: there cannot be more groups than rows.", "k", k, "rows", points.Len())
	}
	if c.Method == "kmeans" {
		return cluster.KMeans(s.ctx, points.Points, cluster.Options{K: k, Starts: c.Starts, Seed: c.Seed})
	}
	return c.link(points, k, out)
}

// link joins a sample, and gives every other row to the group of the nearest mean.
func (c mineClusterCommand) link(points *cluster.Scaled, k int, out *minedGroups) (*cluster.Groups, error) {
	const sampleSize = 2000
	rows := rand.New(rand.NewPCG(c.Seed, 4)).Perm(points.Len()) //nolint:gosec // no secret
	if len(rows) > sampleSize {
		rows = rows[:sampleSize]
		out.Notes = append(out.Notes, fmt.Sprintf("The tree is of a sample of %d rows.", sampleSize))
	}
	slices.Sort(rows)
	sample := points.Take(rows)
	joins, err := cluster.Linkage(sample, c.Method)
	if err != nil {
		return nil, err
	}
	out.Joins = joins
	return cluster.Assign(points.Points, sample, cluster.Cut(joins, len(rows), k), k, len(rows) == points.Len()), nil
}

func (c mineClusterCommand) describe(s *session, f *frame.Frame, points *cluster.Scaled, g *cluster.Groups, out *minedGroups) error {
	out.K, out.Within, out.Sizes = len(g.Sizes), g.Within, g.Sizes
	one, err := cluster.KMeans(s.ctx, points.Points, cluster.Options{K: 1, Starts: 1})
	if err != nil {
		return err
	}
	out.Total = one.Within
	if out.K > 1 && c.Method == "kmeans" {
		const resamples = 10
		stability, err := cluster.Stability(s.ctx, points.Points, g, resamples, c.Seed)
		if err != nil {
			return err
		}
		out.Stability = &stability
	}
	out.Portraits = cluster.Portraits(f, points, g)
	for i := range out.Portraits {
		out.Names = append(out.Names, out.Portraits[i].Name(c.Lang))
	}
	out.Groups = make([]int, f.Rows)
	for i, row := range points.Rows {
		out.Groups[row] = int(g.Of[i]) + 1
	}
	out.say(c.Lang)
	return nil
}

func (m *minedGroups) say(lang string) {
	p := report.New(lang, "")
	switch {
	case m.K == 1:
		m.Statements = append(m.Statements, p.Say("뚜렷한 무리가 없습니다. 다른 표본에서 다시 찾아지는 나눔이 없습니다.", "There are no clear groups: no division is found again in another half of the rows."))
	case m.Stability != nil && *m.Stability < 0.7:
		m.Statements = append(m.Statements, p.Say(fmt.Sprintf("무리 %d개의 경계는 불안정합니다(일치도 %.2f). 표본을 다시 뽑으면 달라집니다.", m.K, *m.Stability), fmt.Sprintf("The borders of these %d groups are unstable (agreement %.2f): another sample gives other ones.", m.K, *m.Stability)))
	case m.Stability != nil:
		m.Statements = append(m.Statements, p.Say(fmt.Sprintf("무리 %d개가 안정되게 나뉩니다(일치도 %.2f).", m.K, *m.Stability), fmt.Sprintf("%d groups, found again in other samples (agreement %.2f).", m.K, *m.Stability)))
	}
	if m.Omitted > 0 {
		m.Statements = append(m.Statements, p.Say(fmt.Sprintf("빈 값이 있는 %d행은 나누지 않았습니다.", m.Omitted), fmt.Sprintf("%d rows with a missing value are not grouped.", m.Omitted)))
	}
}

func (m *minedGroups) write(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"row", "group", "name"}); err != nil {
		return err
	}
	for row, group := range m.Groups {
		name := ""
		if group > 0 {
			name = m.Names[group-1]
		}
		if err := out.Write([]string{strconv.Itoa(row), strconv.Itoa(group), name}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (m *minedGroups) page(lang string) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("고객 무리", "Groups of customers")
	p.Words(m.Statements...)
	var labels []string
	var sizes []float64
	for i, n := range m.Sizes {
		label := strconv.Itoa(i + 1)
		if len(m.Sizes) <= 4 { // longer names would run into each other
			label += " " + m.Names[i]
		}
		labels, sizes = append(labels, label), append(sizes, float64(n))
	}
	p.Bars(p.Say("무리의 크기", "Size of the groups"), labels, []report.Series{{Values: sizes}})
	if len(m.Trials) > 0 {
		labels = nil
		var silhouette, strength []float64
		var rows [][]string
		for _, t := range m.Trials {
			labels, silhouette, strength = append(labels, strconv.Itoa(t.K)), append(silhouette, t.Silhouette), append(strength, t.Strength)
			proposed := ""
			if t.IsProposed {
				proposed = p.Say("제안", "proposed")
			}
			rows = append(rows, []string{strconv.Itoa(t.K), decimals(t.Within, 4), decimals(t.Silhouette, 3), decimals(t.Strength, 3), proposed})
		}
		p.Lines(p.Say("몇 개로 나눌까", "How many groups"), labels, []report.Series{{Name: p.Say("다시 찾아짐", "prediction strength"), Values: strength}, {Name: p.Say("실루엣", "silhouette"), Values: silhouette}}, nil)
		p.Table(p.Say("무리 수별 적합", "Fit by number of groups"), []string{"k", p.Say("무리 안 제곱합", "within SS"), p.Say("실루엣", "silhouette"), p.Say("다시 찾아짐", "prediction strength"), ""}, rows)
	}
	p.Figures(report.Figure{Name: "k", Value: strconv.Itoa(m.K)}, report.Figure{Name: p.Say("무리 안 제곱합", "within SS"), Value: decimals(m.Within, 5)}, report.Figure{Name: p.Say("전체 제곱합", "total SS"), Value: decimals(m.Total, 5)})
	var rows [][]string
	for i, one := range m.Portraits {
		rows = append(rows, []string{strconv.Itoa(one.Number), m.Names[i], grouped(float64(one.Size)), percent(one.Share), traitText(one.Traits, 4)})
	}
	p.Table(p.Say("초상", "Portraits"), []string{"#", p.Say("이름(제안)", "name (proposed)"), p.Say("크기", "size"), p.Say("몫", "share"), p.Say("두드러진 점", "what stands out")}, rows)
	p.Words(m.Notes...)
	return p
}

func traitText(traits []cluster.Trait, most int) string {
	var out []string
	for _, t := range traits[:min(most, len(traits))] {
		if t.Level != "" {
			out = append(out, fmt.Sprintf("%s=%s %.0f %% (%.0f %%)", t.Column, t.Level, 100*t.Mean, 100*t.Overall))
		} else {
			out = append(out, fmt.Sprintf("%s %s (%s)", t.Column, shortNumber(t.Mean), shortNumber(t.Overall)))
		}
	}
	return strings.Join(out, "; ")
}
