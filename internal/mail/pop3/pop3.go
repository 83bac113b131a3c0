// SPDX-License-Identifier: Apache-2.0

package pop3

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

const (
	// patience bounds each step of the conversation.
	patience = time.Minute
	// largest is the largest mail that is fetched; larger ones stay where they are.
	largest = 35 << 20
	// mostMails is how many mails one look at the mailbox fetches.
	mostMails = 2000
)

// Mailbox is an account on a POP3 server.
type Mailbox struct {
	host, port     string
	user, password string
	isTLS          bool // from the start; else STLS is demanded, except on this machine
	isPlain        bool
	deletes        bool
}

// New reads an address such as pop3s://user:password@mail.example.com.
// pop3:// demands STLS, except to this machine itself; ?delete=1 removes mails
// from the server once they are kept here.
func New(address string) (*Mailbox, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User.Username() == "" || (u.Scheme != "pop3" && u.Scheme != "pop3s") {
		return nil, fault.New(fault.Invalid, "mail.bad_mailbox", "The mailbox's address is none such as pop3s://user:password@mail.example.com.")
	}
	m := &Mailbox{host: u.Hostname(), port: u.Port(), user: u.User.Username(), isTLS: u.Scheme == "pop3s", deletes: u.Query().Get("delete") == "1"}
	m.password, _ = u.User.Password()
	if strings.ContainsAny(m.user+m.password, "\r\n") {
		return nil, fault.New(fault.Invalid, "mail.bad_mailbox", "Name and password of the mailbox must be one line.")
	}
	ip := net.ParseIP(m.host)
	m.isPlain = !m.isTLS && (m.host == "localhost" || (ip != nil && ip.IsLoopback()))
	if m.port == "" {
		m.port = map[bool]string{true: "995", false: "110"}[m.isTLS]
	}
	return m, nil
}

// Name says which mailbox it is, without the password.
func (m *Mailbox) Name() string { return m.user + "@" + m.host }

// Each gives every mail whose mark is not known to take, oldest first, and
// stops at its first error. With ?delete=1 a mail is removed after take has
// returned; the removal counts when the session ends in an orderly way.
func (m *Mailbox) Each(ctx context.Context, known func(mark string) bool, take func(mark string, raw []byte) error) error {
	s, err := m.connect(ctx)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "mail.mailbox", "The mailbox {name} cannot be read: {why}", "name", m.Name(), "why", err.Error())
	}
	defer func() { _ = s.raw.Close() }()
	err = s.each(m, known, take)
	if _, quit := s.ask("QUIT"); err == nil && quit != nil {
		err = fmt.Errorf("end the session: %w", quit)
	}
	if err != nil {
		return fmt.Errorf("read mailbox %s: %w", m.Name(), err)
	}
	return nil
}

// session is one conversation.
type session struct {
	raw net.Conn
	in  *textproto.Reader
}

func (m *Mailbox) connect(ctx context.Context) (*session, error) {
	raw, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", net.JoinHostPort(m.host, m.port))
	if err != nil {
		return nil, err
	}
	s := &session{raw: raw}
	if err := s.open(ctx, m); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return s, nil
}

func (s *session) open(ctx context.Context, m *Mailbox) error {
	if m.isTLS {
		if err := s.encrypt(ctx, m.host); err != nil {
			return err
		}
	}
	s.use()
	if _, err := s.answer(); err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if !m.isTLS && !m.isPlain {
		if _, err := s.ask("STLS"); err != nil {
			return fmt.Errorf("a password is not sent without encryption: %w", err)
		}
		if err := s.encrypt(ctx, m.host); err != nil {
			return err
		}
		s.use()
	}
	if _, err := s.ask("USER " + m.user); err != nil {
		return fmt.Errorf("user: %w", err)
	}
	if _, err := s.ask("PASS " + m.password); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return nil
}

func (s *session) use() { s.in = textproto.NewReader(bufio.NewReaderSize(s.raw, 64<<10)) }

func (s *session) encrypt(ctx context.Context, host string) error {
	encrypted := tls.Client(s.raw, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	s.raw = encrypted
	return nil
}

// ask sends a command and reads the one line of its answer.
func (s *session) ask(command string) (string, error) {
	if err := s.raw.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(s.raw, command+"\r\n"); err != nil {
		return "", err
	}
	return s.answer()
}

func (s *session) answer() (string, error) {
	if err := s.raw.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	line, err := s.in.ReadLine()
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(line, "+OK"); ok {
		return strings.TrimSpace(rest), nil
	}
	return "", fmt.Errorf("the server says: %s", strings.ToValidUTF8(line, "?"))
}

// listed is a mail of the mailbox.
type listed struct {
	number int
	mark   string
	size   int64
}

func (s *session) list() ([]listed, error) {
	sizes := map[int]int64{}
	err := s.lines("LIST", func(number int, rest string) {
		if size, err := strconv.ParseInt(rest, 10, 64); err == nil {
			sizes[number] = size
		}
	})
	if err != nil {
		return nil, err
	}
	var all []listed
	err = s.lines("UIDL", func(number int, rest string) {
		if rest != "" && len(rest) <= 200 {
			all = append(all, listed{number, rest, sizes[number]})
		}
	})
	return all, err
}

// lines reads the lines "number rest" of a listing.
func (s *session) lines(command string, each func(number int, rest string)) error {
	if _, err := s.ask(command); err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	for {
		line, err := s.in.ReadLine()
		if err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		if line == "." {
			return nil
		}
		first, rest, _ := strings.Cut(line, " ")
		if number, err := strconv.Atoi(first); err == nil {
			each(number, strings.TrimSpace(rest))
		}
	}
}

func (s *session) each(m *Mailbox, known func(string) bool, take func(string, []byte) error) error {
	all, err := s.list()
	if err != nil {
		return err
	}
	fetched := 0
	for _, mail := range all {
		isKnown := known(mail.mark)
		if !isKnown && mail.size <= largest {
			if fetched++; fetched > mostMails {
				return nil // the next look goes on
			}
			raw, err := s.fetch(mail.number)
			if err != nil {
				return err
			}
			if err := take(mail.mark, raw); err != nil {
				return err
			}
			isKnown = true
		}
		if isKnown && m.deletes {
			if _, err := s.ask("DELE " + strconv.Itoa(mail.number)); err != nil {
				return fmt.Errorf("remove mail: %w", err)
			}
		}
	}
	return nil
}

func (s *session) fetch(number int) ([]byte, error) {
	if _, err := s.ask("RETR " + strconv.Itoa(number)); err != nil {
		return nil, fmt.Errorf("fetch mail %d: %w", number, err)
	}
	if err := s.raw.SetDeadline(time.Now().Add(10 * patience)); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(s.in.DotReader(), largest+1))
	if err != nil {
		return nil, fmt.Errorf("fetch mail %d: %w", number, err)
	}
	if len(raw) > largest {
		return nil, fmt.Errorf("mail %d is larger than it said", number)
	}
	return raw, nil
}
