// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type office struct {
	s    *Service
	gate *consent.Service
	log  *journal.Journal
	ctx  context.Context
}

type colleagues map[string]bool

func (c colleagues) IsStaffAddress(_ context.Context, address string) (bool, error) {
	return c[address], nil
}

// open makes a service over customers 1 (서울) and 2 (부산), and a custom attribute.
func openOffice(t *testing.T, db *database.DB) *office {
	t.Helper()
	keyFile, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyFile.Close() })
	o := &office{log: journal.New(db, keyFile, journal.Options{}), ctx: auth.System(context.Background(), "test")}
	o.gate = consent.New(db, o.log, consent.Options{})
	o.gate.UseStaff(colleagues{"me@shop.kr": true})
	outbox := NewOutbox(filepath.Join(t.TempDir(), "outbox"), nil)
	o.s = New(db, o.log, o.gate, outbox, outbox, Options{Site: "https://crm.shop.kr"})
	for _, q := range []string{
		`INSERT INTO customers (id, full_name, email, branch, grade, attributes, created_at, updated_at) VALUES (1, '김철수', 'kim@x.kr', '서울', 'VIP', '{"points":1200}', 0, 0)`,
		`INSERT INTO customers (id, full_name, email, branch, created_at, updated_at) VALUES (2, '이영희', 'lee@x.kr', '부산', 0, 0)`,
		`INSERT INTO attributes (id, name, label_ko, label_en, type, created_at, updated_at) VALUES (1, 'points', '포인트', 'Points', 'integer', 0, 0)`,
	} {
		if _, err := db.Exec(o.ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.gate.SaveSender(o.ctx, company); err != nil {
		t.Fatal(err)
	}
	return o
}

func as(branch string, permissions ...string) context.Context {
	scope := auth.Scope{All: branch == "", Branch: branch}
	return auth.With(context.Background(), auth.Person{ID: 4, Permissions: auth.Permit(permissions...), Scope: scope})
}

func unmasked(ctx context.Context) context.Context {
	p := auth.From(ctx)
	p.UnmaskUntil, p.UnmaskPurpose = time.Now().Add(time.Hour), "시험"
	return auth.With(ctx, p)
}

var autumn = Draft{Name: "가을", Class: consent.Ad, Subject: "{{name}}님", Body: "{{name}} {{attr.points | number}}점 {{grade | default \"일반\"}}"}

func TestTemplatesAndVersions(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		made, err := o.s.Create(o.ctx, autumn)
		if err != nil || made.Latest.Number != 1 || strings.Join(made.Latest.Fields, " ") != "name attr.points grade" {
			t.Fatalf("%+v %v", made, err)
		}
		subject, name := "새 제목", "겨울"
		renamed, err := o.s.Update(o.ctx, made.ID, Patch{Version: made.Version, Name: &name})
		if err != nil || renamed.Latest.Number != 1 || renamed.Name != name {
			t.Errorf("renaming makes a version: %+v %v", renamed, err)
		}
		changed, err := o.s.Update(o.ctx, made.ID, Patch{Version: renamed.Version, Subject: &subject})
		if err != nil || changed.Latest.Number != 2 {
			t.Errorf("new content: %+v %v", changed, err)
		}
		if _, err := o.s.Update(o.ctx, made.ID, Patch{Version: made.Version, Subject: &name}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an older version was shown: %v", err)
		}
		pinned, err := o.s.FindVersion(o.ctx, made.ID, made.Latest.ID)
		if err != nil || pinned.Latest.Subject != autumn.Subject {
			t.Errorf("pinned: %+v %v", pinned, err)
		}
		bad := "{{nobody}}"
		if _, err := o.s.Update(o.ctx, made.ID, Patch{Version: changed.Version, Subject: &bad}); fault.CodeOf(err) != "mail.unknown_field" {
			t.Errorf("unknown field: %v", err)
		}
		unknown := "nobody"
		if _, err := o.s.Update(o.ctx, made.ID, Patch{Version: changed.Version, Sender: &unknown}); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown sender: %v", err)
		}
		for range 3 {
			if _, err := o.s.Create(o.ctx, autumn); err != nil {
				t.Fatal(err)
			}
		}
		first, next, err := o.s.List(o.ctx, "", 3)
		if err != nil || len(first) != 3 || next == "" {
			t.Fatal(len(first), next, err)
		}
		if rest, next, err := o.s.List(o.ctx, next, 3); err != nil || len(rest) != 1 || next != "" {
			t.Error(len(rest), next, err)
		}
		if err := o.s.Delete(o.ctx, made.ID); err != nil {
			t.Fatal(err)
		}
		if err := o.s.Delete(o.ctx, made.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleting twice: %v", err)
		}
	})
}

func TestApprovalEndsWithAnyChange(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		made, err := o.s.Create(o.ctx, Draft{Name: "배송", Class: consent.Informational, Subject: "배송 안내", Body: "출발했습니다", Reason: "주문 상품의 배송 안내"})
		if err != nil {
			t.Fatal(err)
		}
		approved, err := o.s.Approve(o.ctx, made.ID)
		if err != nil || approved.ApprovedAt == nil || len(approved.Remarks) != 1 { // no HTML part
			t.Errorf("%+v %v", approved, err)
		}
		text := "지금 20% 할인"
		changed, err := o.s.Update(o.ctx, made.ID, Patch{Version: approved.Version, Body: &text})
		if err != nil || changed.ApprovedAt != nil {
			t.Errorf("approval outlives the text: %+v %v", changed, err)
		}
		ad, err := o.s.Create(o.ctx, autumn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.s.Approve(o.ctx, ad.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("approving an advertisement: %v", err)
		}
	})
}

func TestPreviewAndTestMail(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		made, err := o.s.Create(o.ctx, autumn)
		if err != nil {
			t.Fatal(err)
		}
		marketer := as("", "mail:*", "customer:read", "customer:unmask")
		invented, err := o.s.Preview(marketer, PreviewOf{TemplateID: made.ID})
		if err != nil || invented.IsMasked || invented.Subject != "(광고) 홍길동님" || invented.Bytes < 500 {
			t.Errorf("made-up customer: %+v %v", invented, err)
		}
		masked, err := o.s.Preview(marketer, PreviewOf{TemplateID: made.ID, CustomerID: 1})
		if err != nil || !masked.IsMasked || masked.Subject != "(광고) 김*수님" || !strings.HasPrefix(masked.Text, "김*수 1,200점 VIP") {
			t.Errorf("masked: %+v %v", masked, err)
		}
		draft := autumn
		draft.Subject = "미리 {{name}}"
		clear, err := o.s.Preview(unmasked(marketer), PreviewOf{Draft: &draft, CustomerID: 1})
		if err != nil || clear.IsMasked || clear.Subject != "(광고) 미리 김철수" {
			t.Errorf("unmasked: %+v %v", clear, err)
		}
		accesses, err := o.log.ListAccess(o.ctx, journal.AccessFilter{})
		if err != nil || len(accesses) != 1 || accesses[0].Work != "mail.preview" || accesses[0].Purpose != "시험" {
			t.Errorf("access log: %+v %v", accesses, err)
		}
		if _, err := o.s.Preview(as("서울", "mail:read", "customer:read"), PreviewOf{TemplateID: made.ID, CustomerID: 2}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a customer of another branch: %v", err)
		}
		result, err := o.s.SendTest(marketer, PreviewOf{TemplateID: made.ID, CustomerID: 1}, "me@shop.kr")
		if err != nil || result.Outcome != HandedOver {
			t.Errorf("test mail: %+v %v", result, err)
		}
		if _, err := o.s.SendTest(marketer, PreviewOf{TemplateID: made.ID}, "kim@x.kr"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("test mail to a customer: %v", err)
		}
		kept, _, err := o.s.ListOutbox(marketer, "", "", 10)
		if err != nil || len(kept) != 1 || kept[0].To == "me@shop.kr" || kept[0].Subject != "(광고) ***" {
			t.Errorf("outbox: %+v %v", kept, err)
		}
		if _, err := o.s.FindOutbox(marketer, kept[0].ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a message in clear without a purpose: %v", err)
		}
		m, err := o.s.FindOutbox(unmasked(marketer), kept[0].ID)
		if err != nil || m.To != "me@shop.kr" || !strings.Contains(m.Text, "수신거부") {
			t.Errorf("message: %+v %v", m, err)
		}
		for _, id := range []string{"", "..", "20261121_../../etc/passwd", "20261121_120000.000000-000001.eml"} {
			if _, err := o.s.FindOutbox(unmasked(marketer), id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}

func TestRightsOfMail(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	o := openOffice(t, db)
	made, err := o.s.Create(o.ctx, autumn)
	if err != nil {
		t.Fatal(err)
	}
	reader := as("", "mail:read")
	for what, err := range map[string]error{
		"create":  func() error { _, err := o.s.Create(reader, autumn); return err }(),
		"update":  func() error { _, err := o.s.Update(reader, made.ID, Patch{}); return err }(),
		"approve": func() error { _, err := o.s.Approve(reader, made.ID); return err }(),
		"delete":  o.s.Delete(reader, made.ID),
		"test":    func() error { _, err := o.s.SendTest(reader, PreviewOf{TemplateID: made.ID}, "me@shop.kr"); return err }(),
		"read":    func() error { _, err := o.s.Find(as("", "order:read"), made.ID); return err }(),
	} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := o.s.Find(context.Background(), made.ID); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("signed out: %v", err)
	}
}

func TestOutboxForgetsOldMessages(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	outbox := NewOutbox(t.TempDir(), func() time.Time { return now })
	message := []byte("From: a@b.kr\r\nTo: <c@d.kr>\r\nSubject: x\r\n\r\ny\r\n")
	for range 3 {
		if err := outbox.write(message); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 20)
	}
	if err := outbox.Tidy(); err != nil {
		t.Fatal(err)
	}
	list, _, err := outbox.List(t.Context(), "c@D.kr", "", 10)
	if err != nil || len(list) != 1 || list[0].To != "c@d.kr" {
		t.Errorf("%+v %v", list, err)
	}
	page, next, err := outbox.List(t.Context(), "", "", 1)
	if err != nil || len(page) != 1 {
		t.Error(page, next, err)
	}
}

// wishes know what a customer may want next.
type wishes map[int64][]Proposal

func (w wishes) ProposedTo(context.Context, []int64) (map[int64][]Proposal, error) { return w, nil }

// A mail names what each customer may want; who wants nothing gets the default.
func TestNextOffersInMails(t *testing.T) {
	t.Parallel()
	o := openOffice(t, databasetest.SQLite(t, database.Options{}))
	o.s.UseProposals(wishes{1: {{Name: "녹차", Category: "차", Because: "찻잔"}, {Name: "떡", Because: "녹차"}}, 9: {{Name: "x"}}})
	profiles, err := o.s.Profiles(o.ctx, []int64{1, 2}, []string{"name", "offer.product", "offer.items"})
	if err != nil {
		t.Fatal(err)
	}
	if p := profiles[1]; p["offer.product"] != "녹차" || p["offer.because"] != "찻잔" || !strings.Contains(p["offer.items"], `"name":"떡"`) {
		t.Errorf("%v", p)
	}
	if len(profiles) != 2 || profiles[2]["offer.product"] != "" {
		t.Errorf("%v", profiles)
	}
	draft := autumn
	draft.Body = "{{name}}님께 {{offer.product | default \"인기 상품\"}}{{#each offer.items}} {{item.name}}({{item.because}}){{/each}} {{unsubscribe_url}}"
	made, err := o.s.Create(o.ctx, draft)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]string{1: "녹차 녹차(찻잔) 떡(녹차)", 2: "인기 상품"} {
		shown, err := o.s.Preview(unmasked(o.ctx), PreviewOf{TemplateID: made.ID, CustomerID: id})
		if err != nil || !strings.Contains(shown.Text, want) {
			t.Errorf("customer %d: %q lacks %q, %v", id, shown.Text, want, err)
		}
	}
}
