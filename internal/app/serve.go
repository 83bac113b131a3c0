// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/web"
)

const (
	// drainTime is how long running requests get at shutdown.
	drainTime = 10 * time.Second
	// settleTime is when what was only needed to start is given back.
	settleTime = 10 * time.Second
	// Limits of a connection: a slow caller may not hold one for ever (ASVS V2.4).
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	headerMost = 64 << 10
)

// loops are the goroutines that work in the background.
type loops struct {
	mu    sync.Mutex
	group sync.WaitGroup
	errs  []error
}

func (l *loops) start(name string, run func() error) {
	l.group.Go(func() {
		if err := run(); err != nil && !errors.Is(err, context.Canceled) {
			l.mu.Lock()
			l.errs = append(l.errs, fmt.Errorf("%s: %w", name, err))
			l.mu.Unlock()
		}
	})
}

func (l *loops) wait() error {
	l.group.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.errs...)
}

// Begin starts the work in the background: numbering of the journal, its
// consumers, the feed of the warehouse and jobs. It ends with ctx, which is returned, or Close.
func (a *App) Begin(ctx context.Context) context.Context {
	ctx, a.stop = context.WithCancel(ctx)
	ctx = database.Background(auth.System(auth.WithDirectory(ctx, a.Team), "background"))
	a.loops.start("journal", func() error { return a.Journal.Run(ctx) })
	a.loops.start("warehouse", func() error { return a.follow(ctx) })
	a.loops.start("warehouse position", func() error { return a.tellPosition(ctx) })
	a.loops.start("jobs", func() error { return a.Jobs.Run(ctx) })
	for _, capability := range a.capabilities {
		for name, take := range capability.Consumers {
			a.loops.start(name, func() error { return a.Journal.Consume(ctx, name, take) })
		}
		if capability.Run != nil {
			a.loops.start(capability.Name, func() error { return capability.Run(ctx) })
		}
	}
	a.loops.start("live", func() error { return a.Journal.Consume(ctx, "live", a.publishJournal) })
	return ctx
}

// Serve answers requests on the configured address and on the operator's
// socket until ctx ends, then drains. ready, when given, is called with the
// address once requests are taken.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.Config.Listen, err)
	}
	socket, cleanup, err := listenLocal(a.Config.Data)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer cleanup()
	directed := auth.WithDirectory(context.WithoutCancel(ctx), a.Team)
	public, local := a.server(directed), a.server(web.Local(directed))
	failed := make(chan error, 2)
	go func() { failed <- a.answer(public, listener) }()
	go func() { failed <- local.Serve(socket) }()
	working := a.Begin(context.WithoutCancel(ctx)) // the loops outlive the listening, Close ends them
	// Only here: a command that ends soon would build the image of all customers for nobody.
	a.loops.start("image", func() error { return a.Image.Run(working, a.Warehouse.Ready) })
	if ready != nil {
		ready(listener.Addr().String())
	}
	// Starting reads much that serving does not need; later the collector looks only as people work.
	settled := time.AfterFunc(settleTime, debug.FreeOSMemory)
	defer settled.Stop()
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	a.log.Info("stopping")
	return errors.Join(err, a.drain(public, local))
}

func (a *App) server(base context.Context) *http.Server {
	return &http.Server{
		Handler: a.Web, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerMost,
		BaseContext: func(net.Listener) context.Context { return base },
	}
}

func (a *App) answer(server *http.Server, listener net.Listener) error {
	if a.Config.TLSCert != "" {
		return server.ServeTLS(listener, a.Config.TLSCert, a.Config.TLSKey)
	}
	return server.Serve(listener)
}

func (a *App) drain(servers ...*http.Server) error {
	a.Web.Hub().Close()
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var errs []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, server.Close())
			a.log.Warn("some requests did not end in time and were cut off", "error", err)
		}
	}
	return errors.Join(errs...)
}

// socketLongest is what the kernel takes as a socket's name.
const socketLongest = 100

// listenLocal opens the operator's socket; only the owner of the data may use it.
func listenLocal(dir string) (net.Listener, func(), error) {
	path := socketPath(dir)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("remove the old socket: %w", err)
	}
	name, closeName, err := socketName108(path)
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("unix", name)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the socket %s: %w", path, err), closeName())
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("protect the socket: %w", err), listener.Close(), closeName())
	}
	return listener, func() { _ = os.Remove(path); _ = closeName() }, nil
}

// socketName108 works around the limit of 108 bytes for names of sockets: a
// long folder is named by its open descriptor.
func socketName108(path string) (string, func() error, error) {
	if len(path) <= socketLongest {
		return path, func() error { return nil }, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, fmt.Errorf("open the data directory: %w", err)
	}
	return "/proc/self/fd/" + strconv.Itoa(int(dir.Fd())) + "/" + filepath.Base(path), dir.Close, nil
}
