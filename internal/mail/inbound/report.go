// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// report is what the machine-readable part of a notice says.
type report struct {
	statuses    []Status
	isReceipt   bool
	isComplaint bool
	originalID  string
}

// groups splits a report into its groups of fields (RFC 3464 2.1): lines
// "Name: value" with folded continuations, groups apart by an empty line.
func groups(raw []byte) []map[string]string {
	var all []map[string]string
	current, last := map[string]string{}, ""
	flush := func() {
		if len(current) > 0 && len(all) < mostParts {
			all = append(all, current)
		}
		current, last = map[string]string{}, ""
	}
	for _, line := range strings.Split(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			flush()
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			current[last] = cut(current[last]+" "+strings.TrimSpace(line), mostHeader)
		default:
			name, value, ok := strings.Cut(line, ":")
			if !ok {
				continue
			}
			last = strings.ToLower(strings.TrimSpace(name))
			if _, isThere := current[last]; !isThere {
				current[last] = cut(strings.TrimSpace(value), mostHeader)
			}
		}
	}
	flush()
	return all
}

// afterType drops the type of a typed field: "rfc822; kim@example.com".
func afterType(value string) string {
	if _, rest, ok := strings.Cut(value, ";"); ok {
		value = rest
	}
	return strings.Trim(strings.TrimSpace(value), "<>")
}

func (r *report) orNew() *report {
	if r == nil {
		return &report{}
	}
	return r
}

// readReport reads message/delivery-status (RFC 3464).
func readReport(raw []byte, r *report) *report {
	r = r.orNew()
	for _, group := range groups(raw) {
		address := firstOf(afterType(group["original-recipient"]), afterType(group["final-recipient"]))
		if address == "" {
			continue
		}
		s := Status{Address: strings.ToLower(cut(address, 320)), Code: enhancedCode(group["status"]), Diagnostic: afterType(group["diagnostic-code"])}
		switch action := strings.ToLower(strings.Fields(group["action"] + " ?")[0]); action {
		case "failed":
			s.Kind = Bounced
		case "delayed":
			s.Kind = Delayed
		case "delivered", "relayed", "expanded":
			s.Kind = Delivered
		default: // some servers leave the action out; the class of the code says it (RFC 3463 2)
			s.Kind = map[byte]Kind{'2': Delivered, '4': Delayed}[(s.Code + "5")[0]]
			if s.Kind == "" {
				s.Kind = Bounced
			}
		}
		if s.Kind == Bounced {
			s.Reach = reachOf(s.Code, s.Diagnostic)
		}
		r.statuses = append(r.statuses, s)
	}
	return r
}

// readReceipt reads message/disposition-notification (RFC 8098).
func readReceipt(raw []byte, r *report) *report {
	r = r.orNew()
	r.isReceipt = true
	for _, group := range groups(raw) {
		if id := idOf(group["original-message-id"]); id != "" {
			r.originalID = id
		}
		address := firstOf(afterType(group["original-recipient"]), afterType(group["final-recipient"]))
		if address == "" {
			continue
		}
		r.statuses = append(r.statuses, Status{Address: strings.ToLower(cut(address, 320)), Kind: Receipt, Diagnostic: group["disposition"]})
	}
	return r
}

// readFeedback reads message/feedback-report (RFC 5965).
func readFeedback(raw []byte, r *report) *report {
	r = r.orNew()
	r.isComplaint = true
	for _, group := range groups(raw) {
		if strings.EqualFold(group["feedback-type"], "not-spam") {
			r.isComplaint = false
		}
		if address := afterType(group["original-rcpt-to"]); address != "" {
			r.statuses = append(r.statuses, Status{Address: strings.ToLower(cut(address, 320)), Kind: Complaint, Diagnostic: group["feedback-type"]})
		}
	}
	return r
}

// classify settles the kind of a message from its report and its headers.
func (m *Message) classify(h *message.Header, r *report) {
	if r != nil {
		m.Statuses, m.OriginalID = r.statuses, r.originalID
		switch {
		case r.isComplaint:
			m.Kind = Complaint
		case r.isReceipt:
			m.Kind = Receipt
		default:
			m.Kind = worst(r.statuses)
		}
		return
	}
	if isAutomatic(h) {
		m.Kind = Automatic
	}
}

// worst is the kind that matters most among the statuses of a notice.
func worst(statuses []Status) Kind {
	seen := map[Kind]bool{}
	for _, s := range statuses {
		seen[s.Kind] = true
	}
	for _, kind := range []Kind{Bounced, Delayed, Delivered} {
		if seen[kind] {
			return kind
		}
	}
	return Automatic
}

// isAutomatic follows RFC 3834 section 5 and the headers that came before it.
func isAutomatic(h *message.Header) bool {
	submitted := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(h.Get("Precedence")))
	switch {
	case submitted != "" && !strings.HasPrefix(submitted, "no"):
		return true
	case precedence == "auto_reply" || precedence == "bulk" || precedence == "junk" || precedence == "list":
		return true
	case h.Has("X-Autoreply") || h.Has("X-Autorespond") || h.Has("X-Auto-Response-Suppress") && h.Has("In-Reply-To"):
		return true
	}
	return outOfOffice.MatchString(text(h, "Subject"))
}

var (
	outOfOffice = regexp.MustCompile(`(?i)^(auto(matic)?[ -]?(reply|response)|out of (the )?office|\[?부재 ?중|자동 ?(응답|회신)|\[자동)`)
	// enhanced finds an RFC 3463 code, and reply an SMTP code, in free text.
	enhanced = regexp.MustCompile(`\b([245])\.(\d{1,3})\.(\d{1,3})\b`)
	reply    = regexp.MustCompile(`(?m)(?:^|[\s(:#])([45]\d\d)[ -]`)
	daemon   = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|mail-daemon|mailerdaemon)@`)
	failing  = regexp.MustCompile(`(?i)undeliver|delivery (status|failure|has failed)|returned (mail|to sender)|failure notice|could not be delivered|mail delivery failed|반송|배달(되지| 실패)|전송 ?실패|발송 ?실패`)
	noSuch   = regexp.MustCompile(`(?i)user unknown|unknown user|no such (user|mailbox|recipient|address|account)|(mailbox|user|recipient|address|account)( address)?( was)? (not found|does ?n.t exist|does not exist|unknown|unavailable or not local|disabled)|invalid (recipient|mailbox|address)|unrouteable|recipient (address )?rejected: user|존재하지 않|없는 (사용자|계정|메일)|휴면|탈퇴`)
	isFull   = regexp.MustCompile(`(?i)mailbox (is )?full|over ?quota|quota exceeded|insufficient (system )?storage|용량`)
	isPolicy = regexp.MustCompile(`(?i)spam|blocked|blacklist|blocklist|reputation|policy|dmarc|\bspf\b|dkim|not authori[sz]ed|reject(ed)? due|rbl|스팸|차단`)
)

func enhancedCode(value string) string { return enhanced.FindString(value) }

// reachOf says what a failure means for the address. Codes come first (RFC
// 3463 section 3), words decide where the code is general or missing.
func reachOf(code, diagnostic string) Reach {
	if code == "" {
		code = enhancedCode(diagnostic)
	}
	subject := ""
	if parts := strings.SplitN(code, ".", 2); len(parts) == 2 {
		subject = parts[1]
	}
	switch {
	case isPolicy.MatchString(diagnostic) && !noSuch.MatchString(diagnostic), strings.HasPrefix(subject, "7."):
		return Blocked
	case subject == "2.2" || isFull.MatchString(diagnostic):
		return Soft
	case subject == "1.1" || subject == "1.2" || subject == "1.3" || subject == "1.6" || subject == "1.10" || subject == "2.1":
		return Hard
	case noSuch.MatchString(diagnostic):
		return Hard
	case strings.HasPrefix(code, "4."), strings.HasPrefix(subject, "4."), strings.HasPrefix(subject, "3.2"):
		return Soft
	case subject == "3.4" || subject == "2.3" || strings.HasPrefix(subject, "6."):
		return Blocked // this message was too large or of the wrong kind
	}
	return Soft
}

var anAddress = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}`)

// guessBounce reads notices of servers that know no RFC 3464: from a mail
// daemon with an empty sender or a telling subject. The first address in the
// text beside the failing one is believed only when it is the only one.
func (m *Message) guessBounce(h *message.Header) {
	isDaemon := daemon.MatchString(m.From) || strings.TrimSpace(h.Get("Return-Path")) == "<>"
	failed := strings.ToLower(strings.TrimSpace(h.Get("X-Failed-Recipients")))
	if failed == "" && (!isDaemon || !failing.MatchString(m.Subject+"\n"+cut(m.Text, 2000))) {
		return
	}
	m.Kind = Bounced
	told := m.Text
	if told == "" {
		told = m.HTML
	}
	if cutAt := originalBegins(told); cutAt > 0 {
		m.OriginalID = idOf(headerIn(bytes.TrimLeft([]byte(told[cutAt:]), "\r\n"), "message-id"))
		told = told[:cutAt]
	}
	found := map[string]bool{}
	for _, a := range anAddress.FindAllString(cut(told, 1<<16), 50) {
		if a = strings.ToLower(a); a != m.From && !contains(m.To, a) {
			found[a] = true
		}
	}
	if failed != "" {
		found = map[string]bool{}
		for _, a := range strings.Split(failed, ",") {
			if a = strings.TrimSpace(a); a != "" && len(found) < mostParts {
				found[a] = true
			}
		}
	}
	if len(found) != 1 && failed == "" {
		return // whom it means cannot be told; the envelope address may
	}
	code := enhancedCode(told)
	for a := range found {
		s := Status{Address: cut(a, 320), Kind: Bounced, Code: code, Diagnostic: telling(told)}
		s.Reach = reachOf(code, told)
		if code == "" {
			if match := reply.FindStringSubmatch(told); match != nil && match[1][0] == '4' && s.Reach == Hard {
				s.Reach = Soft
			}
		}
		m.Statuses = append(m.Statuses, s)
	}
}

// originalBegins is where the returned message starts in a notice of one text, 0 for nowhere.
func originalBegins(told string) int {
	for _, mark := range []string{"--- Below this line is a copy of the message", "------ This is a copy of the message", "----- Original message", "-----Original Message", "--- Original"} {
		if i := strings.Index(told, mark); i > 0 {
			if end := strings.IndexByte(told[i:], '\n'); end >= 0 {
				return i + end + 1
			}
		}
	}
	return 0
}

// telling is the line of a notice that says why.
func telling(told string) string {
	for _, line := range strings.Split(told, "\n") {
		if reply.MatchString(line) || enhanced.MatchString(line) || noSuch.MatchString(line) || isFull.MatchString(line) {
			return cut(strings.TrimSpace(line), 500)
		}
	}
	return cut(strings.TrimSpace(told), 200)
}

func contains(list []string, value string) bool {
	for _, v := range list {
		if v == value {
			return true
		}
	}
	return false
}
