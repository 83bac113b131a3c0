// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"dangol/internal/mail"
)

// reply is what a server answers to one command.
type reply struct {
	code  int
	lines []string
}

const (
	// lineLongest and linesMost bound what a hostile server can make us hold.
	lineLongest = 4096
	linesMost   = 100
	// textLongest is how much of a reply is kept in the ledger.
	textLongest = 300
)

var errReply = errors.New("the server's reply cannot be read")

// readReply reads one reply of one or more lines (RFC 5321 4.2).
func readReply(in *bufio.Reader) (reply, error) {
	var r reply
	for {
		line, err := readLine(in)
		if err != nil {
			return r, err
		}
		if len(line) < 3 || !isDigits(line[:3]) || (len(line) > 3 && line[3] != ' ' && line[3] != '-') {
			return r, errReply
		}
		code := int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
		if code < 200 || code > 599 || (r.code != 0 && r.code != code) || len(r.lines) == linesMost {
			return r, errReply
		}
		r.code = code
		if len(line) <= 4 {
			r.lines = append(r.lines, "")
		} else {
			r.lines = append(r.lines, line[4:])
		}
		if len(line) == 3 || line[3] == ' ' {
			return r, nil
		}
	}
}

func readLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || len(line) > lineLongest {
		return "", errReply
	}
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String is the reply as one line of plain characters.
func (r reply) String() string {
	text := fmt.Sprintf("%d %s", r.code, strings.Join(r.lines, " "))
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
	if len(text) > textLongest {
		text = strings.ToValidUTF8(text[:textLongest], "")
	}
	return text
}

// unknownUser finds replies that say that the address does not exist. Enhanced
// codes decide where there are any (RFC 3463: 5.1.x, and 5.2.1 for a closed
// mailbox); else the words that the large providers use.
var (
	enhanced    = regexp.MustCompile(`^([245])\.(\d{1,3})\.(\d{1,3})\b`)
	unknownUser = regexp.MustCompile(`(?i)user unknown|unknown user|no such (user|recipient|mailbox|person|address)|mailbox (not found|unavailable|does not exist|is disabled)|does not exist|invalid (recipient|mailbox|address)|unknown recipient|recipient.{0,20}(not found|unknown|rejected)|존재하지 않`)
)

// classify turns a reply that is not a success into an outcome. atRecipient
// says that it answered RCPT, where alone an address can be found wanting.
func (r reply) classify(atRecipient bool) mail.Result {
	result := mail.Result{Code: r.code, Text: r.String(), Outcome: mail.Failed}
	if r.code < 500 {
		result.Outcome = mail.Deferred
		return result
	}
	text := strings.Join(r.lines, " ")
	if m := enhanced.FindStringSubmatch(text); m != nil {
		if (m[2] == "1" && m[3] != "8" && m[3] != "7") || (m[2] == "2" && m[3] == "1") {
			result.Outcome = mail.Bounced
		}
		return result
	}
	if atRecipient && (r.code == 550 || r.code == 551 || r.code == 553) && unknownUser.MatchString(text) {
		result.Outcome = mail.Bounced
	}
	return result
}
