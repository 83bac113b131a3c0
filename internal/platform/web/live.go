// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

const (
	// heartbeat keeps proxies from closing the stream, and is when the right to
	// listen is checked again.
	heartbeat = 15 * time.Second
	// pendingMost bounds what waits for one slow listener; older news of the
	// same topic is replaced, and past the bound the listener is told to reload.
	pendingMost = 64
)

// Hub passes news of running work to the open pages of this process.
type Hub struct {
	mu        sync.Mutex
	listeners map[*listener]bool
	topics    map[string]string // prefix before ":" → permission
	closed    bool
}

type message struct {
	Topic string          `json:"topic"`
	Data  json.RawMessage `json:"data"`
}

type listener struct {
	wants   func(topic string) bool
	mu      sync.Mutex
	pending []message
	lost    bool
	wake    chan struct{}
}

func newHub() *Hub {
	return &Hub{listeners: map[*listener]bool{}, topics: map[string]string{}}
}

// Allow names the permission needed to hear topics of the kind, which is what
// stands before the colon. Topics of unknown kinds reach nobody.
func (h *Hub) Allow(kind, permission string) {
	h.mu.Lock()
	h.topics[kind] = permission
	h.mu.Unlock()
}

// Publish passes data to everybody who listens to the topic; it never waits.
// Data must hold no personal values: it goes to all who may hear the topic.
func (h *Hub) Publish(topic string, data any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.listeners) == 0 {
		return
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return
	}
	for l := range h.listeners {
		if l.wants(topic) {
			l.push(message{Topic: topic, Data: raw})
		}
	}
}

// Close ends all streams; for shutdown.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for l := range h.listeners {
		close(l.wake)
		delete(h.listeners, l)
	}
}

func (h *Hub) join(l *listener) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.listeners[l] = true
	return true
}

func (h *Hub) leave(l *listener) {
	h.mu.Lock()
	delete(h.listeners, l)
	h.mu.Unlock()
}

func (h *Hub) permissionOf(topic string) string {
	kind, _, _ := strings.Cut(topic, ":")
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.topics[kind]
}

func (l *listener) push(m message) {
	l.mu.Lock()
	// Progress of one thing replaces older progress of it; the journal's topic
	// has no id, and each of its messages counts.
	at := -1
	if strings.Contains(m.Topic, ":") {
		at = slices.IndexFunc(l.pending, func(old message) bool { return old.Topic == m.Topic })
	}
	switch {
	case at >= 0:
		l.pending[at] = m
	case len(l.pending) >= pendingMost:
		l.pending, l.lost = nil, true
	default:
		l.pending = append(l.pending, m)
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) take() []message {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.pending
	l.pending = nil
	if l.lost {
		l.lost = false
		taken = append([]message{{Topic: "resync", Data: json.RawMessage("null")}}, taken...)
	}
	return taken
}

// serveLive streams {topic, data} as server-sent events. ?topics=job:7,batch:*
// chooses; without it everything comes that the person may hear.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request) {
	person := auth.From(r.Context())
	release, err := s.admission.enter(r.Context(), Stream, person.ID)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer release()
	wanted, err := s.wantedTopics(r.Context(), r.URL.Query().Get("topics"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	l := &listener{wake: make(chan struct{}, 1)}
	l.wants = func(topic string) bool {
		kind, _, _ := strings.Cut(topic, ":")
		permission := s.hub.topics[kind] // Publish holds the lock
		return permission != "" && permit(r.Context(), permission) == nil && wanted(topic)
	}
	if !s.hub.join(l) {
		s.refuse(w, r, fault.New(fault.Unavailable, "web.stopping", "The server is stopping."))
		return
	}
	defer s.hub.leave(l)
	s.stream(w, r, l)
}

func (s *Server) wantedTopics(ctx context.Context, list string) (func(string) bool, error) {
	if list == "" {
		return func(string) bool { return true }, nil
	}
	topics := strings.Split(list, ",")
	for _, topic := range topics {
		permission := s.hub.permissionOf(topic)
		if permission == "" {
			return nil, fault.New(fault.NotFound, "web.no_topic", "There is no live topic {topic}.", "topic", topic)
		}
		if err := permit(ctx, permission); err != nil {
			return nil, err
		}
	}
	return func(topic string) bool {
		kind, _, _ := strings.Cut(topic, ":")
		return slices.Contains(topics, topic) || slices.Contains(topics, kind+":*")
	}, nil
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, l *listener) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // not every writer has one
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	_, _ = fmt.Fprint(w, "retry: 3000\n: connected\n\n")
	_ = control.Flush()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case _, open := <-l.wake:
			if !open {
				return
			}
			err = writeEvents(w, l.take())
		case <-beat.C:
			if !s.mayStillListen(r) {
				return
			}
			_, err = fmt.Fprint(w, ": beat\n\n")
		}
		if err != nil || control.Flush() != nil {
			return
		}
	}
}

func writeEvents(w http.ResponseWriter, messages []message) error {
	for _, m := range messages {
		raw, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", raw); err != nil {
			return err
		}
	}
	return nil
}

// mayStillListen asks again who listens: the session may have ended or the
// person may have been disabled since.
func (s *Server) mayStillListen(r *http.Request) bool {
	person, err := s.personOf(r)
	return err == nil && person.IsSignedIn()
}
