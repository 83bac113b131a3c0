// SPDX-License-Identifier: Apache-2.0

// Package smtptest is a mail server for tests: it keeps what it takes and
// misbehaves where a test asks it to.
package smtptest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"testing"
)

// Message is a message that the sink has taken.
type Message struct {
	From, To string
	Data     []byte
}

// Sink is the server. Set its fields before Start.
type Sink struct {
	// Reply answers a verb (GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA,
	// DOT, RSET) with its argument; "" keeps the usual answer, Cut closes the
	// connection, Stall never answers. DOT with CutAfter takes the message and closes.
	Reply func(verb, argument string) string
	// TLS, when set, offers STARTTLS.
	TLS *tls.Config
	// Password, when set, demands AUTH PLAIN as "user:password".
	Password string
	// NoPipelining hides the extension and refuses early commands.
	NoPipelining bool
	// Forget keeps no messages, for long runs.
	Forget bool
	// Taken is called with each message before it is acknowledged.
	Taken func(Message)

	listener net.Listener
	mu       sync.Mutex
	messages []Message
	open     map[net.Conn]bool
	stopped  chan struct{}
	wait     sync.WaitGroup
}

// Answers that are no replies.
const (
	Cut      = "CUT"
	CutAfter = "CUT AFTER"
	Stall    = "STALL"
)

// Start listens on a free port of this machine until the test ends.
func (s *Sink) Start(t testing.TB) *Sink {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener, s.open, s.stopped = listener, map[net.Conn]bool{}, make(chan struct{})
	s.wait.Go(s.accept)
	t.Cleanup(s.Stop)
	return s
}

// Address is where the sink listens.
func (s *Sink) Address() string { return s.listener.Addr().String() }

// Stop closes the sink and all its connections.
func (s *Sink) Stop() {
	s.mu.Lock()
	select {
	case <-s.stopped:
		s.mu.Unlock()
		return
	default:
	}
	close(s.stopped)
	_ = s.listener.Close()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wait.Wait()
}

// Messages returns what was taken so far.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

func (s *Sink) keep(m Message) {
	if s.Forget {
		return
	}
	s.mu.Lock()
	s.messages = append(s.messages, m)
	s.mu.Unlock()
}

// Connections is how many are open.
func (s *Sink) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *Sink) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.mu.Unlock()
		s.wait.Go(func() {
			talk := &session{sink: s, raw: c, stream: c, in: bufio.NewReader(c)}
			talk.run()
			s.mu.Lock()
			delete(s.open, c)
			s.mu.Unlock()
			_ = c.Close()
		})
	}
}

type session struct {
	sink     *Sink
	raw      net.Conn
	stream   net.Conn
	in       *bufio.Reader
	from, to string
	signedIn bool
}

// say answers; false ends the session.
func (t *session) say(verb, argument, usual string) bool {
	answer := usual
	if t.sink.Reply != nil && verb != "" {
		if other := t.sink.Reply(verb, argument); other != "" {
			answer = other
		}
	}
	switch answer {
	case Cut:
		return false
	case Stall:
		<-t.sink.stopped
		return false
	}
	_, err := t.stream.Write([]byte(answer + "\r\n"))
	return err == nil && !strings.HasPrefix(answer, "421")
}

func (t *session) run() {
	if !t.say("GREETING", "", "220 sink") {
		return
	}
	for {
		line, err := t.in.ReadString('\n')
		if err != nil {
			return
		}
		verb, argument, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if t.sink.NoPipelining && t.in.Buffered() > 0 {
			_, _ = t.stream.Write([]byte("503 pipelining is not offered\r\n"))
			return
		}
		if !t.command(strings.ToUpper(verb), argument) {
			return
		}
	}
}

func (t *session) command(verb, argument string) bool {
	switch verb {
	case "EHLO":
		return t.hello()
	case "STARTTLS":
		return t.startTLS()
	case "AUTH":
		return t.auth(argument)
	case "MAIL":
		t.from, t.to = address(argument), ""
		if t.sink.Password != "" && !t.signedIn {
			return t.say(verb, argument, "530 5.7.0 sign in first")
		}
		return t.say(verb, argument, "250 ok")
	case "RCPT":
		return t.recipient(verb, argument)
	case "DATA":
		return t.data()
	case "RSET":
		t.to = ""
		return t.say(verb, "", "250 ok")
	case "QUIT":
		return false
	}
	return t.say(verb, argument, "502 not known")
}

func (t *session) recipient(verb, argument string) bool {
	usual := "250 ok"
	if t.sink.Reply != nil {
		if other := t.sink.Reply(verb, argument); other != "" {
			usual = other
		}
	}
	if strings.HasPrefix(usual, "2") {
		t.to = address(argument)
	}
	if usual == Cut || usual == Stall {
		return t.say("", "", usual)
	}
	_, err := t.stream.Write([]byte(usual + "\r\n"))
	return err == nil && !strings.HasPrefix(usual, "421")
}

func (t *session) hello() bool {
	lines := []string{"sink"}
	if !t.sink.NoPipelining {
		lines = append(lines, "PIPELINING")
	}
	if t.sink.TLS != nil && t.stream == t.raw {
		lines = append(lines, "STARTTLS")
	}
	if t.sink.Password != "" {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	var b strings.Builder
	for i, l := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		b.WriteString("250" + mark + l)
		if i < len(lines)-1 {
			b.WriteString("\r\n")
		}
	}
	return t.say("EHLO", "", b.String())
}

func (t *session) startTLS() bool {
	if t.sink.TLS == nil {
		return t.say("STARTTLS", "", "502 not offered")
	}
	if !t.say("STARTTLS", "", "220 go on") {
		return false
	}
	encrypted := tls.Server(t.raw, t.sink.TLS)
	if encrypted.Handshake() != nil {
		return false
	}
	t.stream, t.in = encrypted, bufio.NewReader(encrypted)
	return true
}

func (t *session) auth(argument string) bool {
	_, secret, _ := strings.Cut(argument, " ")
	raw, _ := base64.StdEncoding.DecodeString(secret)
	user, password, _ := strings.Cut(t.sink.Password, ":")
	if string(raw) != "\x00"+user+"\x00"+password {
		return t.say("AUTH", "", "535 5.7.8 wrong password")
	}
	t.signedIn = true
	return t.say("AUTH", "", "235 welcome")
}

func (t *session) data() bool {
	if t.to == "" {
		return t.say("DATA", "", "554 no valid recipients")
	}
	if t.sink.Reply != nil {
		if other := t.sink.Reply("DATA", t.to); other != "" {
			return t.say("", "", other)
		}
	}
	if _, err := t.stream.Write([]byte("354 go on\r\n")); err != nil {
		return false
	}
	var message []byte
	for {
		line, err := t.in.ReadBytes('\n')
		if err != nil {
			return false
		}
		if bytes.Equal(line, []byte(".\r\n")) {
			break
		}
		message = append(message, bytes.TrimPrefix(line, []byte("."))...)
	}
	return t.dot(Message{From: t.from, To: t.to, Data: message})
}

func (t *session) dot(m Message) bool {
	answer := "250 2.0.0 taken"
	if t.sink.Reply != nil {
		if other := t.sink.Reply("DOT", m.To); other != "" {
			answer = other
		}
	}
	t.to = ""
	if strings.HasPrefix(answer, "250") || answer == CutAfter {
		if t.sink.Taken != nil {
			t.sink.Taken(m)
		}
		t.sink.keep(m)
	}
	if answer == CutAfter {
		return false
	}
	return t.say("", "", answer)
}

func address(argument string) string {
	_, rest, _ := strings.Cut(argument, "<")
	inside, _, _ := strings.Cut(rest, ">")
	return inside
}
