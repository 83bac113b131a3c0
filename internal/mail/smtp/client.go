// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"dangol/internal/mail"
	"dangol/internal/platform/fault"
)

// Timeouts bound each step; RFC 5321 4.5.3.2 names the longest sensible ones.
type Timeouts struct {
	Connect, Greeting, Command, Data, Final time.Duration
}

// DefaultTimeouts are shorter than the RFC's where a bulk sender would rather
// try again, and the RFC's own for the final dot, where giving up early means
// not knowing.
var DefaultTimeouts = Timeouts{
	Connect: 30 * time.Second, Greeting: time.Minute, Command: time.Minute, Data: 2 * time.Minute, Final: 10 * time.Minute,
}

// security is how a connection is encrypted.
type security string

const (
	implicitTLS security = "tls"
	startTLS    security = "starttls"
	opportune   security = "opportunistic" // STARTTLS when offered, for servers on the same machine or network
	plain       security = "none"
	exchange    security = "mx" // STARTTLS when offered, whatever the certificate says
)

// Client is a mail server that takes messages.
type Client struct {
	host, port     string
	user, password string
	security       security
	hello          string
	roots          *x509.CertPool
	Timeouts       Timeouts
	Clock          func() time.Time
}

// New reads an address such as smtp://user:password@mail.example.com:587.
// smtps:// means TLS from the start (465). ?tls=none or ?tls=opportunistic
// allow a connection without encryption, and ?ca=FILE adds a root certificate;
// without them smtp:// demands STARTTLS, except to this machine itself.
func New(address string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, fault.New(fault.Invalid, "mail.bad_smtp", "The mail server's address is none such as smtp://user:password@mail.example.com:587.")
	}
	c := &Client{host: u.Hostname(), port: u.Port(), security: startTLS, Timeouts: DefaultTimeouts, Clock: time.Now}
	c.user = u.User.Username()
	c.password, _ = u.User.Password()
	switch {
	case u.Scheme == "smtps":
		c.security = implicitTLS
	case isLoopback(c.host):
		c.security = opportune
	}
	if want := u.Query().Get("tls"); want != "" {
		c.security = security(want)
	}
	switch c.security {
	case implicitTLS, startTLS, opportune, plain, exchange:
	default:
		return nil, fault.New(fault.Invalid, "mail.bad_smtp", "tls={value} is not tls, starttls, opportunistic or none.", "value", string(c.security))
	}
	if c.port == "" {
		c.port = map[security]string{implicitTLS: "465", startTLS: "587", opportune: "25", plain: "25", exchange: "25"}[c.security]
	}
	if err := c.readRoots(u.Query().Get("ca")); err != nil {
		return nil, err
	}
	if c.hello, err = os.Hostname(); err != nil || c.hello == "" {
		c.hello = "localhost"
	}
	return c, nil
}

func (c *Client) readRoots(path string) error {
	if path == "" {
		return nil
	}
	pem, err := os.ReadFile(path)
	c.roots = x509.NewCertPool()
	if err != nil || !c.roots.AppendCertsFromPEM(pem) {
		return fault.New(fault.Invalid, "mail.bad_smtp", "The certificate {path} cannot be read.", "path", path)
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Name sets the name that the client gives itself.
func (c *Client) Name(hello string) {
	if hello != "" {
		c.hello = hello
	}
}

// IsLocal reports that messages leave the machine.
func (c *Client) IsLocal() bool { return false }

// Describe names the server without its password.
func (c *Client) Describe() string { return net.JoinHostPort(c.host, c.port) }

// Connect opens a connection that is greeted, encrypted and signed in.
func (c *Client) Connect(ctx context.Context) (mail.Connection, error) {
	connection, err := c.connect(ctx)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "mail.server", "The mail server {server} cannot be used: {why}",
			"server", c.Describe(), "why", reason(err))
	}
	return connection, nil
}

// reason is an error's text without the addresses of sockets.
func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the server closed the connection"
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "the server did not answer in time"
	}
	var network *net.OpError
	if errors.As(err, &network) && network.Err != nil {
		return network.Op + ": " + network.Err.Error()
	}
	return err.Error()
}

func (c *Client) connect(ctx context.Context) (*conn, error) {
	dialer := net.Dialer{Timeout: c.Timeouts.Connect}
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(c.host, c.port))
	if err != nil {
		return nil, err
	}
	k := &conn{client: c, raw: raw, ctx: ctx}
	// A cancelled context must not wait for a server that says nothing.
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	err = k.open()
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = k.raw.Close()
		return nil, err
	}
	return k, nil
}

// open greets, encrypts and signs in.
func (k *conn) open() error {
	if k.client.security == implicitTLS {
		if err := k.encrypt(); err != nil {
			return err
		}
	} else {
		k.use(k.raw)
	}
	r, err := k.read(k.client.Timeouts.Greeting)
	if err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if r.code != 220 {
		return fmt.Errorf("greeting: %s", r)
	}
	if err := k.sayHello(); err != nil {
		return err
	}
	if k.client.security == startTLS || ((k.client.security == opportune || k.client.security == exchange) && k.has("STARTTLS")) {
		if err := k.startTLS(); err != nil {
			return err
		}
	}
	return k.signIn()
}

func (k *conn) use(stream net.Conn) {
	k.stream = stream
	k.in = bufio.NewReaderSize(stream, 4096)
}

func (k *conn) encrypt() error {
	encrypted := tls.Client(k.raw, &tls.Config{
		ServerName: k.client.host, MinVersion: tls.VersionTLS12, RootCAs: k.client.roots,
		InsecureSkipVerify: k.client.security == exchange, //nolint:gosec // the alternative is no encryption at all (RFC 7435)
	})
	if err := k.raw.SetDeadline(k.now().Add(k.client.Timeouts.Command)); err != nil {
		return err
	}
	if err := encrypted.Handshake(); err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	k.use(encrypted)
	return nil
}

func (k *conn) startTLS() error {
	if !k.has("STARTTLS") {
		return errors.New("it offers no STARTTLS; a connection without encryption needs ?tls=none")
	}
	r, err := k.command("STARTTLS")
	if err != nil {
		return fmt.Errorf("STARTTLS: %w", err)
	}
	if r.code != 220 {
		return fmt.Errorf("STARTTLS: %s", r)
	}
	if k.in.Buffered() > 0 {
		// Replies sent before the handshake would be taken for protected ones (CVE-2011-0411).
		return errors.New("STARTTLS: the server spoke before the handshake")
	}
	if err := k.encrypt(); err != nil {
		return err
	}
	k.isEncrypted = true
	return k.sayHello()
}

func (k *conn) sayHello() error {
	r, err := k.command("EHLO " + k.client.hello)
	if err != nil {
		return fmt.Errorf("EHLO: %w", err)
	}
	k.extensions = map[string]string{}
	if r.code != 250 {
		if r, err = k.command("HELO " + k.client.hello); err != nil {
			return fmt.Errorf("HELO: %w", err)
		}
		if r.code != 250 {
			return fmt.Errorf("HELO: %s", r)
		}
		return nil
	}
	for _, line := range r.lines[1:] {
		name, arguments, _ := strings.Cut(line, " ")
		k.extensions[strings.ToUpper(name)] = arguments
	}
	return nil
}

func (k *conn) has(extension string) bool {
	_, ok := k.extensions[extension]
	return ok
}
