// SPDX-License-Identifier: Apache-2.0

package architecture

import (
	"slices"
	"strings"
	"testing"
)

// allowed lists which capability may use the types of which other one. The
// list is short and free of cycles; behaviour is reached through interfaces
// that internal/app connects.
var allowed = map[string][]string{
	"customer":    {},
	"cube":        {},
	"team":        {},
	"dataquality": {"customer"},
	"match":       {"customer", "dataquality"},
	"intake":      {"customer", "dataquality"},
	"order":       {"customer"},
	"sales":       {"customer", "order"},
	"consent":     {"customer"},
	"loyalty":     {"customer", "order"},
	"feedback":    {"customer", "order"},
	"mail":        {"customer", "consent"},
	"letter":      {"customer", "consent"},
	"sms":         {"customer", "consent"},
	"call":        {"customer", "consent", "team"},
	"segment":     {"customer", "cube"},
	"mining":      {"customer", "cube", "segment"},
	"campaign":    {"customer", "consent", "segment", "mail", "call", "letter", "sms", "team"},
	"performance": {"cube", "campaign"},
}

// pure packages inside a capability hold rules without input or output: any
// capability may use them, because they know nothing of their callers.
var pure = []string{moduleName + "/internal/dataquality"}

func TestCapabilitiesImportOnlyWhatTheListAllows(t *testing.T) {
	for _, file := range sourceFiles(t) {
		own := capabilityOf(file.dir)
		if own == "" || file.isTest {
			continue
		}
		permitted, known := allowed[own]
		if !known {
			t.Errorf("%s: capability %q is not in the list of architecture/imports_test.go", file.path, own)
			continue
		}
		for _, path := range file.imports {
			other := capabilityOf(strings.TrimPrefix(path, moduleName+"/"))
			if !strings.HasPrefix(path, moduleName+"/internal/") || other == "" || other == own {
				continue
			}
			if !slices.Contains(permitted, other) && !slices.Contains(pure, path) {
				t.Errorf("%s: %s may not import %s; ask through an interface that internal/app connects", file.path, own, other)
			}
		}
	}
}

func TestTheListHasNoCycle(t *testing.T) {
	state := map[string]int{} // 1 = being visited, 2 = done
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if state[name] == 1 {
			t.Fatalf("cycle: %s", strings.Join(append(path, name), " → "))
		}
		if state[name] == 2 {
			return
		}
		state[name] = 1
		for _, next := range allowed[name] {
			if name != "dataquality" { // dataquality's worklists read customers; its pure rules are read by all
				visit(next, append(path, name))
			}
		}
		state[name] = 2
	}
	for name := range allowed {
		visit(name, nil)
	}
}

func TestPlatformKnowsNoCapability(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if !strings.HasPrefix(file.dir, "internal/platform") {
			continue
		}
		for _, path := range file.imports {
			inside := strings.TrimPrefix(path, moduleName+"/")
			if strings.HasPrefix(path, moduleName+"/internal/") && !strings.HasPrefix(inside, "internal/platform/") {
				t.Errorf("%s imports %s: platform is technique without business words", file.path, path)
			}
		}
	}
}

func TestOnlyRoutesSpeakHTTPAndOnlyStoresSpeakSQL(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if capabilityOf(file.dir) == "" || file.isTest || strings.Contains(file.dir, "test") {
			continue
		}
		isProvider := strings.Count(file.dir, "/") > 1 // internal/mail/smtp and the like are one outside system each
		for _, path := range file.imports {
			switch {
			case path == "net/http" && !strings.HasPrefix(file.name, "routes") && !isProvider:
				t.Errorf("%s: only routes*.go imports net/http", file.path)
			case path == "database/sql" && !strings.HasPrefix(file.name, "store"):
				t.Errorf("%s: only store*.go imports database/sql", file.path)
			}
		}
	}
}

func TestCgoStaysInItsTwoRooms(t *testing.T) {
	for _, file := range sourceFiles(t) {
		for _, path := range file.imports {
			switch {
			case path == "C":
				t.Errorf("%s: no cgo of our own", file.path)
			case strings.HasPrefix(path, "github.com/duckdb/") && file.dir != "internal/platform/warehouse/duckdb" && !strings.HasPrefix(file.dir, "bench"):
				t.Errorf("%s: DuckDB is known to internal/platform/warehouse/duckdb only", file.path)
			case strings.HasPrefix(path, "github.com/mattn/go-sqlite3") && file.dir != "internal/platform/database":
				t.Errorf("%s: the SQLite driver is known to internal/platform/database only", file.path)
			}
		}
	}
}

func TestOnlyTheSendGateIssuesPermits(t *testing.T) {
	for _, file := range sourceFiles(t) {
		own := capabilityOf(file.dir)
		if file.isTest || own == "consent" {
			continue
		}
		for _, line := range strings.Split(file.source, "\n") {
			if strings.Contains(line, "consent.Permit{") && !strings.Contains(line, "consent.Permit{}") {
				t.Errorf("%s makes a consent.Permit by hand: only the send gate may (L-AD-20)", file.path)
			}
		}
	}
}
