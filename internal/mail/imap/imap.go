// SPDX-License-Identifier: Apache-2.0

package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"dangol/internal/platform/fault"
)

const (
	// patience bounds one look at a mailbox.
	patience = 5 * time.Minute
	// largest is the largest mail that is fetched; larger ones stay where they are.
	largest = 35 << 20
	// mostMails is how many mails one look at the mailbox fetches.
	mostMails = 2000
)

// Mailbox is a folder of an account on an IMAP server.
type Mailbox struct {
	host, port     string
	user, password string
	folder         string
	isTLS          bool
	isPlain        bool
}

// New reads an address such as imaps://user:password@mail.example.com/INBOX.
// imap:// demands STARTTLS, except to this machine itself.
func New(address string) (*Mailbox, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User.Username() == "" || (u.Scheme != "imap" && u.Scheme != "imaps") {
		return nil, fault.New(fault.Invalid, "mail.bad_mailbox", "The mailbox's address is none such as imaps://user:password@mail.example.com/INBOX.")
	}
	m := &Mailbox{
		host: u.Hostname(), port: u.Port(), user: u.User.Username(), folder: strings.Trim(u.Path, "/"), isTLS: u.Scheme == "imaps",
	}
	m.password, _ = u.User.Password()
	if m.folder == "" {
		m.folder = "INBOX"
	}
	ip := net.ParseIP(m.host)
	m.isPlain = !m.isTLS && (m.host == "localhost" || (ip != nil && ip.IsLoopback()))
	if m.port == "" {
		m.port = map[bool]string{true: "993", false: "143"}[m.isTLS]
	}
	return m, nil
}

// Name says which mailbox it is, without the password.
func (m *Mailbox) Name() string { return m.user + "@" + m.host + "/" + m.folder }

// Each gives every mail whose mark is not known to take, oldest first, and
// stops at its first error.
func (m *Mailbox) Each(ctx context.Context, known func(mark string) bool, take func(mark string, raw []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := m.connect()
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "mail.mailbox", "The mailbox {name} cannot be read: {why}", "name", m.Name(), "why", err.Error())
	}
	// The library's calls know no context: closing the connection ends them.
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	defer func() {
		stop()
		_ = client.Logout().Wait()
		_ = client.Close()
	}()
	if err := m.each(client, known, take); err != nil {
		return fmt.Errorf("read mailbox %s: %w", m.Name(), errors.Join(err, ctx.Err()))
	}
	return nil
}

func (m *Mailbox) connect() (*imapclient.Client, error) {
	options := &imapclient.Options{TLSConfig: &tls.Config{ServerName: m.host, MinVersion: tls.VersionTLS12}}
	address := net.JoinHostPort(m.host, m.port)
	dial := imapclient.DialStartTLS
	switch {
	case m.isTLS:
		dial = imapclient.DialTLS
	case m.isPlain:
		dial = imapclient.DialInsecure
	}
	client, err := dial(address, options)
	if err != nil {
		return nil, err
	}
	if err := client.Login(m.user, m.password).Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("sign in: %w", err), client.Close())
	}
	return client, nil
}

func (m *Mailbox) each(client *imapclient.Client, known func(string) bool, take func(string, []byte) error) error {
	folder, err := client.Select(m.folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	found, err := client.UIDSearch(&imap.SearchCriteria{Larger: 0}, nil).Wait()
	if err != nil {
		return fmt.Errorf("list mails: %w", err)
	}
	fetched := 0
	for _, uid := range found.AllUIDs() {
		mark := strconv.FormatUint(uint64(folder.UIDValidity), 10) + "." + strconv.FormatUint(uint64(uid), 10)
		if known(mark) {
			continue
		}
		if fetched++; fetched > mostMails {
			return nil // the next look goes on
		}
		raw, err := fetch(client, uid)
		if err != nil {
			return err
		}
		if raw == nil {
			continue
		}
		if err := take(mark, raw); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads a mail without marking it as seen; nil for one that is gone or too large.
func fetch(client *imapclient.Client, uid imap.UID) ([]byte, error) {
	sizes, err := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{RFC822Size: true, UID: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("size of mail %d: %w", uid, err)
	}
	if len(sizes) != 1 || sizes[0].RFC822Size > largest {
		return nil, nil
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	list, err := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		return nil, fmt.Errorf("fetch mail %d: %w", uid, err)
	}
	if len(list) != 1 {
		return nil, nil
	}
	return list[0].FindBodySection(whole), nil
}
