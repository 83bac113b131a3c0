// SPDX-License-Identifier: Apache-2.0

package database

import (
	"strings"
	"testing"
)

func TestRebind(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                    "",
		"SELECT 1":                            "SELECT 1",
		"a = ? AND b = ?":                     "a = $1 AND b = $2",
		"a = '?' AND b = ?":                   "a = '?' AND b = $1",
		"a = 'it''s ?' AND b = ?":             "a = 'it''s ?' AND b = $1",
		`"col?" = ?`:                          `"col?" = $1`,
		"a = ? -- why?\nAND b = ?":            "a = $1 -- why?\nAND b = $2",
		"a = ? /* what? ' */ AND b = ?":       "a = $1 /* what? ' */ AND b = $2",
		"이름 = ? AND x = '단골?'":                "이름 = $1 AND x = '단골?'",
		"unclosed 'literal ?":                 "unclosed 'literal ?",
		strings.Repeat("?,", 11) + "?":        "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12",
		"a - ? AND b / ? AND c -1":            "a - $1 AND b / $2 AND c -1",
		"/* open comment ?":                   "/* open comment ?",
		"a = ? --":                            "a = $1 --",
		"''?''":                               "''$1''",
		"a->>'$.city' = ? AND b = '\"' || ? ": "a->>'$.city' = $1 AND b = '\"' || $2 ",
	} {
		if got := rebind(query); got != want {
			t.Errorf("%q\n got %q\nwant %q", query, got, want)
		}
	}
}

func TestRebindCacheIsBounded(t *testing.T) {
	t.Parallel()
	var r rebinder
	for i := range rebindCacheSize * 2 {
		if got := r.query("?" + strings.Repeat(" ", i%5000)); got[:2] != "$1" {
			t.Fatal(got)
		}
	}
	if len(r.cache) > rebindCacheSize {
		t.Fatalf("%d texts are kept", len(r.cache))
	}
}

func FuzzRebind(f *testing.F) {
	for _, s := range []string{"a = ? AND b = '?'", `"x" ? -- ?`, "/*?*/?", "'", "?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		got := rebind(query)
		if !strings.Contains(query, "?") && got != query {
			t.Fatalf("%q became %q", query, got)
		}
		// What is not a placeholder stays: taking the numbers out again gives the query.
		back := got
		for n := strings.Count(query, "?"); n > 0; n-- {
			if strings.Contains(query, "$") {
				return
			}
			back = strings.ReplaceAll(back, "$"+itoa(n), "?")
		}
		if !strings.ContainsAny(query, "0123456789") && back != query {
			t.Fatalf("%q became %q, back %q", query, got, back)
		}
	})
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
