// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

// proxy stands before a server and can cut all connections.
type proxy struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	down     bool
	open     []net.Conn
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: target}
	t.Cleanup(func() { p.set(true); _ = listener.Close() })
	go p.serve()
	return p
}

func (p *proxy) serve() {
	for {
		from, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		if p.down {
			_ = from.Close()
		} else if to, err := net.Dial("tcp", p.target); err != nil {
			_ = from.Close()
		} else {
			p.open = append(p.open, from, to)
			go func() { _, _ = io.Copy(from, to); _ = from.Close() }()
			go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		}
		p.mu.Unlock()
	}
}

// set cuts all connections and refuses new ones, or lets them through again.
func (p *proxy) set(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
	for _, c := range p.open {
		_ = c.Close()
	}
	p.open = nil
}

func TestVanishedPostgresIsUnavailableThenReconnects(t *testing.T) {
	t.Parallel()
	direct, err := url.Parse(databasetest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	p := startProxy(t, direct.Host)
	direct.Host = p.listener.Addr().String()
	db, err := database.Open(t.Context(), direct.String(), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ctx := t.Context()
	if err := set(ctx, db, "a", 1); err != nil {
		t.Fatal(err)
	}
	err = db.Within(ctx, func(ctx context.Context) error {
		if err := set(ctx, db, "b", 1); err != nil {
			return err
		}
		p.set(true)
		return set(ctx, db, "c", 1)
	})
	if !fault.Is(err, fault.Unavailable) || strings.Contains(err.(*fault.Fault).Message, "127.0.0.1") { //nolint:errorlint // the outermost
		t.Fatalf("cut in the middle: %v", err)
	}
	if err := set(ctx, db, "d", 1); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("while down: %v", err)
	}
	if _, err := db.Query(ctx, "SELECT 1"); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("read while down: %v", err)
	}
	p.set(false)
	if err := set(ctx, db, "e", 1); err != nil {
		t.Fatalf("after it came back: %v", err)
	}
	if got := names(t, db); got != "a e" {
		t.Fatalf("got %q", got)
	}
}
