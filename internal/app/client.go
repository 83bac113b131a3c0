// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

// client speaks the HTTP API for commands: through the socket of the server
// that holds the data directory, or with the installation opened in this
// process. Commands see no difference.
type client struct {
	http *http.Client
	app  *App // nil when a server holds the directory
	end  func() error
}

// open finds the way to the data directory.
func (s *session) open(command string) (*client, error) {
	config, err := s.config(nil)
	if err != nil {
		return nil, err
	}
	if !makesInstallations[command] {
		if err := mustBeMade(s.ctx, config); err != nil {
			return nil, err
		}
	}
	logger := s.logger(config, true)
	slog.SetDefault(logger)
	app, err := New(s.ctx, config, Options{Command: command, Log: logger})
	if fault.CodeOf(err) == "app.directory_held" {
		return dialServer(s.ctx, config.Data, err)
	}
	if err != nil {
		return nil, err
	}
	if !answersAtOnce[command] {
		app.Begin(context.WithoutCancel(s.ctx))
	}
	return inProcess(app), nil
}

// answersAtOnce names the commands that ask nothing of the loops behind the
// application: the building of a warehouse would only be begun and broken off.
var answersAtOnce = map[string]bool{"user add": true, "user disable": true, "user list": true, "user password": true, "mail doctor": true}

// makesInstallations names the commands that may be the first ones ever; all others work on what is there,
// and a mistyped directory must not become an empty installation that answers "nothing found".
var makesInstallations = map[string]bool{"import": true, "user add": true, "demo": true}

func mustBeMade(ctx context.Context, config Config) error {
	made, err := database.IsMade(ctx, config.databaseURL())
	if err != nil || made {
		return err
	}
	place := config.Data
	if config.Database != "" {
		place = withoutPassword(config.Database)
	}
	return fault.New(fault.NotFound, "app.no_installation",
		"There is no installation in {place}. Check --data and --database; \"dangol serve\", \"dangol import\" and \"dangol user add\" make a new one.",
		"place", place)
}

// withoutPassword is a database address that may be shown.
func withoutPassword(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "the database"
	}
	return parsed.Redacted()
}

// dialServer talks to the server that holds the directory; held is given back
// when none answers there.
func dialServer(ctx context.Context, dir string, held error) (*client, error) {
	name, closeName, err := socketName108(socketPath(dir))
	if err != nil {
		return nil, held
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", name)
	}
	c := &client{http: &http.Client{Transport: &http.Transport{DialContext: dial}}, end: closeName}
	if err := c.call(ctx, "GET", "/healthz", nil, nil); err != nil {
		return nil, errors.Join(held, closeName())
	}
	return c, nil
}

// inProcess serves the API to this process alone, over pipes.
func inProcess(app *App) *client {
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := app.server(web.Local(auth.WithDirectory(context.Background(), app.Team)))
	go func() { _ = server.Serve(listener) }()
	return &client{
		app:  app,
		http: &http.Client{Transport: &http.Transport{DialContext: listener.dial}},
		end:  func() error { return errors.Join(server.Close(), app.Close()) },
	}
}

// pipes is a listener inside the process.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept returns the next connection.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr names the listener.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "in process", Net: "pipe"} }

// close ends the client, and the installation if this process opened it.
func (c *client) close() error {
	c.http.CloseIdleConnections()
	return c.end()
}

// settle waits until analysis holds what was written, when this process is the
// one that has to do it; a server goes on by itself.
func (c *client) settle(ctx context.Context) error {
	if c.app == nil {
		return nil
	}
	return c.app.catchUp(ctx)
}

// call sends in as JSON and reads the answer into out; both may be nil. A
// problem comes back as the fault it was.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	response, err := c.send(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if out == nil || response.StatusCode == http.StatusNoContent {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("read the answer of %s %s: %w", method, path, err)
	}
	return nil
}

// send makes the request; the caller closes the body of the answer.
func (c *client) send(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://dangol"+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Wrap(err, fault.Unavailable, "app.server_gone", "The server that holds the data directory does not answer.")
	}
	if response.StatusCode >= http.StatusBadRequest {
		defer func() { _ = response.Body.Close() }()
		return nil, problemOf(response)
	}
	return response, nil
}

// kinds turns statuses back into kinds.
var kinds = map[int]fault.Kind{
	http.StatusNotFound: fault.NotFound, http.StatusUnprocessableEntity: fault.Invalid, http.StatusBadRequest: fault.Invalid,
	http.StatusConflict: fault.Conflict, http.StatusForbidden: fault.Forbidden, http.StatusUnauthorized: fault.Unauthenticated,
	http.StatusRequestEntityTooLarge: fault.TooLarge, http.StatusServiceUnavailable: fault.Busy, http.StatusTooManyRequests: fault.Busy,
}

func problemOf(response *http.Response) error {
	var p web.Problem
	if err := json.NewDecoder(response.Body).Decode(&p); err != nil || p.Detail == "" {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	kind, ok := kinds[response.StatusCode]
	if !ok {
		return fmt.Errorf("%s (%s)", p.Detail, p.Code)
	}
	message := p.Detail
	for _, detail := range p.Errors[min(1, len(p.Errors)):] { // the first stands in the detail
		message += "\n  " + strings.TrimPrefix(detail.Location, "body.") + ": " + detail.Message
	}
	return &fault.Fault{Kind: kind, Code: p.Code, Message: message, Fields: p.Fields}
}

// waitForJob polls background work until it has ended.
func (c *client) waitForJob(ctx context.Context, id int64, progress func(Job)) (Job, error) {
	for {
		var one Job
		if err := c.call(ctx, "GET", fmt.Sprintf("/api/jobs/%d", id), nil, &one); err != nil {
			return one, err
		}
		if progress != nil {
			progress(one)
		}
		switch one.State {
		case "done":
			return one, nil
		case "dead":
			return one, fmt.Errorf("the work failed: %s", one.Error)
		case "cancelled":
			return one, errors.New("the work was cancelled")
		}
		select {
		case <-ctx.Done():
			return one, ctx.Err()
		case <-time.After(150 * time.Millisecond):
		}
	}
}

// decode reads the answer's JSON and closes it.
func decode(response *http.Response, into any) error {
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer of the server: %w", err)
	}
	return nil
}

// createFile makes a file that appears under its name only when it is whole.
func createFile(path string, write func(io.Writer) error) (err error) {
	temp := path + ".part"
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "app.cannot_write", "{path} cannot be written.", "path", path)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp)
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(temp, path)
}
