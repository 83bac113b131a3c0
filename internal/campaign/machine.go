// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"dangol/internal/platform/auth"
)

// machines are programs that follow links before people do: security gateways,
// previews, crawlers. They inflate clicks everywhere they are not told apart.
var machines = regexp.MustCompile(`(?i)bot\b|crawl|spider|slurp|preview|scan|proofpoint|mimecast|barracuda|safelinks|symantec|forcepoint|` +
	`trendmicro|fireeye|sophos|googleimageproxy|feedfetcher|yahoomailproxy|phantomjs|kakaotalk-scrap|facebookexternalhit`)

// proxies load pictures for a person who has just opened the mail, and hide who it is.
var proxies = regexp.MustCompile(`(?i)googleimageproxy|yahoomailproxy`)

const (
	// A person does not follow so many different links within so short a time.
	machineLinks = 3
	machineSpan  = 4 * time.Second
	// Nobody opens and reads faster than this after hand-over by a mail server.
	machineHaste = time.Second
	// proxyHaste: what a proxy loads so soon after hand-over it loads in advance.
	proxyHaste = 10 * time.Second
	// trapSpan is how long before and after stepping into the trap a visitor's clicks are a machine's.
	trapSpan = 10 * time.Minute
	// bareAgent is what the privacy protection of Apple's mail program calls itself: it loads every picture.
	bareAgent = "Mozilla/5.0"
)

// gateways are networks out of which mail security services work, as their own SPF
// records name them. They follow links with the names of ordinary browsers.
var gateways = []netip.Prefix{
	netip.MustParsePrefix("67.231.144.0/20"),  // Proofpoint
	netip.MustParsePrefix("148.163.128.0/19"), // Proofpoint
	netip.MustParsePrefix("205.139.110.0/24"), // Mimecast
	netip.MustParsePrefix("207.211.30.0/23"),  // Mimecast
	netip.MustParsePrefix("209.222.80.0/21"),  // Barracuda
	netip.MustParsePrefix("40.92.0.0/15"),     // Microsoft's mail protection
	netip.MustParsePrefix("40.107.0.0/16"),    // likewise
	netip.MustParsePrefix("52.100.0.0/14"),    // likewise
	netip.MustParsePrefix("104.47.0.0/17"),    // likewise
}

func isGateway(address string) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, network := range gateways {
		if network.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

func (s *Service) isMachine(ctx context.Context, v Visit, a addressee, linkID int64) (bool, error) {
	now := s.db.Now(ctx)
	if strings.TrimSpace(v.UserAgent) == "" || machines.MatchString(v.UserAgent) || isGateway(v.Address) || s.isHasty(a, now, machineHaste) {
		return true, nil
	}
	if a.trappedAt != nil && now.Sub(time.UnixMicro(*a.trappedAt)) < trapSpan {
		return true, nil
	}
	others, err := s.store.clickedLately(ctx, a.id, linkID, now.Add(-machineSpan))
	return others >= machineLinks-1, err
}

func (s *Service) isHasty(a addressee, now time.Time, haste time.Duration) bool {
	return a.handedOverAt != nil && !s.letters.Transport().IsLocal() && now.Sub(time.UnixMicro(*a.handedOverAt)) < haste
}

// isMachineOpen tells whether a picture was loaded without anybody there. A proxy
// loads it when the mail is opened, unless it comes too soon.
func (s *Service) isMachineOpen(v Visit, a addressee, now time.Time) bool {
	agent := strings.TrimSpace(v.UserAgent)
	switch {
	case agent == "" || agent == bareAgent || isGateway(v.Address) || s.isHasty(a, now, machineHaste):
		return true
	case proxies.MatchString(agent):
		return s.isHasty(a, now, proxyHaste)
	}
	return machines.MatchString(agent)
}

// Shown notes that the picture of a mail was loaded; an altered token is fault.NotFound.
func (s *Service) Shown(ctx context.Context, v Visit) error {
	keys, err := s.letters.Keys(ctx)
	if err != nil {
		return err
	}
	id, err := keys.ReadOpen(v.Token)
	if err != nil || v.IsHead {
		return err
	}
	a, err := s.store.addressee(ctx, id)
	if err != nil {
		return err
	}
	ctx = auth.System(ctx, "open")
	isNews := false
	err = s.db.Within(ctx, func(ctx context.Context) error {
		isMachine := s.isMachineOpen(v, a, s.db.Now(ctx))
		if err := s.store.insertOpen(ctx, a, isMachine); err != nil {
			return err
		}
		var err error
		if isMachine {
			isNews, err = s.store.markOnce(ctx, a, "machine_opened_at", countMachineOpen)
			return err
		}
		if isNews, err = s.store.markOnce(ctx, a, "opened_at", countOpened); err != nil || !isNews {
			return err
		}
		return s.event(ctx, "campaign.opened", a)
	})
	if err == nil && isNews {
		s.publishIdle(ctx, a.campaignID)
	}
	return err
}

// Trapped notes that somebody followed the link that no person sees: the clicks
// around it were a machine's, also those that came before.
func (s *Service) Trapped(ctx context.Context, token string) error {
	keys, err := s.letters.Keys(ctx)
	if err != nil {
		return err
	}
	id, err := keys.ReadTrap(token)
	if err != nil {
		return err
	}
	a, err := s.store.addressee(ctx, id)
	if err != nil {
		return err
	}
	ctx = auth.System(ctx, "trap")
	err = s.db.Within(ctx, func(ctx context.Context) error { return s.store.trap(ctx, a, s.db.Now(ctx).Add(-trapSpan)) })
	if err == nil {
		s.publishIdle(ctx, a.campaignID)
	}
	return err
}
