// SPDX-License-Identifier: Apache-2.0

package database

import (
	"strconv"
	"strings"
	"sync"
)

// rebindCacheSize bounds the texts kept: filters make statements without end.
const rebindCacheSize = 4096

// rebinder turns ? into $1, $2… and remembers the result by text.
type rebinder struct {
	mu    sync.RWMutex
	cache map[string]string
}

func (r *rebinder) query(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	r.mu.RLock()
	text, ok := r.cache[query]
	r.mu.RUnlock()
	if ok {
		return text
	}
	text = rebind(query)
	r.mu.Lock()
	if r.cache == nil || len(r.cache) >= rebindCacheSize {
		r.cache = make(map[string]string, 256)
	}
	r.cache[query] = text
	r.mu.Unlock()
	return text
}

// rebind numbers the placeholders outside string literals, quoted names and comments.
func rebind(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	for i := 0; i < len(query); {
		end := skip(query, i)
		if end > i {
			b.WriteString(query[i:end])
			i = end
			continue
		}
		if query[i] == '?' {
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		} else {
			b.WriteByte(query[i])
		}
		i++
	}
	return b.String()
}

// skip returns the end of the literal, quoted name or comment that starts at i, or i.
func skip(q string, i int) int {
	switch {
	case q[i] == '\'' || q[i] == '"':
		// A doubled quote ends one literal and starts the next, which comes to the same.
		return until(q, i+1, q[i:i+1])
	case strings.HasPrefix(q[i:], "--"):
		return until(q, i+2, "\n")
	case strings.HasPrefix(q[i:], "/*"):
		return until(q, i+2, "*/")
	}
	return i
}

func until(q string, from int, stop string) int {
	if n := strings.Index(q[from:], stop); n >= 0 {
		return from + n + len(stop)
	}
	return len(q)
}
