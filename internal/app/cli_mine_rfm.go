// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"strconv"

	"dangol/internal/mining"
	"dangol/internal/mining/report"
	"dangol/internal/mining/value"
	"dangol/internal/platform/fault"
)

type mineRFMCommand struct {
	mineFlags
	File     string `arg:"" help:"CSV, gzip CSV or Parquet file, one purchase a row." type:"path"`
	Customer string `help:"Column of the customer." required:"" placeholder:"COL"`
	Date     string `help:"Column of the date." required:"" placeholder:"COL"`
	Amount   string `help:"Column of the amount." required:"" placeholder:"COL"`
	At       string `help:"Day from which recency is counted (default: the last day of the file)." placeholder:"DATE"`
}

// Help teaches by examples.
func (mineRFMCommand) Help() string {
	return `Recency is days since the last purchase, frequency the number of days with a purchase, money the total. Scores
are quintiles from 1 to 5 (best); equal values share a score.

Examples:
  dangol mine rfm orders.csv --customer 회원번호 --date 주문일 --amount 결제금액
  dangol mine rfm orders.csv.gz --customer id --date date --amount spend --at 1998-07-01 --html rfm.html`
}

type minedRFM struct {
	At        string                  `json:"at"`
	Customers int                     `json:"customers"`
	Sums      map[string]float64      `json:"sums"`
	Limits    map[string]value.Limits `json:"limits"`
	Groups    []minedGroup            `json:"groups"`
	Map       [5][5]int               `json:"map"` // [5 − R][F − 1]
	Scores    []minedScore            `json:"scores"`
	Notes     []string                `json:"notes,omitempty"`
}

type minedGroup struct {
	Name      string  `json:"name"`
	Customers int     `json:"customers"`
	Monetary  float64 `json:"monetary"`
	Share     float64 `json:"share"`
	ko, en    string
	koDo, do  string
}

type minedScore struct {
	Customer  string  `json:"customer"`
	Recency   float64 `json:"recency_days"`
	Frequency float64 `json:"frequency"`
	Monetary  float64 `json:"monetary"`
	R         int     `json:"r"`
	F         int     `json:"f"`
	M         int     `json:"m"`
	Group     string  `json:"group"`
}

// Run scores the customers of a file.
func (c mineRFMCommand) Run(s *session) error {
	log, err := readLog(c.File, c.Customer, c.Date, c.Amount)
	if err != nil {
		return err
	}
	at, err := parseDay("at", c.At, log.last)
	if err != nil {
		return err
	}
	summary := value.Summarise(log.purchases, at, 1)
	if len(summary.Customers) == 0 {
		return fault.New(fault.Invalid, "app.nothing_before", "Nobody bought up to {day}; choose a later day with --at.", "day", dayText(at))
	}
	out := scoresOf(value.Score(summary, at), log.names)
	out.At, out.Notes = dayText(at), log.notes
	if summary.After > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d customers bought first after %s and are not scored.", summary.After, out.At))
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

func scoresOf(table *value.Table, names []string) *minedRFM {
	out := &minedRFM{
		Customers: len(table.Customers),
		Sums:      map[string]float64{"recency_days": table.Sums[0], "frequency": table.Sums[1], "monetary": table.Sums[2]},
		Limits:    map[string]value.Limits{"recency_days": table.R, "frequency": table.F, "monetary": table.M},
	}
	at := map[string]int{}
	for i, g := range mining.Groups() {
		at[g.Name] = i
		out.Groups = append(out.Groups, minedGroup{Name: g.Name, ko: g.Label.Ko, en: g.Label.En, koDo: g.Action.Ko, do: g.Action.En})
	}
	for _, one := range table.Customers {
		name := mining.GroupOf(one.R, one.F, one.M)
		g := &out.Groups[at[name]]
		g.Customers++
		g.Monetary += one.Monetary
		out.Map[5-one.R][one.F-1]++
		out.Scores = append(out.Scores, minedScore{names[one.Customer], one.Recency, one.Frequency, one.Monetary, one.R, one.F, one.M, name})
	}
	for i := range out.Groups {
		if table.Sums[2] != 0 {
			out.Groups[i].Share = out.Groups[i].Monetary / table.Sums[2]
		}
	}
	return out
}

func (m *minedRFM) page(lang string) *report.Page {
	p := report.New(lang, "RFM · "+m.At)
	best, risk := &m.Groups[0], &m.Groups[0]
	for i := range m.Groups {
		switch m.Groups[i].Name {
		case "champion":
			best = &m.Groups[i]
		case "at_risk":
			risk = &m.Groups[i]
		}
	}
	n := float64(m.Customers)
	p.Words(p.Say(
		fmt.Sprintf("구매 고객 %s명 가운데 우수 고객은 %.1f %%이고 매출의 %.1f %%를 만듭니다. 자주 샀지만 요즘 뜸한 이탈 우려 고객은 %s명이며 매출의 %.1f %%가 걸려 있습니다.",
			grouped(n), 100*float64(best.Customers)/n, 100*best.Share, grouped(float64(risk.Customers)), 100*risk.Share),
		fmt.Sprintf("Of %s buyers, champions are %.1f %% and bring %.1f %% of the money. %s customers who used to buy often have gone quiet; %.1f %% of the money is theirs.",
			grouped(n), 100*float64(best.Customers)/n, 100*best.Share, grouped(float64(risk.Customers)), 100*risk.Share)))
	m.mapOn(p)
	var rows [][]string
	for _, g := range m.Groups {
		rows = append(rows, []string{p.Say(g.ko, g.en), grouped(float64(g.Customers)), grouped(g.Monetary), percent(g.Share), p.Say(g.koDo, g.do)})
	}
	p.Table(p.Say("고객군과 할 일", "Groups and what to do"), []string{p.Say("고객군", "group"), p.Say("고객", "customers"), p.Say("금액", "money"), p.Say("몫", "share"), p.Say("할 일", "action")}, rows)
	rows = nil
	for _, one := range [][2]string{{"recency_days", p.Say("최근성(일)", "recency (days)")}, {"frequency", p.Say("빈도", "frequency")}, {"monetary", p.Say("금액", "money")}} {
		l := m.Limits[one[0]]
		rows = append(rows, []string{one[1], plain(l.P20), plain(l.P40), plain(l.Median), plain(l.P60), plain(l.P80), plain(m.Sums[one[0]])})
	}
	p.Table(p.Say("5분위 경계", "Limits of the quintiles"), []string{"", "20 %", "40 %", p.Say("중앙값", "median"), "60 %", "80 %", p.Say("합계", "sum")}, rows)
	if len(m.Notes) > 0 {
		p.Words(m.Notes...)
	}
	return p
}

func (m *minedRFM) mapOn(p *report.Page) {
	values := make([][]float64, 5)
	for i := range values {
		for _, n := range m.Map[i] {
			values[i] = append(values[i], float64(n))
		}
	}
	p.Heat(p.Say("RFM 지도: 고객 수", "RFM map: customers"), []string{"R5", "R4", "R3", "R2", "R1"}, []string{"F1", "F2", "F3", "F4", "F5"}, values, grouped)
}

// plain writes a number without the dust that sums leave behind its decimals.
func plain(v float64) string { return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64) }

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) + " %" }

// grouped writes a whole number with thousands apart.
func grouped(v float64) string {
	text := strconv.FormatFloat(v, 'f', 0, 64)
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}
