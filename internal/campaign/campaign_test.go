// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// onSink runs a test on every engine, each with a sink of its own.
func onSink(t *testing.T, made func() *smtptest.Sink, test func(r *room, sink *smtptest.Sink)) {
	t.Helper()
	each(t, nil, func(r *room) {
		sink := made().Start(r.t)
		other := furnish(r.t, r.db, r.t.TempDir(), sink.Address(), r.clock)
		test(other, sink)
	})
}

func plainSink() *smtptest.Sink { return &smtptest.Sink{} }

func TestPlanJudgesFirstAndDrawsThen(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(200)
		r.exec(`UPDATE customers SET email = 'c1@x.kr' WHERE id = 2`)                             // a shared address
		r.exec(`UPDATE customers SET email = NULL WHERE id = 3`)                                  // cannot be reached
		r.exec(`DELETE FROM consents WHERE record_id = 1004`)                                     // never agreed
		r.exec(`UPDATE customers SET full_name = NULL WHERE id = 5`)                              // nothing to merge
		r.exec(`UPDATE customers SET hidden = 1 WHERE id = 6`)                                    // gone
		r.exec(`UPDATE consents SET action = 'refuse' WHERE record_id = 1007`)                    // refused
		r.exec(`UPDATE consents SET is_claimed = 1 WHERE record_id = 1008`)                       // asserted by an import
		r.exec(`UPDATE consents SET at = ? WHERE record_id = 1009`, time.Now().AddDate(-3, 0, 0)) // not confirmed
		c := r.campaign(nil)
		c = r.plan(c.ID)
		want := map[string]int64{
			ReasonDuplicate: 1, "unreachable": 1, "no_consent": 2, ReasonMissing: 1, "refused": 1, "confirm_overdue": 1,
		}
		if fmt.Sprint(c.Counts.SkippedFor) != fmt.Sprint(want) {
			r.t.Errorf("skipped: %v, want %v", c.Counts.SkippedFor, want)
		}
		if c.State != Planned || c.Counts.Total != 199 || c.Counts.Control != 19 || c.Counts.Planned != 173 || c.Counts.Treatment != 173 {
			r.t.Errorf("planned: %s %+v", c.State, c.Counts)
		}
		// Planning again draws anew from the same people, and drops the old plan whole.
		again := r.plan(c.ID)
		if again.Counts.Total != 199 || again.Counts.Control != 19 || again.Seed == c.Seed {
			r.t.Errorf("again: %+v, seed %d and %d", again.Counts, c.Seed, again.Seed)
		}
		_, err := r.s.Update(r.ctx, c.ID, again.Version, Content{ControlShare: new(int64)})
		wantFault(r.t, "changing the control group of a plan", err, fault.Conflict)
	})
}

func TestControlGroupIsAFairDraw(t *testing.T) {
	t.Parallel()
	c := Campaign{ID: 7, ControlShare: 1000}
	for n, want := range map[int64]int64{0: 0, 1: 0, 4: 0, 5: 1, 10: 1, 15: 2, 1000: 100} {
		if got := c.controlSize(n); got != want {
			t.Errorf("%d sendable: %d in control, want %d", n, got, want)
		}
	}
	c.ControlMinimum = 500
	for n, want := range map[int64]int64{999: 100, 1000: 500, 10_000: 1000} {
		if got := c.controlSize(n); got != want {
			t.Errorf("%d sendable with a minimum: %d, want %d", n, got, want)
		}
	}
}

func TestSendingSkipsNobodyAndDoublesNobody(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		r.people(1200)
		c := r.plan(r.campaign(nil).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.State != Finished || c.Counts.HandedOver != 1080 || c.Counts.Control != 120 {
			r.t.Errorf("%s: %+v", c.State, c.Counts)
		}
		seen := map[string]int{}
		for _, m := range sink.Messages() {
			seen[m.To]++
		}
		if len(seen) != 1080 || len(sink.Messages()) != 1080 {
			r.t.Errorf("%d messages to %d addresses", len(sink.Messages()), len(seen))
		}
		_, err := r.s.Start(r.ctx, c.ID)
		wantFault(r.t, "starting a finished campaign", err, fault.Conflict)
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.live) < 3 || r.live[len(r.live)-1].State != Finished {
			r.t.Errorf("live: %d news", len(r.live))
		}
	})
}

// refusing is a server that has something against the first four people.
func refusing(verb, argument string) string {
	switch {
	case verb == "RCPT" && strings.Contains(argument, "c1@"):
		return "550 5.1.1 user unknown"
	case verb == "RCPT" && strings.Contains(argument, "c2@"):
		return "550 5.7.1 blocked"
	case verb == "RCPT" && strings.Contains(argument, "c3@"):
		return "451 4.7.1 later"
	case verb == "DOT" && argument == "c4@x.kr":
		return smtptest.CutAfter
	}
	return ""
}

func TestServersThatRefuse(t *testing.T) {
	t.Parallel()
	made := func() *smtptest.Sink {
		var isLater atomic.Bool
		return &smtptest.Sink{Reply: func(verb, argument string) string {
			if verb == "RCPT" && strings.Contains(argument, "c3@") && isLater.Swap(true) {
				return ""
			}
			return refusing(verb, argument)
		}}
	}
	onSink(t, made, func(r *room, sink *smtptest.Sink) {
		r.people(30)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.State != Running || c.Counts.Bounced != 1 || c.Counts.Failed != 1 || c.Counts.Unknown != 1 || c.Counts.Planned != 1 || c.Counts.HandedOver != 26 {
			r.t.Fatalf("%s: %+v", c.State, c.Counts)
		}
		// Later the deferred one goes; the unknown one is never sent again.
		r.clock.turn(6 * time.Minute)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.State != Finished || c.Counts.HandedOver != 27 || c.Counts.Unknown != 1 {
			r.t.Errorf("%s: %+v", c.State, c.Counts)
		}
		// The next campaign knows the address that bounced.
		next := r.plan(r.campaign(nil).ID)
		if next.Counts.SkippedFor["unreachable"] != 1 {
			r.t.Errorf("next campaign: %+v", next.Counts)
		}
	})
}

func TestRefusalStopsWhatIsQueued(t *testing.T) {
	t.Parallel()
	var r *room
	refused := make(chan struct{})
	reply := func(verb, argument string) string {
		if verb == "DOT" { // at the first message somebody else refuses
			select {
			case <-refused:
			default:
				_, err := r.gate.Withdraw(r.ctx, consent.Refusal{RecordID: 1090, Address: "c90@x.kr", Sender: "company", Channel: consent.Email, Method: consent.Mail})
				if err != nil {
					r.t.Error(err)
				}
				close(refused)
			}
		}
		return ""
	}
	sink := (&smtptest.Sink{Reply: reply}).Start(t)
	each(t, nil, func(made *room) {
		if r != nil || made.db.IsPostgres() {
			return
		}
		r = furnish(made.t, made.db, made.t.TempDir(), sink.Address(), made.clock)
		r.s.options.Workers = 1
		r.people(100)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.Counts.HandedOver != 99 || c.Counts.SkippedFor["refused"] != 1 {
			r.t.Errorf("%+v", c.Counts)
		}
		for _, m := range sink.Messages() {
			if m.To == "c90@x.kr" {
				r.t.Error("the one who refused got the message")
			}
		}
	})
}

func TestPauseResumeCancel(t *testing.T) {
	t.Parallel()
	var taken sync.Map // sink address → channel that hears of each message
	listening := func() *smtptest.Sink {
		heard := make(chan struct{}, 1000)
		sink := &smtptest.Sink{Taken: func(smtptest.Message) { heard <- struct{}{} }}
		taken.Store(sink, heard)
		return sink
	}
	onSink(t, listening, func(r *room, sink *smtptest.Sink) {
		value, _ := taken.Load(sink)
		heard := value.(chan struct{})
		hear := func(n int) {
			for range n {
				<-heard
			}
		}
		r.people(600)
		c := r.plan(r.campaign(func(p *Content) {
			p.ControlShare = new(int64)
			perMinute := int64(9_000)
			p.RatePerMinute = &perMinute
		}).ID)
		r.start(c.ID)
		done := make(chan error, 1)
		go func() { done <- r.send(c.ID) }()
		hear(50)
		if _, err := r.s.Pause(r.ctx, c.ID); err != nil {
			r.t.Fatal(err)
		}
		if err := <-done; err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		at := int64(len(sink.Messages()))
		if c.State != Paused || c.Counts.Leased != 0 || c.Counts.HandedOver != at || at >= 600 {
			r.t.Fatalf("paused: %s %+v, %d taken", c.State, c.Counts, at)
		}
		if _, err := r.s.Resume(r.ctx, c.ID); err != nil {
			r.t.Fatal(err)
		}
		go func() { done <- r.send(c.ID) }()
		hear(int(at))
		if _, err := r.s.Cancel(r.ctx, c.ID); err != nil {
			r.t.Fatal(err)
		}
		if err := <-done; err != nil {
			r.t.Fatal(err)
		}
		for {
			var n int
			err := r.db.WithinBulk(r.ctx, func(ctx context.Context) (err error) {
				n, err = r.s.store.cancelPlanned(ctx, c.ID, 100)
				return err
			})
			if err != nil {
				r.t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		c = r.find(c.ID)
		seen := map[string]bool{}
		for _, m := range sink.Messages() {
			if seen[m.To] {
				r.t.Errorf("%s got it twice", m.To)
			}
			seen[m.To] = true
		}
		if c.State != Cancelled || c.Counts.HandedOver != int64(len(seen)) || c.Counts.HandedOver+c.Counts.Cancelled != 600 || c.Counts.Unknown != 0 {
			r.t.Errorf("cancelled: %s %+v, %d got it", c.State, c.Counts, len(seen))
		}
	})
}

// A restored database does not know what was sent since the backup: running
// campaigns wait for a person, and what was under way counts as unknown.
func TestAfterARestore(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(10)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		err := r.db.Within(r.ctx, func(ctx context.Context) error {
			_, err := r.s.store.lease(ctx, c.ID, 77, 4)
			return err
		})
		if err == nil {
			err = r.s.PauseAll(r.ctx, "restored")
		}
		if err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.State != Paused || c.Note != "restored" {
			r.t.Errorf("%s %q", c.State, c.Note)
		}
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.Counts.HandedOver != 0 {
			r.t.Errorf("a paused campaign sends: %+v", c.Counts)
		}
		if _, err := r.s.Resume(r.ctx, c.ID); err != nil {
			r.t.Fatal(err)
		}
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		if c = r.find(c.ID); c.Counts.Unknown != 4 || c.Counts.HandedOver != 6 {
			r.t.Errorf("%+v", c.Counts)
		}
	})
}

func TestAServerThatIsAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T) string { return "127.0.0.1:1" }, func(r *room) {
		if r.db.IsPostgres() {
			return
		}
		r.people(5)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		ctx, cancel := context.WithTimeout(r.ctx, 1500*time.Millisecond)
		defer cancel()
		_ = r.s.send(ctx, c.ID, nil)
		if c = r.find(c.ID); c.Counts.Leased != 0 || c.Counts.Planned != 5 || !strings.Contains(c.Note, "127.0.0.1:1") {
			r.t.Errorf("%q %+v", c.Note, c.Counts)
		}
	})
}

func TestPeopleWhoChangedMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(10)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.exec(`UPDATE customers SET email = 'new@x.kr' WHERE id = 1`)           // moved
		r.exec(`UPDATE record_links SET customer_id = 2 WHERE record_id = 1003`) // 3 merged into 2
		r.exec(`UPDATE customers SET alias_of = 2, hidden = 1 WHERE id = 3`)     //
		r.exec(`UPDATE customers SET full_name = '' WHERE id = 4`)               // lost the name
		r.exec(`UPDATE customers SET hidden = 1 WHERE id = 5`)                   // erased
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		want := map[string]int64{ReasonMoved: 2, ReasonMissing: 1, "unreachable": 1}
		if c.Counts.HandedOver != 6 || fmt.Sprint(c.Counts.SkippedFor) != fmt.Sprint(want) {
			r.t.Errorf("%+v", c.Counts)
		}
	})
}

func TestUnsubscribePageAndClicks(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(3)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		kept, _, err := r.letters.ListOutbox(r.ctx, "c2@x.kr", "", 10)
		if err != nil || len(kept) != 1 {
			r.t.Fatal(kept, err)
		}
		message, err := r.letters.FindOutbox(r.ctx, kept[0].ID)
		if err != nil {
			r.t.Fatal(err)
		}
		if !strings.HasPrefix(message.Subject, "(광고) 고객2님께") || !strings.Contains(message.HTML, "고객2님은") {
			r.t.Errorf("%s %s", message.Subject, message.HTML)
		}
		token := regexp.MustCompile(`/t/([A-Za-z0-9_-]+)"`).FindStringSubmatch(message.HTML)[1]
		browser := "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"
		for i, v := range []Visit{
			{Token: token, UserAgent: browser, IsHead: true},
			{Token: token, UserAgent: "Barracuda Link Scanner"},
			{Token: token},
			{Token: token, UserAgent: browser, Address: "148.163.130.7"},
			{Token: token, UserAgent: browser},
			{Token: token, UserAgent: browser},
		} {
			target, err := r.s.Follow(r.ctx, v)
			if err != nil || target != "https://shop.kr/a" {
				r.t.Errorf("visit %d: %s %v", i, target, err)
			}
		}
		_, err = r.s.Follow(r.ctx, Visit{Token: token[:len(token)-2] + "AA", UserAgent: browser})
		wantFault(r.t, "an altered link", err, fault.NotFound)
		links, err := r.s.ListLinks(r.ctx, c.ID)
		if err != nil || len(links) != 1 || links[0].Clicks != 2 || links[0].People != 1 || links[0].Machine != 3 {
			r.t.Errorf("links: %+v %v", links, err)
		}
		address, _ := url.Parse(strings.Trim(message.Headers["List-Unsubscribe"], "<>"))
		refuse := strings.TrimPrefix(address.Path, "/u/")
		for range 3 { // looking changes nothing
			if head, err := r.s.ShowUnsubscribe(r.ctx, refuse); err != nil || head.IsDone || strings.Contains(head.Address, "c2@") {
				r.t.Errorf("page: %+v %v", head, err)
			}
		}
		for range 2 { // refusing twice is refusing once
			if head, err := r.s.Unsubscribe(r.ctx, refuse, false, map[string]string{"ip": "192.0.2.1"}); err != nil || !head.IsDone {
				r.t.Errorf("refusal: %+v %v", head, err)
			}
		}
		if c = r.find(c.ID); c.Counts.Clicked != 1 || c.Counts.Unsubscribed != 1 {
			r.t.Errorf("%+v", c.Counts)
		}
		overview, err := r.gate.Overview(r.ctx, 2)
		if err != nil || len(overview.Items) != 2 || overview.Items[0].Action != consent.Withdraw || overview.Items[0].CampaignID != c.ID {
			r.t.Errorf("ledger of consent: %+v %v", overview, err)
		}
		next := r.plan(r.campaign(nil).ID)
		if next.Counts.SkippedFor["refused"] != 1 {
			r.t.Errorf("next campaign: %+v", next.Counts)
		}
		// The link works when the campaign is gone.
		r.exec(`DELETE FROM recipients`)
		if head, err := r.s.ShowUnsubscribe(r.ctx, refuse); err != nil || head.Address == "" {
			r.t.Errorf("page without the ledger: %+v %v", head, err)
		}
	})
}

func TestFrequencyCap(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(4)
		if err := r.gate.SetPolicy(r.ctx, consent.Policy{MaxContacts: 1, PerDays: 7}); err != nil {
			r.t.Fatal(err)
		}
		first := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		second := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID) // planned before the first went out
		for _, c := range []Campaign{first, second} {
			r.start(c.ID)
			if err := r.send(c.ID); err != nil {
				r.t.Fatal(err)
			}
		}
		if c := r.find(second.ID); c.Counts.HandedOver != 0 || c.Counts.SkippedFor["frequency_cap"] != 4 {
			r.t.Errorf("%+v", c.Counts)
		}
		r.clock.turn(8 * 24 * time.Hour)
		if third := r.plan(r.campaign(nil).ID); third.Counts.Planned != 4 {
			r.t.Errorf("a week later: %+v", third.Counts)
		}
	})
}

func TestRightsOfCampaigns(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(3)
		c := r.plan(r.campaign(nil).ID)
		reader := auth.With(context.Background(), auth.Person{ID: 5, Permissions: auth.Permit("campaign:read"), Scope: auth.Scope{Branch: "부산"}})
		for what, err := range map[string]error{
			"create": func() error { _, err := r.s.Create(reader, Content{}); return err }(),
			"plan":   func() error { _, err := r.s.Plan(reader, c.ID); return err }(),
			"start":  func() error { _, err := r.s.Start(reader, c.ID); return err }(),
			"pause":  func() error { _, err := r.s.Pause(reader, c.ID); return err }(),
			"cancel": func() error { _, err := r.s.Cancel(reader, c.ID); return err }(),
			"delete": r.s.Delete(reader, c.ID),
		} {
			wantFault(r.t, what, err, fault.Forbidden)
		}
		if list, _, err := r.s.ListRecipients(reader, c.ID, RecipientFilter{Limit: 10}); err != nil || len(list) != 0 {
			r.t.Errorf("recipients of another branch: %v %v", list, err)
		}
		near := auth.With(context.Background(), auth.Person{ID: 5, Permissions: auth.Permit("campaign:read"), Scope: auth.Scope{Branch: "서울"}})
		list, _, err := r.s.ListRecipients(near, c.ID, RecipientFilter{Limit: 10})
		if err != nil || len(list) != 3 || strings.Contains(list[0].Address, "c1@") || list[0].Name == "고객1" {
			r.t.Errorf("masked recipients: %+v %v", list, err)
		}
	})
}

func TestTimelineOfCampaigns(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(2)
		c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		items, err := r.s.Timeline(r.ctx, customer.Subject{RecordIDs: []int64{1001}}, customer.Position{}, 10)
		if err != nil || len(items) != 1 || items[0].Kind != "campaign.sent" || items[0].Title != c.Name {
			r.t.Errorf("%+v %v", items, err)
		}
	})
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ko", "en"} {
		for _, state := range []string{"ask", "done", "test", "bad", "error"} {
			page := string(renderPage(lang, state, Letterhead{Sender: consent.Sender{Name: "<b>한국</b>"}, Address: "a***@x.kr"}))
			if !strings.Contains(page, `lang="`+lang+`"`) || strings.Contains(page, "<b>한국") || strings.Contains(page, "<no value>") {
				t.Errorf("%s %s: %s", lang, state, page)
			}
			if (state == "ask") != strings.Contains(page, `method="post"`) {
				t.Errorf("%s %s: the form", lang, state)
			}
		}
	}
}
