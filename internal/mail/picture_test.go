// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dangol/internal/consent"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// show asks for a picture as a mail program does.
func (o *office) show(token string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /i/{token}", o.s.servePicture)
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest("GET", "/i/"+token, nil))
	return answer
}

// A picture of a template is public by a name that cannot be guessed; an attachment never is.
func TestPicturesAndAttachments(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		keep, err := files.Open(db, t.TempDir(), 64<<20)
		if err != nil {
			t.Fatal(err)
		}
		o.s.UseInbox(keep, nil, nil)
		picture := pngOf(t, 20, 10)
		kept, err := o.s.KeepFile(o.ctx, "로고\r\n.png", true, bytes.NewReader(picture))
		if err != nil || kept.Width != 20 || kept.Height != 10 || kept.Type != "image/png" || strings.ContainsAny(kept.Name, "\r\n") {
			t.Fatalf("%+v %v", kept, err)
		}
		answer := o.show(strings.TrimPrefix(kept.URL, "/i/"))
		h := answer.Header()
		if answer.Code != 200 || !bytes.Equal(answer.Body.Bytes(), picture) || h.Get("Content-Type") != "image/png" ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%d %v", answer.Code, h)
		}
		for what, content := range map[string][]byte{
			"a page": []byte("<html><script>alert(1)</script>"), "an SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
			"a bomb of pixels": pngOf(t, sideLargest+1, 1), "nothing": nil,
		} {
			if _, err := o.s.KeepFile(o.ctx, "x.png", true, bytes.NewReader(content)); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s as a picture: %v", what, err)
			}
		}
		if _, err := o.s.KeepFile(o.ctx, "x.png", true, bytes.NewReader(make([]byte, pictureLargest+1))); !fault.Is(err, fault.TooLarge) {
			t.Errorf("a huge picture: %v", err)
		}
		attached, err := o.s.KeepFile(o.ctx, "견적.pdf", false, strings.NewReader("%PDF-1.4 secret"))
		if err != nil || attached.Type != "application/pdf" {
			t.Fatalf("%+v %v", attached, err)
		}
		for _, token := range []string{strings.TrimPrefix(attached.URL, "/i/"), "AAAAAAAAAAAAAAAAAAAA", "x"} {
			if answer := o.show(token); answer.Code != 404 {
				t.Errorf("%s: %d", token, answer.Code)
			}
		}
		if list, err := o.s.ListFiles(o.ctx); err != nil || len(list) != 1 || list[0].ID != kept.ID {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := o.s.KeepFile(as("", "mail:answer"), "x.png", true, bytes.NewReader(picture)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a picture by somebody who may only answer: %v", err)
		}
		if _, err := o.s.KeepFile(as("", "mail:answer"), "x.pdf", false, strings.NewReader("x")); err != nil {
			t.Errorf("an attachment by somebody who answers: %v", err)
		}
	})
}

// The inbox is searched and narrowed, and a letter can begin with a template.
func TestSearchingTheInboxAndTemplatesForAnswers(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		keep, err := files.Open(db, t.TempDir(), 64<<20)
		if err != nil {
			t.Fatal(err)
		}
		o.s.UseInbox(keep, nil, nil)
		for _, m := range [][2]string{{"kim@x.kr", "Delivery 100% late"}, {"lee@y.kr", "Invoice_7"}, {"park@x.kr", "Hello"}} {
			raw := "From: " + m[0] + "\r\nSubject: " + m[1] + "\r\nMessage-ID: <" + m[0] + ">\r\n\r\nbody of " + m[0] + "\r\n"
			if err := o.s.Receive(o.ctx, "test", nil, []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Exec(o.ctx, `INSERT INTO people (id, email, name, created_at, updated_at) VALUES (7, 'a@shop.kr', '이상담', 0, 0)`); err != nil {
			t.Fatal(err)
		}
		find := func(f ReceivedFilter) []Received {
			t.Helper()
			f.Limit = 10
			list, _, err := o.s.ListReceived(unmasked(as("", "mail:inbox", "customer:unmask")), f)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for search, want := range map[string]int{"x.kr": 2, "DELIVERY": 1, "100%": 1, "%": 1, "_": 1, "hello park": 1, "hello kim": 0, "": 3} {
			if got := find(ReceivedFilter{State: "open", Search: search}); len(got) != want {
				t.Errorf("%q finds %d, want %d", search, len(got), want)
			}
		}
		first := find(ReceivedFilter{State: "open"})[0]
		seven, nobody := int64(7), int64(99)
		if _, err := o.s.ChangeReceived(o.ctx, first.ID, ReceivedChange{AssigneeID: &nobody, Version: first.Version}); fault.CodeOf(err) != "mail.no_person" {
			t.Errorf("given to nobody there is: %v", err)
		}
		changed, err := o.s.ChangeReceived(o.ctx, first.ID, ReceivedChange{AssigneeID: &seven, State: ReceivedArchived, Version: first.Version})
		if err != nil || changed.State != ReceivedArchived || changed.AssigneeID != 7 || changed.Assignee == "" {
			t.Fatalf("%+v %v", changed, err)
		}
		if _, err := o.s.ChangeReceived(o.ctx, first.ID, ReceivedChange{State: ReceivedOpen, Version: first.Version}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		for _, row := range []struct {
			f    ReceivedFilter
			want int
		}{
			{ReceivedFilter{State: "all"}, 2},
			{ReceivedFilter{State: "archived"}, 1},
			{ReceivedFilter{State: "archived", Assignee: "7"}, 1},
			{ReceivedFilter{State: "open", Assignee: "none"}, 2},
			{ReceivedFilter{State: "open", Assignee: "mine"}, 0},
			{ReceivedFilter{State: "open", HasFiles: true}, 0},
		} {
			if got := find(row.f); len(got) != row.want {
				t.Errorf("%+v finds %d, want %d", row.f, len(got), row.want)
			}
		}
		if note, err := o.s.AddNote(o.ctx, first.ID, " 확인함 "); err != nil || note.Text != "확인함" {
			t.Errorf("%+v %v", note, err)
		}
		if m, err := o.s.FindReceived(unmasked(as("", "mail:inbox", "customer:unmask")), first.ID); err != nil || len(m.Remarks) != 1 || m.NoteCount != 1 {
			t.Errorf("%+v %v", m, err)
		}
		o.templatesForAnswers(t)
	})
}

func (o *office) templatesForAnswers(t *testing.T) {
	t.Helper()
	if _, err := o.s.Create(o.ctx, autumn); err != nil {
		t.Fatal(err)
	}
	answer, err := o.s.Create(o.ctx, Draft{Name: "답", Class: consent.Informational, Reason: "문의 답변", Subject: "답변", Body: "{{name}}님, {{branch}}점입니다."})
	if err != nil {
		t.Fatal(err)
	}
	staff := unmasked(as("", "mail:answer", "customer:read", "customer:unmask"))
	if list, err := o.s.AnswerTemplates(staff); err != nil || len(list) != 1 || list[0].ID != answer.ID {
		t.Errorf("%+v %v", list, err)
	}
	if d, err := o.s.DraftAnswer(staff, answer.ID, 1); err != nil || d.Text != "김철수님, 서울점입니다." || len(d.Missing) != 0 {
		t.Errorf("%+v %v", d, err)
	}
	if d, err := o.s.DraftAnswer(staff, answer.ID, 0); err != nil || len(d.Missing) != 2 {
		t.Errorf("somebody unknown: %+v %v", d, err)
	}
}

// book knows one address and makes records of the others.
type book struct{ made map[string]string }

func (b book) RecordOf(_ context.Context, address string) (int64, error) {
	if address == "known@x.kr" {
		return 100, nil
	}
	return 0, nil
}

func (b book) EnsureContact(_ context.Context, address, name string) (int64, error) {
	b.made[address] = name
	return 200, nil
}

// A person nobody knows becomes a source record; a machine does not.
func TestUnknownSendersBecomeRecords(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		keep, err := files.Open(db, t.TempDir(), 64<<20)
		if err != nil {
			t.Fatal(err)
		}
		b := book{made: map[string]string{}}
		o.s.UseInbox(keep, nil, b)
		for i, head := range []string{
			"From: Known <known@x.kr>", "From: Stranger <new@y.kr>", "From: Away <away@y.kr>\r\nAuto-Submitted: auto-replied",
			"From: MAILER-DAEMON@y.kr\r\nAuto-Submitted: auto-replied", "From: nobody",
		} {
			raw := fmt.Sprintf("%s\r\nSubject: s\r\nMessage-ID: <%d@y.kr>\r\n\r\nbody\r\n", head, i)
			if err := o.s.Receive(o.ctx, "test", nil, []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
		if len(b.made) != 1 || b.made["new@y.kr"] != "Stranger" {
			t.Errorf("records of %v", b.made)
		}
		records := map[int64]int{}
		list, _, err := o.s.ListReceived(o.ctx, ReceivedFilter{State: "all", Limit: 10})
		for _, r := range list {
			records[r.recordID]++
		}
		if err != nil || records[100] != 1 || records[200] != 1 || records[0] != 3 {
			t.Errorf("%v %v", records, err)
		}
	})
}
