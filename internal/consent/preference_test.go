// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// plainLinks name the record or invitation in clear; the signatures are tested in mail.
type plainLinks struct{}

func (plainLinks) PreferenceLink(_ context.Context, recordID, _ int64) (string, error) {
	return "https://crm.shop.kr/p/" + strconv.FormatInt(recordID, 10), nil
}

func (plainLinks) ReadPreference(_ context.Context, token string) (int64, int64, int64, error) {
	id, err := strconv.ParseInt(token, 10, 64)
	if err != nil {
		return 0, 0, 0, fault.New(fault.NotFound, "mail.bad_link", "The link is not valid.")
	}
	return id, 1, 0, nil
}

func (plainLinks) InvitationLink(_ context.Context, id int64) (string, error) {
	return "https://crm.shop.kr/c/" + strconv.FormatInt(id, 10), nil
}

func (plainLinks) ReadInvitation(_ context.Context, token string) (int64, error) {
	id, err := strconv.ParseInt(token, 10, 64)
	if err != nil {
		return 0, badLink()
	}
	return id, nil
}

// letters keeps what consent writes to people.
type letters struct{ list []Letter }

func (l *letters) PostLetter(_ context.Context, letter Letter) error {
	l.list = append(l.list, letter)
	return nil
}

func eachCentre(t *testing.T, test func(r *room, box *letters)) {
	each(t, func(r *room) {
		box := &letters{}
		r.s.UseLinks(plainLinks{})
		r.s.UseLetterbox(box)
		if _, err := r.db.Exec(r.ctx, `UPDATE customers SET email = '1@example.kr', mobile = '+821012345678' WHERE id = 1`); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.s.SaveSender(r.ctx, Sender{Code: DefaultSender, Name: "단골상회", NameEn: "Dangol Store", Email: "a@b.kr", Phone: "02-1", Address: "서울"}); err != nil {
			r.t.Fatal(err)
		}
		test(r, box)
	})
}

func (r *room) ledger() []Consent {
	r.t.Helper()
	overview, err := r.s.Overview(r.ctx, 1)
	if err != nil {
		r.t.Fatal(err)
	}
	return overview.Items
}

// visit asks for a page as a stranger does.
func (r *room) visit(method, path string, form url.Values, header ...string) (int, string) {
	r.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("User-Agent", "Browser/1")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	request = request.WithContext(auth.With(context.Background(), auth.Person{Address: "203.0.113.7"}))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /p/{token}", r.s.servePreferences)
	mux.HandleFunc("POST /p/{token}", r.s.saveByForm)
	mux.HandleFunc("GET /c/{token}", r.s.serveInvitation)
	mux.HandleFunc("POST /c/{token}", r.s.answerByForm)
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}

func TestThePreferenceCentre(t *testing.T) {
	t.Parallel()
	eachCentre(t, func(r *room, _ *letters) {
		status, page := r.visit("GET", "/p/101", nil)
		if status != 200 || !strings.Contains(page, "수신 설정") || !strings.Contains(page, `name="on" value="ad.sms"`) || strings.Contains(page, "1@example.kr") {
			r.t.Fatalf("%d %s", status, page)
		}
		if _, english := r.visit("GET", "/p/101", nil, "Accept-Language", "en-GB,en"); !strings.Contains(english, "Communication preferences") {
			r.t.Error("no English page")
		}
		if len(r.ledger()) != 0 {
			r.t.Fatal("looking at the page wrote something")
		}
		// E-mail has no night of its own by the law; text messages have.
		form := url.Values{"on": {"ad.email", "ad.sms"}, "night": {"ad.sms", "ad.email"}, "seen": {"0"}, "lang": {"ko"}}
		if status, page = r.visit("POST", "/p/101", form); status != 200 || !strings.Contains(page, "저장했습니다") {
			r.t.Fatalf("%d %s", status, page)
		}
		list := r.ledger()
		if len(list) != 3 {
			r.t.Fatalf("%+v", list)
		}
		var evidence map[string]any
		for _, c := range list {
			if err := json.Unmarshal(c.Evidence, &evidence); err != nil || evidence["ip"] != "203.0.113.7" || evidence["user_agent"] != "Browser/1" || evidence["text"] == "" {
				r.t.Errorf("evidence %s %v", c.Evidence, err)
			}
			if c.Action != Grant || c.Method != Web || c.Actor != "recipient" || c.WordingVersion != wordingVersion+".ko" || c.IsNight && c.Channel != SMS {
				r.t.Errorf("%+v", c)
			}
		}
		// The same form again, from a page that is not current any more, writes nothing.
		form.Set("on", "ad.email")
		if _, page = r.visit("POST", "/p/101", form); !strings.Contains(page, "그사이 설정이 바뀌었습니다") || len(r.ledger()) != 3 {
			r.t.Error("an old page was obeyed")
		}
		// Without the day there is no night: both are withdrawn, and the gate hears it.
		r.clock.add(time.Minute)
		form = url.Values{"on": {"ad.email"}, "night": {"ad.sms"}, "seen": {strconv.FormatInt(list[0].ID, 10)}}
		if status, page = r.visit("POST", "/p/101", form); status != 200 {
			r.t.Fatal(page)
		}
		if list = r.ledger(); len(list) != 5 || list[0].Action != Withdraw || list[1].Action != Withdraw {
			r.t.Fatalf("%+v", list)
		}
		m := Message{Class: Ad, Channel: Email, Sender: DefaultSender, HasFreeOptOut: true}
		answers, err := r.s.Permits(r.ctx, m, []Ask{{RecordID: 101, Address: "1@example.kr"}})
		if err != nil || !answers[0].Decision.IsYes() {
			r.t.Fatalf("%+v %v", answers, err)
		}
		r.clock.add(time.Minute)
		if status, page = r.visit("POST", "/p/101", url.Values{"all": {"1"}, "seen": {"0"}}); status != 200 || !strings.Contains(page, "모든 방법") {
			r.t.Fatal(page)
		}
		if err := answers[0].Permit.Check(Email, "1@example.kr", r.clock.now()); !fault.Is(err, fault.Conflict) {
			r.t.Errorf("a permit survived the withdrawal: %v", err)
		}
		if answers, err = r.s.Permits(r.ctx, m, []Ask{{RecordID: 102, Address: "1@example.kr"}}); err != nil || answers[0].Decision.Reason != RefusedByPerson {
			r.t.Errorf("the same address of another record: %+v %v", answers, err)
		}
		// A new consent of the person counts again.
		r.clock.add(time.Minute)
		seen := strconv.FormatInt(r.ledger()[0].ID, 10)
		r.visit("POST", "/p/101", url.Values{"on": {"ad.email"}, "seen": {seen}})
		if answers, err = r.s.Permits(r.ctx, m, []Ask{{RecordID: 101, Address: "1@example.kr"}}); err != nil || !answers[0].Decision.IsYes() {
			r.t.Errorf("after a new consent: %+v %v", answers, err)
		}
	})
}

func TestBadLinksAndPreviews(t *testing.T) {
	t.Parallel()
	eachCentre(t, func(r *room, _ *letters) {
		for _, path := range []string{"/p/nonsense", "/c/nonsense", "/c/77", "/p/987654"} {
			if status, page := r.visit("GET", path, nil); status != 404 || !strings.Contains(page, "유효하지 않은 링크") {
				r.t.Errorf("%s: %d", path, status)
			}
		}
		// Record 0 is the link of a preview: it changes nobody's consent.
		if status, page := r.visit("POST", "/p/0", url.Values{"all": {"1"}}); status != 200 || !strings.Contains(page, "미리보기") {
			r.t.Errorf("%d %s", status, page)
		}
		if status, _ := r.visit("POST", "/p/101", url.Values{"on": {strings.Repeat("x", 8<<10)}}); status != 400 {
			r.t.Errorf("a huge form: %d", status)
		}
	})
}

func TestDoubleOptIn(t *testing.T) {
	t.Parallel()
	eachCentre(t, func(r *room, box *letters) {
		i, err := r.s.Invite(r.ctx, Invite{CustomerID: 1, Channels: []Channel{Email, LMS}, IsNight: true, Origin: "행사장 신청서"})
		if err != nil || len(box.list) != 1 || box.list[0].To != "1@example.kr" || !strings.Contains(box.list[0].Text, "/c/"+strconv.FormatInt(i.ID, 10)) {
			r.t.Fatalf("%+v %v", box.list, err)
		}
		path := "/c/" + strconv.FormatInt(i.ID, 10)
		if status, page := r.visit("GET", path, nil); status != 200 || !strings.Contains(page, "동의합니다") || len(r.ledger()) != 0 {
			r.t.Fatalf("%d %s", status, page)
		}
		for range 2 { // pressed twice it grants once
			if status, page := r.visit("POST", path, url.Values{"answer": {"yes"}}); status != 200 || !strings.Contains(page, "동의가 처리되었습니다") {
				r.t.Fatalf("%d %s", status, page)
			}
		}
		list := r.ledger()
		if len(list) != 3 || !strings.Contains(string(list[0].Evidence), "double opt-in") || !strings.Contains(string(list[0].Evidence), "203.0.113.7") {
			r.t.Errorf("%+v", list)
		}
		if _, err := r.s.Invite(r.ctx, Invite{CustomerID: 2, Channels: []Channel{Email}, Origin: "전화"}); !fault.Is(err, fault.Invalid) {
			r.t.Errorf("somebody without an address: %v", err)
		}
		late, err := r.s.Invite(r.ctx, Invite{CustomerID: 1, Channels: []Channel{Post}, Origin: "전화"})
		if err != nil {
			r.t.Fatal(err)
		}
		r.clock.add(31 * 24 * time.Hour)
		if _, page := r.visit("POST", "/c/"+strconv.FormatInt(late.ID, 10), url.Values{"answer": {"yes"}}); !strings.Contains(page, "기간이 지났습니다") || len(r.ledger()) != 3 {
			r.t.Error("a forgotten mail granted consent")
		}
	})
}

// What is due to one person is one mail; it counts as told when it was handed over, and is ordered once.
func TestNoticesGoOut(t *testing.T) {
	t.Parallel()
	eachCentre(t, func(r *room, box *letters) {
		for _, channel := range []Channel{Email, SMS} {
			if _, err := r.s.Record(r.ctx, Expression{CustomerID: 1, Channel: channel, Action: Grant, Method: Paper}); err != nil {
				r.t.Fatal(err)
			}
		}
		if _, err := r.s.Record(r.ctx, Expression{CustomerID: 2, Channel: Post, Action: Refuse, Method: Paper}); err != nil {
			r.t.Fatal(err)
		}
		told, err := r.s.TellDue(r.ctx)
		if err != nil || told != (Told{Ordered: 1, NoAddress: 1}) || len(box.list) != 1 {
			r.t.Fatalf("%+v %v", told, err)
		}
		if text := box.list[0].Text; !strings.Contains(text, "이메일 광고성 정보 수신 동의") || !strings.Contains(text, "문자 메시지") || !strings.Contains(text, "/p/101") {
			r.t.Error(text)
		}
		if told, err = r.s.TellDue(r.ctx); err != nil || told.Ordered != 0 || told.Waiting != 1 {
			r.t.Errorf("again: %+v %v", told, err)
		}
		if err := r.s.LetterSent(r.ctx, box.list[0].Origin); err != nil {
			r.t.Fatal(err)
		}
		if due, err := r.s.ListDue(r.ctx, 10); err != nil || len(due) != 1 || due[0].CustomerID != 2 {
			r.t.Errorf("%+v %v", due, err)
		}
		// Two years later the consents have to be confirmed; the letter advertises nothing.
		r.clock.set("2028-11-15 09:00")
		if told, err = r.s.TellDue(r.ctx); err != nil || told.Ordered != 1 {
			r.t.Fatalf("%+v %v", told, err)
		}
		last := box.list[len(box.list)-1]
		if !strings.Contains(last.Text, "2026-11-21") || !strings.Contains(last.Text, "withdraw") || strings.Contains(last.Text, "혜택") {
			r.t.Error(last.Text)
		}
		if err := r.s.LetterSent(r.ctx, last.Origin); err != nil {
			r.t.Fatal(err)
		}
		r.clock.set("2028-11-25 09:00")
		answers, err := r.s.Permits(r.ctx, Message{Class: Ad, Channel: Email, Sender: DefaultSender, HasFreeOptOut: true}, []Ask{{RecordID: 101, Address: "1@example.kr"}})
		if err != nil || !answers[0].Decision.IsYes() {
			r.t.Errorf("silence after the confirmation keeps the consent (L-AD-8a): %+v %v", answers, err)
		}
	})
}
