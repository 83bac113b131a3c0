// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"dangol/internal/platform/fault"
)

// Sign-in limits. A browser that has signed in to the account before is known
// by a device cookie and is counted by itself, so strangers who try passwords
// for an account slow down only other strangers, never the person's own
// machines (OWASP "device cookies"; ASVS 5.0 V6.3).
const (
	throttleWindow     = 15 * time.Minute
	accountFailures    = 10 // by all unknown devices together
	addressFailures    = 30 // by all unknown devices of one address, whatever the account
	deviceFailures     = 10 // by one known device
	throttleMaxEntries = 20_000
)

// throttle counts failed sign-ins by key in memory. It is bounded: when full,
// the oldest counter goes.
type throttle struct {
	mu      sync.Mutex
	entries map[string]*attempts
}

type attempts struct {
	count int
	since time.Time
}

func newThrottle() *throttle { return &throttle{entries: map[string]*attempts{}} }

// keysFor names the counters that an attempt touches, with their limits.
func keysFor(email, address string, knownDevice int64) map[string]int {
	if knownDevice != 0 {
		return map[string]int{"device:" + strconv.FormatInt(knownDevice, 10): deviceFailures}
	}
	return map[string]int{"account:" + email: accountFailures, "address:" + network(address): addressFailures}
}

// admit counts the attempt before it is made, so that many at once cannot slip
// through, and returns fault.Busy with the seconds to wait when a limit is reached.
func (t *throttle) admit(keys map[string]int, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, limit := range keys {
		entry := t.entries[key]
		if entry == nil || now.Sub(entry.since) >= throttleWindow || entry.count < limit {
			continue
		}
		wait := int(math.Ceil((throttleWindow - now.Sub(entry.since)).Seconds()))
		return fault.New(fault.Busy, "auth.throttled",
			"Too many failed attempts to sign in; wait {minutes} minutes, or use a browser you signed in with before.",
			"minutes", (wait+59)/60, "retry_after", wait)
	}
	for key := range keys {
		t.count(key, now)
	}
	return nil
}

func (t *throttle) count(key string, now time.Time) {
	entry := t.entries[key]
	if entry == nil || now.Sub(entry.since) >= throttleWindow {
		if len(t.entries) >= throttleMaxEntries {
			t.evict(now)
		}
		entry = &attempts{since: now}
		t.entries[key] = entry
	}
	entry.count++
}

// evict drops what has lapsed, and if nothing has, the oldest counter.
func (t *throttle) evict(now time.Time) {
	oldest, at := "", now
	for key, entry := range t.entries {
		if now.Sub(entry.since) >= throttleWindow {
			delete(t.entries, key)
		} else if !entry.since.After(at) {
			oldest, at = key, entry.since
		}
	}
	if len(t.entries) >= throttleMaxEntries {
		delete(t.entries, oldest)
	}
}

// forgive takes back the attempt after a success: only failures count.
func (t *throttle) forgive(keys map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key := range keys {
		if entry := t.entries[key]; entry != nil {
			if entry.count--; entry.count <= 0 {
				delete(t.entries, key)
			}
		}
	}
}

// network is what one attacker usually owns: an IPv4 address or an IPv6 /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}
