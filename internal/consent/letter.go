// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

const (
	// noticeJob tells people what is due, when the company decided so.
	noticeJob = "consent.notify"
	// noticeOrigin begins Letter.Origin of notices.
	noticeOrigin = "consent-notice:"
	// noticePatience is after how long a notice that never went out is ordered again.
	noticePatience = 7 * 24 * time.Hour
	// tellMost bounds one press of the button; the rest follows with the next.
	tellMost = 5000
)

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(noticeJob, s.tellBySelf, job.RegisterOptions{MaxAttempts: 3})
	queue.Periodic(noticeJob, "10 9,14 * * *", struct{}{})
}

func (s *Service) tellBySelf(ctx context.Context, _ *job.Job) error {
	policy, err := s.Policy(ctx)
	if err != nil || !policy.TellsBySelf {
		return err
	}
	_, err = s.TellDue(auth.System(ctx, "consent"))
	return err
}

// Told is what became of the notices that were due.
type Told struct {
	Ordered   int `json:"ordered" doc:"Mails that go out now; each is noted in the ledger when it was handed over."`
	NoAddress int `json:"no_address" doc:"People without an e-mail address: tell them another way."`
	Waiting   int `json:"waiting" doc:"Mails that were ordered before and are still under way."`
}

// TellDue writes to the people to whom a notice is due: the result of what they
// expressed (L-AD-7) and the confirmation every two years (L-AD-8). What was
// ordered already is not ordered twice.
func (s *Service) TellDue(ctx context.Context) (Told, error) {
	var told Told
	if err := auth.Check(ctx, "consent:admin"); err != nil {
		return told, err
	}
	if s.letterbox == nil || s.links == nil {
		return told, fault.New(fault.Unavailable, "consent.no_links", "There is no public address; set public_url.")
	}
	list, err := s.ListDue(ctx, tellMost)
	if err != nil {
		return told, err
	}
	senders, err := s.store.listSenders(ctx)
	if err != nil {
		return told, err
	}
	groups, err := s.groupDue(ctx, list, senders)
	if err != nil {
		return told, err
	}
	for _, g := range groups {
		err := s.tell(ctx, g, &told)
		if fault.Is(err, fault.Invalid) { // an address that takes no mail must not keep the others from being told
			told.NoAddress++
			slog.WarnContext(ctx, "consent: a notice cannot be sent", "customer_id", g.customerID, "error", err)
			continue
		}
		if err != nil {
			return told, err
		}
	}
	return told, nil
}

// dueGroup is what one person is told in one mail.
type dueGroup struct {
	kind       NoticeKind
	sender     Sender
	customerID int64
	recordID   int64
	list       []Due
}

// groupDue puts together what goes to one person, so that five consents are one mail.
func (s *Service) groupDue(ctx context.Context, list []Due, senders []Sender) ([]*dueGroup, error) {
	var groups []*dueGroup
	type key struct {
		customer int64
		sender   string
		kind     NoticeKind
	}
	known := map[key]*dueGroup{}
	for _, due := range list {
		c, err := s.store.findConsent(ctx, due.ConsentID)
		if err != nil {
			return nil, err
		}
		k := key{c.CustomerID, c.Sender, due.Kind}
		if known[k] == nil {
			known[k] = &dueGroup{kind: due.Kind, customerID: c.CustomerID, recordID: c.RecordID}
			if i := slices.IndexFunc(senders, func(f Sender) bool { return f.Code == c.Sender }); i >= 0 {
				known[k].sender = senders[i]
			}
			groups = append(groups, known[k])
		}
		known[k].list = append(known[k].list, due)
	}
	return groups, nil
}

func (s *Service) tell(ctx context.Context, g *dueGroup, told *Told) error {
	email, _, err := s.store.addresses(ctx, g.customerID)
	if err != nil {
		return err
	}
	if email == "" {
		told.NoAddress++
		return nil
	}
	isOrdered := false
	err = s.db.Within(ctx, func(ctx context.Context) error {
		isOrdered = false
		var ids []string
		fresh := g.list[:0:0]
		for _, due := range g.list {
			isNew, err := s.store.orderNotice(ctx, due, database.Time(ctx).Add(-noticePatience))
			if err != nil {
				return err
			}
			if isNew {
				fresh, ids = append(fresh, due), append(ids, strconv.FormatInt(due.ConsentID, 10))
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		link, err := s.links.PreferenceLink(ctx, g.recordID, g.sender.ID)
		if err != nil {
			return err
		}
		subject, text := noticeLetter(g.kind, fresh, g.sender, link, s.zone)
		origin := noticeOrigin + string(g.kind) + ":" + strings.Join(ids, ",")
		isOrdered = true
		return s.letterbox.PostLetter(ctx, Letter{
			Key: origin + ":" + database.Time(ctx).Format(time.RFC3339), Kind: "notice", RecordID: g.recordID, To: email, Sender: g.sender.Code,
			Subject: subject, Text: text, Origin: origin,
		})
	})
	switch {
	case err != nil:
		return err
	case isOrdered:
		told.Ordered++
	default:
		told.Waiting++
	}
	return nil
}

// LetterSent writes into the ledger that a person was told, in the transaction in
// which the mail was handed over.
func (s *Service) LetterSent(ctx context.Context, origin string) error {
	rest, ok := strings.CutPrefix(origin, noticeOrigin)
	if !ok {
		return nil
	}
	kind, numbers, _ := strings.Cut(rest, ":")
	var notices []Notice
	for _, number := range strings.Split(numbers, ",") {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil || (kind != string(ResultNotice) && kind != string(BiennialNotice)) {
			slog.WarnContext(ctx, "consent: a notice without a consent was sent", "origin", origin)
			return nil
		}
		notices = append(notices, Notice{ConsentID: id, Kind: NoticeKind(kind), At: database.Time(ctx), Channel: Email})
	}
	return s.Notify(ctx, notices)
}

// noticeLetter writes a notice in Korean with English below. It holds what the law
// asks for and nothing else (L-AD-7, L-AD-8, L-AD-8a).
func noticeLetter(kind NoticeKind, list []Due, sender Sender, link string, zone *time.Location) (subject, text string) {
	var ko, en strings.Builder
	for _, due := range list {
		fmt.Fprintf(&ko, "- %s: %s\n", due.At.In(zone).Format("2006-01-02"), dueLine("ko", due))
		fmt.Fprintf(&en, "- %s: %s\n", due.At.In(zone).Format("2006-01-02"), dueLine("en", due))
	}
	nameEn := sender.NameEn
	if nameEn == "" {
		nameEn = sender.Name
	}
	if kind == BiennialNotice {
		return fmt.Sprintf("[%s] 광고성 정보 수신 동의 확인 안내", sender.Name), fmt.Sprintf(`광고성 정보 수신에 동의하신 사실을 알려 드립니다.

보내는 곳: %s
동의하신 날과 내용
%s
계속 받으시려면 아무것도 하지 않으셔도 됩니다. 그만 받으시려면 아래에서 언제든지 동의를 철회하실 수 있습니다.
%s

----
%s confirms your consent to advertising:
%s
To keep it you need not do anything; you can withdraw it at any time under the address above.
`, sender.Name, ko.String(), link, nameEn, en.String())
	}
	return fmt.Sprintf("[%s] 광고성 정보 수신 의사 처리 결과 안내", sender.Name), fmt.Sprintf(`표시하신 의사를 아래와 같이 처리했음을 알려 드립니다.

보내는 곳: %s
의사를 표시하신 날과 처리 결과
%s
수신 설정은 아래에서 언제든지 바꾸실 수 있습니다.
%s

----
%s tells you what was recorded:
%s
You can change your preferences at any time under the address above.
`, sender.Name, ko.String(), link, nameEn, en.String())
}

// dueLine is one expression in the words of a notice.
func dueLine(language string, due Due) string {
	channel := channelName(language, due.Channel)
	if due.IsNight {
		channel += " (" + words[language]["atNight"] + ")"
	}
	switch {
	case language == "en" && due.Action.Denies():
		return channel + ": advertising refused, recorded"
	case language == "en":
		return channel + ": consent to advertising, recorded"
	case due.Action.Denies():
		return channel + " 광고성 정보 수신거부, 처리 완료"
	}
	return channel + " 광고성 정보 수신 동의, 처리 완료"
}

// invitationLetter asks for the confirmation of a consent (double opt-in).
func invitationLetter(language string, sender Sender, i Invitation, link string, zone *time.Location) (subject, text string) {
	var ko, en []string
	for _, channel := range i.Channels {
		ko, en = append(ko, channelName("ko", channel)), append(en, channelName("en", channel))
	}
	nameEn := sender.NameEn
	if nameEn == "" {
		nameEn = sender.Name
	}
	until := i.ExpiresAt.In(zone).Format("2006-01-02")
	english := fmt.Sprintf(`You asked %s for information by %s. Please confirm on this page; until then nothing is sent. The link works until %s.
%s

If you did not ask for this, you need not do anything.
`, nameEn, strings.Join(en, ", "), until, link)
	if language == "en" {
		return fmt.Sprintf("[%s] Please confirm your request", nameEn), english
	}
	return fmt.Sprintf("[%s] 수신 동의를 확인해 주세요", sender.Name), fmt.Sprintf(`%s에 %s(으)로 소식을 받겠다고 요청하셨습니다. 본인이 요청하신 것이 맞는지 아래 화면에서 확인해 주세요. 확인하기 전에는 아무것도 보내지 않습니다.
%s

- 확인하실 수 있는 기간: %s까지
- 요청하신 적이 없다면 아무것도 하지 않으셔도 됩니다.

----
%s`, sender.Name, strings.Join(ko, ", "), link, until, english)
}

func channelName(language string, c Channel) string {
	if c == All {
		return words[language]["channel.all"]
	}
	return words[language][string(c)]
}
