// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadingMakesNothing gives every command that works on what is there a directory (and an empty
// database) that holds nothing: it says so and leaves nothing behind.
func TestReadingMakesNothing(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, config Config) {
		config.Data = filepath.Join(t.TempDir(), "mistyped")
		if config.Database != "" {
			config.Database = emptyPostgres(t)
		}
		for _, args := range [][]string{
			{"check"},
			{"rebuild"},
			{"user", "list"},
			{"user", "disable", "a@b.kr"},
			{"user", "password", "a@b.kr", "--password-stdin"},
			{"backup", "--out", filepath.Join(t.TempDir(), "b.tar.zst")},
			{"export", "customers", "--out", filepath.Join(t.TempDir(), "c.csv"), "--purpose", "점검용"},
			{"export", "segment", "1", "--out", filepath.Join(t.TempDir(), "s.csv"), "--purpose", "점검용"},
		} {
			code, out, errs := run(t, config, append(args, "--json")...)
			var told struct{ Code, Error string }
			if err := json.Unmarshal([]byte(errs), &told); err != nil || code != exitNotFound || told.Code != "app.no_installation" {
				t.Errorf("%v: %d %s %s", args, code, out, errs)
			}
			if _, err := os.Stat(config.Data); !os.IsNotExist(err) {
				t.Fatalf("%v made %s", args, config.Data)
			}
			if strings.Contains(told.Error, ":dangol@") {
				t.Errorf("%v shows a password: %s", args, told.Error)
			}
		}
		if code, _, errs := run(t, config, "user", "add", "a@b.kr", "--role", "administrator", "--password-stdin"); code != exitOK {
			t.Fatalf("the first user: %d %s", code, errs)
		}
		if code, out, errs := run(t, config, "user", "list"); code != exitOK || !strings.Contains(out, "a@b.kr") {
			t.Errorf("after that: %d %s %s", code, out, errs)
		}
	})
}

// TestTheDemoCompanyMakesItsInstallation loads a small company into a directory that is not there yet.
func TestTheDemoCompanyMakesItsInstallation(t *testing.T) {
	t.Parallel()
	config := testConfig(t)
	config.Data = filepath.Join(t.TempDir(), "new")
	code, _, errs := run(t, config, "demo", "--customers", "30", "--out", filepath.Join(t.TempDir(), "files"), "--load", "--json")
	if code != exitOK {
		t.Fatalf("%d %s", code, errs)
	}
	if code, out, errs := run(t, config, "check", "--json"); code != exitOK {
		t.Errorf("check: %d %s %s", code, out, errs)
	}
}

// TestUsageErrorsAreJSONWhenAsked gives machines every wrong usage in the form that they asked for.
func TestUsageErrorsAreJSONWhenAsked(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--json", "improt"},
		{"import", "--json"},
		{"import", "x.csv", "--json"},
		{"import", "x.csv", "--source", "a", "--kind", "people", "--json"},
		{"check", "--colour", "--json"},
		{"--json"},
	} {
		code, out, errs := run(t, testConfig(t), args...)
		var told struct {
			Code, Error string
			Exit        int `json:"exit_code"`
		}
		if err := json.Unmarshal([]byte(errs), &told); err != nil || code != exitUsage || told.Exit != exitUsage || told.Error == "" || out != "" {
			t.Errorf("%v: %d %q %q", args, code, out, errs)
		}
	}
}
