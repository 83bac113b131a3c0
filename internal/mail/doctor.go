// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"errors"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// Resolver asks the DNS; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// Grades of findings.
const (
	Good    = "good"
	Weak    = "weak"
	Bad     = "bad"
	Unasked = "unknown" // the DNS did not answer
)

// Finding is what the DNS says about one thing that receivers look at.
type Finding struct {
	Check   string `json:"check" enum:"spf,dkim,dmarc,mx,reverse"`
	Subject string `json:"subject" doc:"The name that was asked for."`
	Grade   string `json:"grade" enum:"good,weak,bad,unknown"`
	Code    string `json:"code" doc:"What was found, for the screen's words."`
	Message string `json:"message"`
	Found   string `json:"found,omitempty" doc:"What stands in the DNS."`
	Advice  string `json:"advice,omitempty" doc:"What should stand there."`
}

// doctorPatience bounds an examination.
const doctorPatience = 15 * time.Second

// spfLookups is the most terms that ask the DNS (RFC 7208 4.6.4).
const spfLookups = 10

// Examine asks the DNS about the domain that messages come from; empty is that
// of the settings.
func (s *Service) Examine(ctx context.Context, domain string) ([]Finding, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return nil, err
	}
	domain, err := s.domainOf(ctx, domain)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	d := doctor{ctx: ctx, dns: s.resolver}
	if d.dns == nil {
		d.dns = net.DefaultResolver
	}
	d.spf(domain)
	keys, err := s.store.listDKIM(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.keys(domain, keys); err != nil {
		return nil, err
	}
	d.dmarc(domain)
	d.mx(domain, s.options.Return)
	relays, err := s.store.listRelays(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range relays {
		if r.Kind == RelayDirect && r.IsActive {
			d.reverse(r.Address)
		}
	}
	return d.findings, nil
}

func (s *Service) domainOf(ctx context.Context, domain string) (string, error) {
	from := s.options.From
	if domain == "" && from == "" {
		sender, err := s.gate.FindSender(ctx, "company")
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", err
		}
		from = sender.Email
	}
	if domain == "" {
		if address, err := netmail.ParseAddress(from); err == nil {
			_, domain, _ = strings.Cut(address.Address, "@")
		}
	}
	if domain == "" {
		return "", fault.New(fault.Invalid, "mail.no_own_domain", "No address to send from is set yet; name a domain to examine.")
	}
	domain = strings.ToLower(strings.Trim(strings.TrimSpace(domain), "."))
	if domain == "" || !strings.Contains(domain, ".") || strings.ContainsAny(domain, " /:@") || len(domain) > 253 {
		return "", fault.New(fault.Invalid, "mail.bad_domain", "\"{domain}\" is no domain.", "domain", domain)
	}
	return domain, nil
}

type doctor struct {
	ctx      context.Context // of one examination
	dns      Resolver
	findings []Finding
}

func (d *doctor) say(f Finding) { d.findings = append(d.findings, f) }

// texts answers the TXT records that begin with a mark; isAsked is false when the DNS did not answer.
func (d *doctor) texts(name, mark string) (list []string, isAsked bool) {
	all, err := d.dns.LookupTXT(d.ctx, name)
	if err != nil {
		return nil, isMissing(err)
	}
	for _, text := range all {
		if strings.HasPrefix(strings.ToLower(text), mark) {
			list = append(list, text)
		}
	}
	return list, true
}

func isMissing(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func noAnswer(check, name string) Finding {
	return Finding{Check: check, Subject: name, Grade: Unasked, Code: "no_answer", Message: "The DNS did not answer; try again later."}
}

// spf looks at who may send for the domain (RFC 7208).
func (d *doctor) spf(domain string) {
	f := Finding{Check: "spf", Subject: domain, Grade: Good, Code: "spf_good", Message: "One SPF record names who may send."}
	list, isAsked := d.texts(domain, "v=spf1")
	f.Found = strings.Join(list, "\n")
	const advice = "v=spf1 include:<your relay's SPF name> ~all"
	switch {
	case !isAsked:
		f = noAnswer("spf", domain)
	case len(list) == 0:
		f.Grade, f.Code, f.Message, f.Advice = Bad, "spf_none", "There is no SPF record, so receivers cannot know who may send.", advice
	case len(list) > 1:
		f.Grade, f.Code, f.Message = Bad, "spf_several", "There are several SPF records, which counts as an error (RFC 7208 3.2); join them."
	default:
		gradeSPF(&f, list[0])
	}
	d.say(f)
}

func gradeSPF(f *Finding, record string) {
	lookups := 0
	last := ""
	for _, term := range strings.Fields(strings.ToLower(record))[1:] {
		name := strings.TrimLeft(term, "+-~?")
		for _, asking := range []string{"include:", "a", "mx", "ptr", "exists:", "redirect="} {
			isTerm := name == asking || strings.HasPrefix(name, asking+":") || strings.HasPrefix(name, asking+"/")
			if isTerm || (strings.HasSuffix(asking, ":") || strings.HasSuffix(asking, "=")) && strings.HasPrefix(name, asking) {
				lookups++
				break
			}
		}
		if strings.HasSuffix(term, "all") || strings.HasPrefix(name, "redirect=") {
			last = term
		}
	}
	switch {
	case lookups > spfLookups:
		f.Grade, f.Code, f.Message = Bad, "spf_lookups", "The SPF record asks the DNS more than ten times and is an error (RFC 7208 4.6.4)."
	case last == "+all" || last == "all":
		f.Grade, f.Code, f.Message, f.Advice = Bad, "spf_open", "The SPF record lets everybody send for the domain.", "~all"
	case last == "" || last == "?all":
		f.Grade, f.Code, f.Message, f.Advice = Weak, "spf_undecided", "The SPF record says nothing about other senders.", "~all"
	}
}

// keys holds the DKIM keys to what stands in the DNS.
func (d *doctor) keys(domain string, list []DKIMKey) error {
	signs := false
	for _, k := range list {
		if k.Domain != domain {
			continue
		}
		if err := k.describe(); err != nil {
			return err
		}
		signs = signs || k.IsActive
		d.key(k)
	}
	if !signs {
		d.say(Finding{
			Check: "dkim", Subject: domain, Grade: Bad, Code: "dkim_none",
			Message: "Messages of this domain are not signed here. Gmail, Yahoo and Naver ask for DKIM unless your relay signs.",
		})
	}
	return nil
}

func (d *doctor) key(k DKIMKey) {
	f := Finding{Check: "dkim", Subject: k.Name, Grade: Good, Code: "dkim_good", Message: "The key stands in the DNS.", Advice: ""}
	all, err := d.dns.LookupTXT(d.ctx, k.Name)
	joined := strings.Join(all, "")
	f.Found = joined
	switch {
	case err != nil && !isMissing(err):
		f = noAnswer("dkim", k.Name)
	case len(all) == 0:
		f.Grade, f.Code, f.Message, f.Advice = Bad, "dkim_missing", "The key does not stand in the DNS yet.", k.Record
	case tag(joined, "p") != tag(k.Record, "p"):
		f.Grade, f.Code, f.Message, f.Advice = Bad, "dkim_other", "Another key stands in the DNS; signatures fail.", k.Record
	case !k.IsActive:
		f.Grade, f.Code, f.Message = Weak, "dkim_off", "The key stands in the DNS but does not sign yet; switch it on."
	}
	d.say(f)
}

// tag reads a value of a list such as "v=DKIM1; p=…" (RFC 6376 3.2).
func tag(record, name string) string {
	for _, part := range strings.Split(record, ";") {
		key, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

// dmarc looks at what receivers shall do with forged messages (RFC 7489).
func (d *doctor) dmarc(domain string) {
	name := "_dmarc." + domain
	list, isAsked := d.texts(name, "v=dmarc1")
	if isAsked && len(list) == 0 && strings.Count(domain, ".") > 1 {
		_, parent, _ := strings.Cut(domain, ".")
		name = "_dmarc." + parent
		list, isAsked = d.texts(name, "v=dmarc1")
	}
	f := Finding{Check: "dmarc", Subject: name, Grade: Good, Code: "dmarc_good", Message: "A DMARC record protects the domain.", Found: strings.Join(list, "\n")}
	switch {
	case !isAsked:
		f = noAnswer("dmarc", name)
	case len(list) == 0:
		f.Grade, f.Code, f.Message = Bad, "dmarc_none", "There is no DMARC record; Gmail and Yahoo refuse bulk mail without one."
		f.Subject, f.Advice = "_dmarc."+domain, "v=DMARC1; p=none; rua=mailto:dmarc@"+domain
	case len(list) > 1 || !slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(tag(list[0], "p"))):
		f.Grade, f.Code, f.Message = Bad, "dmarc_broken", "The DMARC record cannot be read: there must be one, with p=none, quarantine or reject."
	case strings.EqualFold(tag(list[0], "p"), "none"):
		f.Grade, f.Code, f.Message = Weak, "dmarc_watching", "DMARC only watches (p=none); go on to quarantine when the reports look good."
	}
	d.say(f)
}

// mx looks whether answers and returned messages can come back.
func (d *doctor) mx(domain, returns string) {
	names := []string{domain}
	if _, other, ok := strings.Cut(returns, "@"); ok && !strings.EqualFold(other, domain) {
		names = append(names, strings.ToLower(other))
	}
	for _, name := range names {
		f := Finding{Check: "mx", Subject: name, Grade: Good, Code: "mx_good", Message: "Answers and returned messages can come back."}
		list, err := d.dns.LookupMX(d.ctx, name)
		for _, mx := range list {
			f.Found += mx.Host + " "
		}
		f.Found = strings.TrimSpace(f.Found)
		if err != nil && !isMissing(err) && len(list) == 0 {
			f = noAnswer("mx", name)
		} else if len(list) == 0 || f.Found == "." {
			f.Grade, f.Code, f.Message = Bad, "mx_none", "No server takes mail for this domain, so answers and bounces are lost."
		}
		d.say(f)
	}
}

// reverse looks whether the machine's name and its address name each other.
func (d *doctor) reverse(host string) {
	f := Finding{Check: "reverse", Subject: host, Grade: Good, Code: "reverse_good", Message: "Name and address of this machine name each other."}
	addresses, err := d.dns.LookupHost(d.ctx, host)
	if err != nil && !isMissing(err) {
		d.say(noAnswer("reverse", host))
		return
	}
	if len(addresses) == 0 {
		f.Grade, f.Code, f.Message = Bad, "reverse_no_host", "The name of this machine has no address."
	}
	for _, address := range addresses {
		names, _ := d.dns.LookupAddr(d.ctx, address)
		f.Found += address + " → " + strings.Join(names, ", ") + "\n"
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSuffix(n, "."), host) }) {
			f.Grade, f.Code, f.Advice = Bad, "reverse_other", host
			f.Message = "The address's reverse name is not the name of this machine; many receivers refuse that."
		}
	}
	f.Found = strings.TrimSpace(f.Found)
	d.say(f)
}

// UseResolver sets what asks the DNS.
func (s *Service) UseResolver(dns Resolver) { s.resolver = dns }
