// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// heldUntil is when recipients are due who wait for the winner of a test: never,
// until it is chosen.
const heldUntil int64 = 253_402_300_799_000_000

// restMark follows the winner's key on those who got it after the test: they are
// no part of the comparison, because they were reached at another time.
const restMark = "+"

// How a winner was chosen.
const (
	WinnerShown    = "shown"  // the objective differs beyond chance
	WinnerByTime   = "time"   // the time of the test was over: the best so far
	WinnerByPerson = "person" // somebody decided
)

// letters are the messages of a campaign: one, or one for each variant.
type letters struct {
	by      map[string]*mail.Letter // "" is the campaign's own template
	message consent.Message
	fields  []string
}

// of is the letter of a recipient's variant.
func (l *letters) of(variant string) *mail.Letter {
	if found := l.by[strings.TrimSuffix(variant, restMark)]; found != nil {
		return found
	}
	return l.by[""]
}

// add takes one more letter in. The gate is asked once for all variants, so it
// hears the strictest of them.
func (l *letters) add(key string, letter *mail.Letter, t mail.Template) {
	m := letter.Message(t)
	if len(l.by) == 0 {
		l.by, l.message = map[string]*mail.Letter{"": letter}, m
	}
	l.by[key] = letter
	l.message.HasMarketing = l.message.HasMarketing || m.HasMarketing
	l.message.HasFreeOptOut = l.message.HasFreeOptOut && m.HasFreeOptOut
	if m.ApprovedReason == "" {
		l.message.ApprovedReason = ""
	}
	for _, field := range letter.Fields() {
		if !slices.Contains(l.fields, field) {
			l.fields = append(l.fields, field)
		}
	}
}

// messages are the templates of a campaign by variant, in order.
func (c *Campaign) messages() []Variant {
	if len(c.Intent.Variants) > 0 {
		return c.Intent.Variants
	}
	return []Variant{{TemplateID: c.TemplateID, VersionID: c.VersionID, Share: 1}}
}

// pinned loads the letters in the versions that planning has fixed.
func (s *Service) pinned(ctx context.Context, c *Campaign, track func([]string) ([]int64, error)) (*letters, error) {
	l := &letters{}
	for _, v := range c.messages() {
		t, err := s.letters.FindVersion(ctx, v.TemplateID, v.VersionID)
		if err != nil {
			return nil, err
		}
		letter, err := s.letters.Compile(ctx, t, c.ID, c.Name, track)
		if err != nil {
			return nil, err
		}
		l.add(v.Key, letter, t)
	}
	return l, nil
}

// newest loads the letters as they are now and pins their versions.
func (s *Service) newest(ctx context.Context, c *Campaign) (*letters, error) {
	l := &letters{}
	list := c.messages()
	for i := range list {
		t, err := s.letters.Find(ctx, list[i].TemplateID)
		if err != nil {
			return nil, err
		}
		for _, r := range t.Remarks {
			if r.Severity == "error" {
				return nil, fault.New(fault.Invalid, r.Code, r.Message)
			}
		}
		letter, err := s.letters.Compile(ctx, t, c.ID, c.Name, nil)
		if err != nil {
			return nil, err
		}
		if i > 0 && letter.Message(t).Class != l.message.Class {
			return nil, fault.New(fault.Invalid, "campaign.mixed_classes", "All variants must be of one class: advertisement, information or statutory notice.")
		}
		list[i].VersionID = t.Latest.ID
		l.add(list[i].Key, letter, t)
	}
	c.VersionID = list[0].VersionID
	return l, nil
}

// deal gives recipients their variants at random, by share; those who wait for
// the winner are held.
func (p *planner) deal(ctx context.Context, random *rand.Rand, ids []int64) error {
	variants := p.c.Intent.Variants
	if len(variants) < 2 {
		return nil
	}
	var total int64
	for _, v := range variants {
		total += v.Share
	}
	now := p.s.db.Now(ctx).UnixMicro()
	for part := range slices.Chunk(ids, planChunk) {
		values := make([]any, 0, 3*len(part))
		for _, id := range part {
			key, at := "", heldUntil
			if !p.c.Intent.HasTest() || random.Int64N(basisPoints) < p.c.Intent.TestShare {
				key, at = variants[pick(variants, random.Int64N(total))].Key, now
			}
			values = append(values, id, key, at)
		}
		err := p.s.db.WithinBulk(ctx, func(ctx context.Context) error {
			return p.s.db.UpdateRows(ctx, "recipients", []string{"BIGINT", "TEXT", "BIGINT"}, "variant = v.c2, retry_at = v.c3", values)
		})
		if err != nil {
			return fmt.Errorf("deal variants: %w", err)
		}
	}
	return nil
}

func pick(variants []Variant, at int64) int {
	for i, v := range variants {
		if at -= v.Share; at < 0 {
			return i
		}
	}
	return len(variants) - 1
}

// ChooseWinner ends the test of a campaign: everybody who waits gets the variant.
func (s *Service) ChooseWinner(ctx context.Context, id int64, key, how string) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	switch {
	case !c.Intent.HasTest() || c.StartedAt == nil:
		return c, fault.New(fault.Conflict, "campaign.no_test", "No test of variants is under way in this campaign.")
	case c.Winner != "":
		return c, fault.New(fault.Conflict, "campaign.has_winner", "The winner is {winner} already; its message is on the way to the rest.", "winner", c.Winner)
	case !slices.ContainsFunc(c.Intent.Variants, func(v Variant) bool { return v.Key == key }):
		return c, fault.New(fault.Invalid, "campaign.no_variant", "There is no variant {key}.", "key", key)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.setWinner(ctx, id, key, how); err != nil {
			return err
		}
		if c.State == Running {
			if _, err := s.queue.Add(ctx, sendJob, jobArgs{id}, job.Options{Unique: fmt.Sprint(id), PersonID: c.PersonID}); err != nil {
				return err
			}
		}
		c.Winner, c.WinnerHow = key, how
		return s.note(ctx, "campaign.winner_chosen", c)
	})
	if err != nil {
		return c, fmt.Errorf("choose winner of campaign %d: %w", id, err)
	}
	s.publish(ctx, id)
	return s.store.find(ctx, id)
}

// release makes due who waited for the winner.
func (s *Service) release(ctx context.Context, c Campaign) error {
	for c.Winner != "" {
		n := 0
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			var err error
			n, err = s.store.releaseHeld(ctx, c.ID, c.Winner+restMark, dropChunk)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}
