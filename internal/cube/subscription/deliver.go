// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/board"
	"dangol/internal/cube/paper"
	"dangol/internal/cube/saved"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// carryOut looks at an alert, or mails a report. isAsked says that a person
// wants it now: the answer is kept even if nothing has changed.
func (s *Service) carryOut(ctx context.Context, d saved.Document[Content], isAsked bool) error {
	if d.Content.Kind == KindAlert {
		return s.watch(ctx, d, isAsked)
	}
	// The run is kept before anything is sent, so that a crash in the middle shows and nothing is sent twice.
	var run int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		run, err = s.store.AddRun(ctx, d.ID, database.Time(ctx), OutcomeSending, Detail{})
		return err
	})
	if err != nil {
		return err
	}
	detail := s.mail(ctx, d, func(ctx context.Context) (Letter, error) { return s.report(ctx, d) })
	outcome := OutcomeSent
	switch {
	case detail.Readers == 0:
		outcome = OutcomeFailed
	case len(detail.Problems) > 0:
		outcome = OutcomePartly
	}
	return s.db.Within(ctx, func(ctx context.Context) error { return s.store.EndRun(ctx, run, outcome, detail) })
}

// watch judges an alert; who reads it hears of it once, when it begins to hold.
func (s *Service) watch(ctx context.Context, d saved.Document[Content], isAsked bool) error {
	detail, holds, err := s.look(ctx, d.Content)
	outcome := OutcomeQuiet
	if holds {
		outcome = OutcomeFiring
	}
	if f, ok := fault.As(err); ok {
		if f.Kind == fault.Unavailable && !isAsked {
			return nil // analysis is being built: the next look finds it
		}
		outcome, detail = OutcomeFailed, Detail{Problems: []Problem{problemOf("", f)}}
	} else if err != nil {
		return err
	}
	standings, err := s.store.Standings(ctx)
	if err != nil {
		return err
	}
	was := standings[d.ID].isFiring
	if outcome == OutcomeFiring && !was {
		sent := s.mail(ctx, d, func(ctx context.Context) (Letter, error) { return s.warning(ctx, d, detail), nil })
		detail.Readers, detail.Problems = sent.Readers, sent.Problems
	}
	runs, err := s.store.Runs(ctx, d.ID, 1)
	if err != nil {
		return err
	}
	isNews := len(runs) == 0 || runs[0].Outcome != outcome
	return s.db.Within(ctx, func(ctx context.Context) error {
		if outcome != OutcomeFailed {
			if err := s.store.SetFiring(ctx, d.ID, holds); err != nil {
				return err
			}
		}
		if !isNews && !isAsked {
			return nil
		}
		_, err := s.store.AddRun(ctx, d.ID, database.Time(ctx), outcome, detail)
		return err
	})
}

// mail writes to every reader what their own rights show.
func (s *Service) mail(ctx context.Context, d saved.Document[Content], write func(context.Context) (Letter, error)) Detail {
	var out Detail
	readers := []int64{d.OwnerID}
	for _, id := range d.Content.People {
		if id != d.OwnerID {
			readers = append(readers, id)
		}
	}
	for _, id := range readers {
		reader, err := auth.ActAs(ctx, id)
		if err == nil {
			var l Letter
			if l, err = write(reader); err == nil {
				l.To = auth.From(reader).Email
				err = s.post.Post(ctx, l)
			}
		}
		if err == nil {
			out.Readers++
			continue
		}
		name := fmt.Sprint(id)
		if reader != nil {
			name = auth.From(reader).Name
		}
		if f, ok := fault.As(err); ok {
			out.Problems = append(out.Problems, problemOf(name, f))
			continue
		}
		slog.Error("subscription: a reader got nothing", "subscription_id", d.ID, "person_id", id, "error", err)
		out.Problems = append(out.Problems, Problem{Reader: name, Code: "cube.subscription_unsent", Message: "It could not be sent; see the log."})
	}
	return out
}

func say(ctx context.Context, ko, en string) string {
	if auth.From(ctx).Locale == "en" {
		return en
	}
	return ko
}

// report makes the mail of a report for whoever acts in ctx.
func (s *Service) report(ctx context.Context, d saved.Document[Content]) (Letter, error) {
	title, sheets, link, err := s.sheets(ctx, d)
	if err != nil {
		return Letter{}, err
	}
	file := &bytes.Buffer{}
	kind := "application/pdf"
	if d.Content.Format == "pdf" {
		p := paper.Paper{Title: title, Locale: auth.From(ctx).Locale, Zone: s.opts.Zone, Font: s.opts.Font(), Sheets: sheets}
		err = p.Write(file)
	} else {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = cube.WriteWorkbook(file, sheets)
	}
	if err != nil {
		return Letter{}, err
	}
	at := sheets[0].AsOf.At.In(s.opts.Zone)
	return Letter{
		Subject: "[Dangol] " + title + " " + at.Format(time.DateOnly),
		Text: fmt.Sprintf(say(ctx, "%s\n데이터 기준: %s\n화면에서 보기: %s\n\n이 메일은 구독 \"%s\"에 따라 보냈습니다. 구독을 바꾸거나 멈추려면: %s\n",
			"%s\nData as of %s\nOpen it: %s\n\nSent by the subscription \"%s\". Change or stop it: %s\n"),
			title, at.Format("2006-01-02 15:04"), s.opts.Site+link, d.Name, s.opts.Site+"/subscriptions"),
		FileName: "dangol-" + at.Format("20060102") + "." + d.Content.Format, FileType: kind, File: file.Bytes(),
	}, nil
}

// warning makes the mail of an alert.
func (s *Service) warning(ctx context.Context, d saved.Document[Content], detail Detail) Letter {
	value := paper.Text(*detail.Value, warehouse.KindNumber)
	text := fmt.Sprintf(say(ctx, "알림 \"%s\"의 조건이 맞았습니다.\n%s: %s\n", "The condition of the alert \"%s\" holds.\n%s: %s\n"), d.Name, detail.Period, value)
	if detail.Usual != nil {
		text += fmt.Sprintf(say(ctx, "평소(중앙값): %s\n", "Usual (median): %s\n"), paper.Text(*detail.Usual, warehouse.KindNumber))
	}
	if d.Content.Is != Unusual {
		text += fmt.Sprintf(say(ctx, "기준값: %s\n", "Threshold: %s\n"), paper.Text(d.Content.Value, warehouse.KindNumber))
	}
	text += "\n" + s.opts.Site + fmt.Sprintf("/pivot?saved=%d", d.Content.PivotID) + "\n" + s.opts.Site + "/subscriptions\n"
	return Letter{Subject: "[Dangol] " + say(ctx, "알림: ", "Alert: ") + d.Name, Text: text}
}

// sheets asks what is subscribed as tables, and says where it can be opened.
func (s *Service) sheets(ctx context.Context, d saved.Document[Content]) (title string, sheets []cube.Sheet, link string, err error) {
	purpose := say(ctx, "구독 메일: ", "Subscription by mail: ") + d.Name
	if d.Content.PivotID != 0 {
		p, err := s.cubes.FindPivot(ctx, d.Content.PivotID)
		if err != nil {
			return "", nil, "", err
		}
		e, err := s.cubes.Export(ctx, p.Query, cube.FormatXLSX, purpose)
		if err != nil {
			return "", nil, "", err
		}
		sheet, err := e.Sheet("")
		return p.Name, []cube.Sheet{sheet}, fmt.Sprintf("/pivot?saved=%d", p.ID), err
	}
	b, err := s.boards.Find(ctx, d.Content.BoardID)
	if err != nil {
		return "", nil, "", err
	}
	for _, tile := range b.Content.Tiles {
		sheet, err := s.tile(ctx, &b.Content, &tile, purpose)
		if f, ok := fault.As(err); ok && f.Kind != fault.Unavailable { // what this reader may not see is said in its place
			sheet, err = cube.Sheet{Title: tile.Title, Heads: 0, Lines: [][]any{{f.Message}}, Kinds: []warehouse.Kind{warehouse.KindText}}, nil
		}
		if err != nil {
			return "", nil, "", err
		}
		sheets = append(sheets, sheet)
	}
	if len(sheets) == 0 {
		return "", nil, "", fault.New(fault.Invalid, "cube.board_empty", "The dashboard {name} has no tiles.", "name", b.Name)
	}
	for i := range sheets {
		if sheets[i].AsOf.At.IsZero() {
			sheets[i].AsOf.At = s.cubes.Today()
		}
	}
	return b.Name, sheets, fmt.Sprintf("/boards?board=%d", b.ID), nil
}

// tile asks one tile under the period and the filters of its board.
func (s *Service) tile(ctx context.Context, c *board.Content, t *board.Tile, purpose string) (cube.Sheet, error) {
	if t.Figure != "" {
		return s.figure(ctx, c, t)
	}
	q := t.Query
	if q.Period == nil {
		q.Period = c.Period
	}
	if t.Shape == "number" {
		q.Compare = c.Compare
		if q.Period == nil {
			q.Period = &cube.Period{Last: 1, Unit: "month"}
		}
	}
	switch {
	case q.Filters == nil:
		q.Filters = c.Filters
	case c.Filters != nil:
		q.Filters = &cube.Filter{Op: "and", Rules: []cube.Filter{*q.Filters, *c.Filters}}
	}
	e, err := s.cubes.Export(ctx, q, cube.FormatXLSX, purpose)
	if err != nil {
		return cube.Sheet{}, err
	}
	sheet, err := e.Sheet(t.Title)
	if err == nil && t.Target != nil && len(sheet.Lines) > sheet.Heads {
		sheet.Lines[sheet.Heads-1] = append(sheet.Lines[sheet.Heads-1], say(ctx, "목표", "Target"))
		sheet.Lines[sheet.Heads] = append(sheet.Lines[sheet.Heads], *t.Target)
		sheet.Kinds = append(sheet.Kinds, sheet.Kinds[0])
	}
	return sheet, err
}

func (s *Service) figure(ctx context.Context, c *board.Content, t *board.Tile) (cube.Sheet, error) {
	ask := board.Ask{Period: cube.Period{Last: 1, Unit: "month"}, Compare: c.Compare}
	if c.Period != nil {
		ask.Period = *c.Period
	}
	figures, err := s.boards.Figures(ctx, ask)
	if err != nil {
		return cube.Sheet{}, err
	}
	out := cube.Sheet{Title: t.Title, Heads: 1, AsOf: figures.AsOf, From: figures.From, To: figures.To}
	out.Lines = [][]any{{say(ctx, "이번", "Now"), say(ctx, "이전", "Before")}}
	for _, f := range figures.Items {
		if f.Name != t.Figure {
			continue
		}
		line := make([]any, 2)
		for i, v := range []*float64{f.Now, f.Before} {
			if v != nil {
				line[i] = *v
			}
		}
		out.Lines, out.Kinds = append(out.Lines, line), []warehouse.Kind{f.Kind, f.Kind}
	}
	return out, nil
}
