// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"net"
	"strings"
	"testing"
)

// zone is a DNS made of a map; the key is the kind and the name.
type zone map[string][]string

func (z zone) ask(kind, name string) ([]string, error) {
	list, ok := z[kind+" "+name]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if len(list) == 1 && list[0] == "!" {
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true}
	}
	return list, nil
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) { return z.ask("TXT", name) }

func (z zone) LookupHost(_ context.Context, name string) ([]string, error) {
	return z.ask("A", name)
}

func (z zone) LookupAddr(_ context.Context, name string) ([]string, error) {
	return z.ask("PTR", name)
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	list, err := z.ask("MX", name)
	var mx []*net.MX
	for _, host := range list {
		mx = append(mx, &net.MX{Host: host})
	}
	return mx, err
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		zone zone
		want string
	}{
		{"nothing there", zone{}, "spf_none dmarc_none mx_none reverse_no_host"},
		{"all well", zone{
			"TXT shop.kr": {"v=spf1 include:_spf.relay.kr ~all", "other=1"}, "TXT _dmarc.shop.kr": {"v=DMARC1; p=quarantine"}, "MX shop.kr": {"mx.shop.kr."},
			"A mail.shop.kr": {"192.0.2.1"}, "PTR 192.0.2.1": {"mail.shop.kr."},
		}, "spf_good dmarc_good mx_good reverse_good"},
		{"half done", zone{
			"TXT shop.kr": {"v=spf1 a mx"}, "TXT _dmarc.shop.kr": {"v=DMARC1; p=none"}, "MX shop.kr": {"."}, "A mail.shop.kr": {"192.0.2.1"},
			"PTR 192.0.2.1": {"host-1.isp.net."},
		}, "spf_undecided dmarc_watching mx_none reverse_other"},
		{
			"open to all",
			zone{"TXT shop.kr": {"v=spf1 +all"}, "TXT _dmarc.shop.kr": {"v=DMARC1; q=x"}, "MX shop.kr": {"!"}},
			"spf_open dmarc_broken no_answer reverse_no_host",
		},
		{"too much asked", zone{"TXT shop.kr": {"v=spf1 " + strings.Repeat("include:a.kr ", 11) + "-all"}}, "spf_lookups dmarc_none mx_none reverse_no_host"},
		{"two records", zone{"TXT shop.kr": {"v=spf1 -all", "v=spf1 ~all"}}, "spf_several dmarc_none mx_none reverse_no_host"},
	}
	for _, c := range cases {
		d := doctor{ctx: t.Context(), dns: c.zone}
		d.spf("shop.kr")
		d.dmarc("shop.kr")
		d.mx("shop.kr", "bounce@shop.kr")
		d.reverse("mail.shop.kr")
		var got []string
		for _, f := range d.findings {
			got = append(got, f.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}
