// SPDX-License-Identifier: Apache-2.0

package team_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/team"
)

const password = "correct horse battery"

// notes stands for journal and access log.
type notes struct {
	mu      sync.Mutex
	entries []journal.Entry
	access  []journal.AccessEntry
	broken  error
}

func (n *notes) Append(_ context.Context, entry journal.Entry) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.entries = append(n.entries, entry)
	return nil
}

func (n *notes) LogAccess(_ context.Context, entry journal.AccessEntry) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return n.broken
	}
	n.access = append(n.access, entry)
	return nil
}

type clock struct{ at time.Time }

func (c *clock) now() time.Time           { return c.at }
func (c *clock) forward(d time.Duration)  { c.at = c.at.Add(d) }
func system(t *testing.T) context.Context { return auth.System(t.Context(), "test") }
func person(id int64, patterns ...string) auth.Person {
	return auth.Person{ID: id, Permissions: auth.Permit(patterns...)}
}

type setup struct {
	team  *team.Service
	auth  *auth.Service
	notes *notes
	clock *clock
	admin team.Person
}

func start(t *testing.T, db *database.DB) setup {
	t.Helper()
	s := setup{notes: &notes{}, clock: &clock{at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}}
	s.team = team.New(db, s.notes, s.notes, team.Company{Name: "단골", Zone: "Asia/Seoul", Currency: "KRW"})
	s.auth = auth.New(db, s.team, auth.Options{Clock: s.clock.now})
	s.team.Connect(s.auth)
	ctx := system(t)
	for range 2 { // it is called at every start
		if err := s.team.EnsureRoles(ctx); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if s.admin, err = s.team.Create(ctx, team.Draft{Email: " Admin@Example.com", Name: "관리자", Password: password, Roles: []string{"administrator"}}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSessions(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := start(t, db)
		ctx := t.Context()
		session, err := s.team.SignIn(ctx, "ADMIN@example.com ", password, auth.Visitor{Address: "198.51.100.1", Agent: "test\x00"})
		if err != nil {
			t.Fatal(err)
		}
		who, err := s.auth.Recognise(ctx, session.Token, true)
		if err != nil || who.ID != s.admin.ID || !who.Permissions.Allows("anything:at_all") || !who.Scope.All {
			t.Fatalf("%+v %v", who, err)
		}
		if len(s.notes.access) != 1 || s.notes.access[0].Work != "session.sign_in" || s.notes.access[0].IP != "198.51.100.1" {
			t.Fatalf("access log: %+v", s.notes.access)
		}
		// Requests of the person extend the session, polling does not.
		for range 4 {
			s.clock.forward(20 * time.Minute)
			if _, err := s.auth.Recognise(ctx, session.Token, true); err != nil {
				t.Fatal(err)
			}
		}
		s.clock.forward(20 * time.Minute)
		if _, err := s.auth.Recognise(ctx, session.Token, false); err != nil {
			t.Fatal(err)
		}
		s.clock.forward(20 * time.Minute)
		if _, err := s.auth.Recognise(ctx, session.Token, true); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("an idle session lives: %v", err)
		}
		// The absolute end comes whatever the person does.
		second, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{Address: "198.51.100.1", Device: session.Device})
		if err != nil || second.Device != "" {
			t.Fatalf("device %q, %v", second.Device, err)
		}
		for range 47 {
			s.clock.forward(15 * time.Minute)
			if _, err := s.auth.Recognise(ctx, second.Token, true); err != nil {
				t.Fatal(err)
			}
		}
		s.clock.forward(15 * time.Minute)
		if _, err := s.auth.Recognise(ctx, second.Token, true); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("a session outlives its absolute end: %v", err)
		}
		if err := s.auth.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		third, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{})
		if err != nil {
			t.Fatal(err)
		}
		who, _ = s.auth.Recognise(ctx, third.Token, true)
		if err := s.team.SignOut(auth.With(ctx, who)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.auth.Recognise(ctx, third.Token, true); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("signed out but alive: %v", err)
		}
	})
}

func TestSignInThatCannotBeLoggedDoesNotHappen(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	s.notes.broken = fault.New(fault.Unavailable, "journal.access_not_logged", "no")
	if session, err := s.team.SignIn(t.Context(), "admin@example.com", password, auth.Visitor{}); err == nil || session.Token != "" {
		t.Fatalf("%+v %v", session, err)
	}
}

func TestUnknownAndWrongLookAlike(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	disabled := true
	gone, err := s.team.Create(system(t), team.Draft{Email: "gone@example.com", Name: "떠난 사람", Password: password, Roles: []string{"agent"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.team.Update(system(t), gone.ID, team.Patch{IsDisabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.team.Create(system(t), team.Draft{Email: "new@example.com", Name: "새 사람", Roles: []string{"agent"}}); err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, c := range [][2]string{{"admin@example.com", "wrong password"}, {"nobody@example.com", password}, {"gone@example.com", password}, {"new@example.com", ""}, {"admin@example.com", strings.Repeat("x", 9999)}} {
		_, err := s.team.SignIn(t.Context(), c[0], c[1], auth.Visitor{Address: "203.0.113.1"})
		if fault.CodeOf(err) != "auth.wrong_credentials" {
			t.Fatalf("%s: %v", c[0], err)
		}
		messages = append(messages, err.Error())
	}
	if len(slices.Compact(messages)) != 1 {
		t.Fatalf("they differ: %q", messages)
	}
}

func TestThrottleStopsStrangersNotThePerson(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	ctx := t.Context()
	own, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{Address: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	throttled := false
	for i := range 12 {
		_, err := s.team.SignIn(ctx, "admin@example.com", "guess", auth.Visitor{Address: "203.0.113." + string(rune('1'+i%9))})
		throttled = throttled || fault.CodeOf(err) == "auth.throttled"
	}
	if !throttled {
		t.Fatal("guessing goes on")
	}
	if _, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{Address: "203.0.113.77"}); fault.CodeOf(err) != "auth.throttled" {
		t.Fatalf("a stranger's right guess is told: %v", err)
	}
	if _, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{Address: "192.0.2.1", Device: own.Device}); err != nil {
		t.Fatalf("the person is locked out of their own browser: %v", err)
	}
	s.clock.forward(16 * time.Minute)
	if _, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{Address: "203.0.113.77"}); err != nil {
		t.Fatalf("the throttle stays: %v", err)
	}
}

func TestDisablingEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := start(t, db)
		ctx := t.Context()
		agent, err := s.team.Create(system(t), team.Draft{Email: "agent@example.com", Name: "상담원", Password: password, Roles: []string{"agent"}})
		if err != nil {
			t.Fatal(err)
		}
		session, err := s.team.SignIn(ctx, "agent@example.com", password, auth.Visitor{})
		if err != nil {
			t.Fatal(err)
		}
		as := auth.With(ctx, session.Person)
		made, secret, err := s.auth.CreateToken(as, "script", []string{"customer:*", "journal:read"}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		viaToken, err := s.auth.RecogniseToken(ctx, secret)
		if err != nil || !viaToken.Permissions.Allows("customer:read") || viaToken.Permissions.Allows("order:read") || viaToken.Permissions.Allows("journal:read") {
			t.Fatalf("%+v %v", viaToken, err)
		}
		if !auth.CanSeeClear(auth.WithClock(auth.With(ctx, viaToken), s.clock.now)) {
			t.Fatal("a token with customer:unmask sees masks")
		}
		if list, err := s.auth.ListTokens(as); err != nil || len(list) != 1 || list[0].ID != made.ID || !strings.HasPrefix(secret, list[0].Hint) {
			t.Fatalf("%+v %v", list, err)
		}
		directed := auth.WithDirectory(ctx, s.team)
		if acting, err := auth.ActAs(directed, agent.ID); err != nil || auth.Check(acting, "customer:read") != nil || auth.Check(acting, "team:admin") == nil {
			t.Fatalf("acting for the person: %v", err)
		}
		disabled := true
		if _, err := s.team.Update(system(t), agent.ID, team.Patch{IsDisabled: &disabled}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.auth.Recognise(ctx, session.Token, true); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the session lives: %v", err)
		}
		if _, err := s.auth.RecogniseToken(ctx, secret); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the token lives: %v", err)
		}
		if _, err := auth.ActAs(directed, agent.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("work goes on in their name: %v", err)
		}
	})
}

func TestTokensEndAndCanBeRevoked(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	as := auth.With(t.Context(), person(s.admin.ID, "*"))
	made, secret, err := s.auth.CreateToken(as, "short", []string{"customer:read"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	other := auth.With(t.Context(), person(s.admin.ID+99, "*"))
	if err := s.auth.RevokeToken(other, made.ID); !fault.Is(err, fault.NotFound) {
		t.Fatalf("somebody else's token: %v", err)
	}
	s.clock.forward(61 * time.Minute)
	if _, err := s.auth.RecogniseToken(t.Context(), secret); !fault.Is(err, fault.Unauthenticated) {
		t.Fatalf("an old token works: %v", err)
	}
	if err := s.auth.RevokeToken(as, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.auth.CreateToken(as, "eternal", []string{"*"}, 1000*24*time.Hour); !fault.Is(err, fault.Invalid) {
		t.Fatalf("eternal token: %v", err)
	}
}

func TestUnmaskNeedsAPurposeAndEnds(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	ctx := t.Context()
	session, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{})
	if err != nil {
		t.Fatal(err)
	}
	as := func() context.Context {
		who, err := s.auth.Recognise(ctx, session.Token, true)
		if err != nil {
			t.Fatal(err)
		}
		return auth.WithClock(auth.With(ctx, who), s.clock.now)
	}
	if auth.CanSeeClear(as()) {
		t.Fatal("values are clear without a purpose")
	}
	if _, err := s.team.Unmask(as(), "  "); !fault.Is(err, fault.Invalid) {
		t.Fatalf("no purpose: %v", err)
	}
	if _, err := s.team.Unmask(as(), "고객 전화 응대"); err != nil {
		t.Fatal(err)
	}
	if !auth.CanSeeClear(as()) || s.team.Current(as(), nil).UnmaskPurpose != "고객 전화 응대" {
		t.Fatal("values are masked for a stated purpose")
	}
	if last := s.notes.access[len(s.notes.access)-1]; last.Work != "session.unmask" || last.Purpose != "고객 전화 응대" {
		t.Fatalf("not logged: %+v", last)
	}
	if err := s.team.Mask(as()); err != nil || auth.CanSeeClear(as()) {
		t.Fatal("values stay clear")
	}
	if _, err := s.team.Unmask(as(), "다시 한 번"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.clock.forward(16 * time.Minute)
		as()
	}
	if auth.CanSeeClear(as()) {
		t.Fatal("values stay clear for ever")
	}
	s.notes.broken = fault.New(fault.Unavailable, "journal.access_not_logged", "no")
	if _, err := s.team.Unmask(as(), "로그 없이"); err == nil || auth.CanSeeClear(as()) {
		t.Fatal("unmasked without a log")
	}
}

func TestNobodyGivesWhatTheyDoNotHave(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	if _, err := s.team.CreateRole(system(t), team.RoleDraft{Name: "chief", LabelKo: "팀장", LabelEn: "Chief", Permissions: []string{"team:*", "customer:*"}, RowScope: team.ScopeAll}); err != nil {
		t.Fatal(err)
	}
	chief := auth.With(t.Context(), person(77, "team:*", "customer:*"))
	stolen := password
	for name, err := range map[string]error{
		"make an administrator": second(s.team.Create(chief, team.Draft{Email: "x@example.com", Name: "x", Roles: []string{"administrator"}})),
		"make a wider role":     second(s.team.CreateRole(chief, team.RoleDraft{Name: "wide", LabelKo: "x", LabelEn: "x", Permissions: []string{"*:read"}, RowScope: team.ScopeAll})),
		"become administrator":  second(s.team.Update(chief, s.admin.ID, team.Patch{Password: &stolen})),
		"take the crown":        second(s.team.Update(chief, s.admin.ID, team.Patch{Roles: &[]string{"chief"}})),
	} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.team.Create(chief, team.Draft{Email: "y@example.com", Name: "y", Roles: []string{"chief"}}); err != nil {
		t.Errorf("an equal: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := start(t, db)
		ctx, disabled := system(t), true
		roles, err := s.team.ListRoles(ctx)
		if err != nil || len(roles) != 7 || roles[0].Name != "administrator" || !roles[0].IsBuiltin {
			t.Fatalf("%+v %v", roles, err)
		}
		for name, err := range map[string]error{
			"disable":   second(s.team.Update(ctx, s.admin.ID, team.Patch{IsDisabled: &disabled})),
			"other job": second(s.team.Update(ctx, s.admin.ID, team.Patch{Roles: &[]string{"agent"}})),
			"weaken":    second(s.team.UpdateRole(ctx, roles[0].ID, team.RoleDraft{Name: "administrator", LabelKo: "x", LabelEn: "x", Permissions: []string{"team:*"}, RowScope: team.ScopeAll})),
			"rename":    second(s.team.UpdateRole(ctx, roles[0].ID, team.RoleDraft{Name: "king", LabelKo: "x", LabelEn: "x", Permissions: []string{"*"}, RowScope: team.ScopeAll})),
			"remove":    s.team.DeleteRole(ctx, roles[0].ID),
		} {
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		found, err := s.team.Find(ctx, s.admin.ID)
		if err != nil || found.IsDisabled || !slices.Equal(found.Roles, []string{"administrator"}) {
			t.Fatalf("%+v %v", found, err)
		}
	})
}

func TestRolesAndBranches(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := start(t, db)
		ctx := system(t)
		role, err := s.team.CreateRole(ctx, team.RoleDraft{Name: "store", LabelKo: "매장", LabelEn: "Store", Permissions: []string{"customer:read"}, RowScope: team.ScopeBranch})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.team.CreateRole(ctx, team.RoleDraft{Name: "store", LabelKo: "x", LabelEn: "x", RowScope: team.ScopeOwn}); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		for _, bad := range []string{"customer", "customer:", ":read", "customer:re ad", "DROP:x"} {
			if _, err := s.team.CreateRole(ctx, team.RoleDraft{Name: "bad", LabelKo: "x", LabelEn: "x", Permissions: []string{bad}, RowScope: team.ScopeOwn}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := s.team.CreateBranch(ctx, team.Branch{Name: "강남"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.team.CreateBranch(ctx, team.Branch{Name: "강남"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		clerk, err := s.team.Create(ctx, team.Draft{Email: "clerk@example.com", Name: "점원", Roles: []string{"store", "sales"}, Branch: "강남"})
		if err != nil {
			t.Fatal(err)
		}
		rights, err := s.team.FindPerson(ctx, clerk.ID)
		if err != nil || rights.Scope.All || !rights.Scope.Reaches("강남", 0) || !rights.Scope.Reaches("강북", clerk.ID) || rights.Scope.Reaches("강북", 5) {
			t.Fatalf("%+v %v", rights.Scope, err)
		}
		cond, args := auth.ScopeSQL(auth.With(ctx, rights), "c")
		if cond != "(c.branch = ? OR c.owner_id = ?)" || len(args) != 2 {
			t.Errorf("%s %v", cond, args)
		}
		if err := s.team.DeleteRole(ctx, role.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("a role in use: %v", err)
		}
		if _, err := s.team.Update(ctx, clerk.ID, team.Patch{Roles: &[]string{"sales"}}); err != nil {
			t.Fatal(err)
		}
		if err := s.team.DeleteRole(ctx, role.ID); err != nil {
			t.Error(err)
		}
		stale := int64(1)
		if _, err := s.team.Update(ctx, clerk.ID, team.Patch{Version: &stale}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale change: %v", err)
		}
		if _, err := s.team.Create(ctx, team.Draft{Email: "clerk@example.com", Name: "점원", Roles: []string{"sales"}}); fault.CodeOf(err) != "team.email_taken" {
			t.Errorf("taken: %v", err)
		}
		for _, entry := range s.notes.entries {
			if text := string(entry.Before) + string(entry.After); strings.Contains(text, "example.com") || strings.Contains(text, "argon2") || strings.Contains(text, "점원") {
				t.Errorf("the journal holds names or secrets of staff: %s", text)
			}
		}
	})
}

func TestOwnSettings(t *testing.T) {
	t.Parallel()
	s := start(t, databasetest.SQLite(t, database.Options{}))
	ctx := t.Context()
	here, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := s.team.SignIn(ctx, "admin@example.com", password, auth.Visitor{})
	if err != nil {
		t.Fatal(err)
	}
	as, fresh, wrong, own, english := auth.With(ctx, here.Person), "a brand new phrase", "no", password, "en"
	if err := s.team.UpdateOwn(as, team.OwnPatch{Password: &fresh, CurrentPassword: &wrong}); fault.CodeOf(err) != "team.wrong_current_password" {
		t.Fatalf("%v", err)
	}
	for _, bad := range []string{"short", "password123", "admin@example.com"} {
		if err := s.team.UpdateOwn(as, team.OwnPatch{Password: &bad, CurrentPassword: &own}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := s.team.UpdateOwn(as, team.OwnPatch{Password: &fresh, CurrentPassword: &own, Locale: &english}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.auth.Recognise(ctx, elsewhere.Token, true); err == nil {
		t.Error("the other session lives on after a new password")
	}
	if who, err := s.auth.Recognise(ctx, here.Token, true); err != nil || who.Locale != "en" {
		t.Errorf("%+v %v", who, err)
	}
	if _, err := s.team.SignIn(ctx, "admin@example.com", fresh, auth.Visitor{}); err != nil {
		t.Error(err)
	}
}
