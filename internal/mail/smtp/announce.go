// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strings"

	"golang.org/x/net/idna"

	"dangol/internal/mail"
)

// announce sends MAIL, RCPT and DATA of an envelope in one write.
func (k *conn) announce(e *ready) error {
	k.out = k.appendAnnounce(k.out[:0], e)
	if !k.has("PIPELINING") {
		return k.announceSlowly()
	}
	_, err := k.write(k.out, k.client.Timeouts.Command)
	return err
}

// appendAnnounce asks for notices of delivery where the envelope wants them and
// the server offers it (RFC 3461); only the headers come back, not the message.
func (k *conn) appendAnnounce(dst []byte, e *ready) []byte {
	dst = append(append(append(dst, "MAIL FROM:<"...), e.From...), '>')
	asks := e.Confirm && k.has("DSN")
	if asks {
		dst = append(dst, " RET=HDRS"...)
		if e.ID != "" {
			dst = append(append(dst, " ENVID="...), xtext(e.ID)...)
		}
	}
	dst = append(append(append(dst, "\r\nRCPT TO:<"...), e.to...), '>')
	if asks {
		dst = append(append(dst, " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;"...), xtext(e.to)...)
	}
	return append(dst, "\r\nDATA\r\n"...)
}

// xtext writes a value of a DSN parameter (RFC 3461 4).
func xtext(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > ' ' && c <= '~' && c != '+' && c != '=' {
			b.WriteByte(c)
		} else {
			b.WriteByte('+')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// announceSlowly is for servers without PIPELINING: one command at a time, the
// replies are kept for readAnnounced.
func (k *conn) announceSlowly() error {
	var kept bytes.Buffer
	for _, line := range bytes.SplitAfter(k.out, []byte("\r\n")) {
		if len(line) == 0 {
			continue
		}
		if _, err := k.write(line, k.client.Timeouts.Command); err != nil {
			return err
		}
		r, err := k.read(k.client.Timeouts.Command)
		if err != nil {
			return err
		}
		fmt.Fprintf(&kept, "%d %s\r\n", r.code, strings.Join(r.lines, " "))
		if r.code >= 400 {
			for range missingReplies(line) {
				kept.WriteString("503 not asked\r\n")
			}
			break
		}
	}
	k.in = bufio.NewReaderSize(&replay{kept: kept.Bytes(), stream: k.stream}, 4096)
	return nil
}

// missingReplies is how many commands of an announcement follow the line.
func missingReplies(line []byte) int {
	switch {
	case bytes.HasPrefix(line, []byte("MAIL")):
		return 2
	case bytes.HasPrefix(line, []byte("RCPT")):
		return 1
	}
	return 0
}

// replay gives kept replies before it goes on with the stream.
type replay struct {
	kept   []byte
	stream net.Conn
}

// Read reads the kept bytes first.
func (r *replay) Read(p []byte) (int, error) {
	if len(r.kept) > 0 {
		n := copy(p, r.kept)
		r.kept = r.kept[n:]
		return n, nil
	}
	return r.stream.Read(p)
}

// readAnnounced reads the replies to MAIL, RCPT and DATA. isOpen says that the
// server waits for a message all the same.
func (k *conn) readAnnounced() (refusal *mail.Result, isOpen bool, err error) {
	for i, want := range []int{250, 250, 354} {
		r, err := k.read(k.client.Timeouts.Command)
		if err != nil {
			return nil, false, err
		}
		isRecipient := i == 1
		isGood := r.code == want || (isRecipient && r.code == 251)
		switch {
		case i == 2 && r.code == 354:
			isOpen = true
		case r.code == 421 && refusal == nil:
			return nil, false, fmt.Errorf("the server closes: %s", r)
		case i == 0 && !isGood:
			// Not the recipient's fault: the whole campaign would be lost to it. The
			// replies that follow are left unread, so the connection must end.
			return nil, false, fmt.Errorf("the server refuses the sender: %s", r)
		}
		if !isGood && refusal == nil {
			result := r.classify(isRecipient)
			refusal = &result
		}
	}
	return refusal, isOpen, nil
}

// afterRefusal brings the connection back to where the next envelope can begin.
func (k *conn) afterRefusal(isOpen bool, refusal *mail.Result) error {
	if isOpen {
		// No recipient was taken, so the empty message goes to nobody (RFC 2920 3.1).
		if _, err := k.command("."); err != nil {
			return err
		}
	}
	r, err := k.command("RSET")
	if err != nil {
		return err
	}
	if r.code != 250 {
		return fmt.Errorf("RSET after %q: %s", refusal.Text, r)
	}
	return nil
}

// wireAddress is an address as the protocol takes it: ASCII, international
// domains in their own encoding, nothing that could end the command.
func wireAddress(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || strings.ContainsAny(address, " <>\r\n\t\x00") {
		return "", fmt.Errorf("%q is no address", address)
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", fmt.Errorf("%q has no valid domain", address)
	}
	for i := range at {
		if address[i] <= ' ' || address[i] > '~' {
			return "", fmt.Errorf("%q is not ASCII before the @", address)
		}
	}
	return address[:at] + "@" + domain, nil
}
