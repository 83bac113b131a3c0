// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/team"
)

const testPassword = "correct horse battery"

// installation is the whole program, running in this process on a free port.
type installation struct {
	t    *testing.T
	app  *App
	base string
}

// eachEngine runs the test with the system of record in SQLite, and in
// PostgreSQL when there is one for tests.
func eachEngine(t *testing.T, test func(t *testing.T, config Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, testConfig(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		config := testConfig(t)
		config.Database = databasetest.PostgresURL(t)
		test(t, config)
	})
}

func testConfig(t *testing.T) Config {
	t.Helper()
	config := Defaults()
	config.Data, config.Listen = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0"
	return config
}

// serve starts the program; it ends with the test.
func serve(t *testing.T, config Config) *installation {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := New(ctx, config, Options{
		Command: "test", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Pages: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>pages")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(at string) { address <- at }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	select {
	case at := <-address:
		return &installation{t: t, app: a, base: "http://" + at}
	case err := <-ended:
		ended <- nil
		t.Fatalf("it did not start: %v", err)
	case <-time.After(30 * time.Second):
		t.Fatal("it did not start")
	}
	return nil
}

// add makes a person of the role.
func (i *installation) add(email, branch string, roles ...string) team.Person {
	i.t.Helper()
	ctx := auth.System(i.t.Context(), "test")
	person, err := i.app.Team.Create(ctx, team.Draft{Email: email, Name: email, Password: testPassword, Roles: roles, Branch: branch})
	if err != nil {
		i.t.Fatal(err)
	}
	return person
}

// browser is a signed-in caller, or a stranger.
type browser struct {
	t    *testing.T
	http *http.Client
	base string
}

func (i *installation) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		i.t.Fatal(err)
	}
	return &browser{t: i.t, base: i.base, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (i *installation) signIn(email string) *browser {
	i.t.Helper()
	b := i.browser()
	status, body := b.do("POST", "/api/session", map[string]string{"email": email, "password": testPassword})
	if status != http.StatusOK {
		i.t.Fatalf("sign in as %s: %d %s", email, status, body)
	}
	return b
}

// do sends a request and returns status and body.
func (b *browser) do(method, path string, in any) (int, string) {
	b.t.Helper()
	var body io.Reader
	switch content := in.(type) {
	case nil:
	case string:
		body = strings.NewReader(content)
	default:
		raw, err := json.Marshal(in)
		if err != nil {
			b.t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if method != http.MethodGet {
		request.Header.Set("X-Dangol", "1")
	}
	response, err := b.http.Do(request)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response.StatusCode, string(raw)
}

// run runs a command line on the data directory of the config.
func run(t *testing.T, config Config, args ...string) (code int, out, errs string) {
	t.Helper()
	args = append(args, "--data", config.Data)
	if config.Database != "" {
		args = append(args, "--database", config.Database)
	}
	var stdout, stderr bytes.Buffer
	code = Main(t.Context(), args, Console{In: strings.NewReader(testPassword + "\n"), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func (i *installation) system() context.Context { return auth.System(i.t.Context(), "test") }

// emptyPostgres makes a database without tables.
func emptyPostgres(t *testing.T) string {
	t.Helper()
	address := databasetest.PostgresURL(t)
	db, err := database.Open(t.Context(), address, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return address
}
