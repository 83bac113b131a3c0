// SPDX-License-Identifier: Apache-2.0

package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangol/internal/platform/fault"
)

func TestFlagsWinOverEnvironmentOverFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := "listen = \"127.0.0.1:1\"\ncompany = \"파일상회\"\nsession_idle = \"5m\"\ntrusted_proxies = [\"10.0.0.0/8\"]\ncurrency = \"USD\"\n"
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := Load(map[string]any{"listen": "127.0.0.1:3"}, []string{"DANGOL_DATA=" + dir, "DANGOL_LISTEN=127.0.0.1:2", "DANGOL_CURRENCY=EUR", "DANGOL_TEST_POSTGRES=x", "PATH=/bin"})
	if err != nil {
		t.Fatal(err)
	}
	if config.Listen != "127.0.0.1:3" || config.Currency != "EUR" || config.Company != "파일상회" || config.SessionIdle != 5*time.Minute || config.Data != dir || config.Zone != "Asia/Seoul" || len(config.TrustedProxies) != 1 {
		t.Fatalf("%+v", config)
	}
	config, err = Load(nil, []string{"DANGOL_TRUSTED_PROXIES=10.0.0.1, 192.0.2.0/24", "DANGOL_WAREHOUSE_THREADS=4", "DANGOL_DATA=" + t.TempDir()})
	if err != nil || len(config.TrustedProxies) != 2 || config.WarehouseThreads != 4 {
		t.Fatalf("%+v %v", config, err)
	}
}

// Each bad file in testdata names the message it must give in its first line.
func TestSettingsFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/settings/*.toml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%v %v", files, err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, fileName), content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = Load(map[string]any{"data": dir}, nil)
			if strings.Contains(path, ".good.") {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			want, _, _ := strings.Cut(strings.TrimPrefix(string(content), "# "), "\n")
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want %q", err, want)
			}
		})
	}
}

func TestPublicURLIsGuessedForAFirstTry(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{"127.0.0.1:8080": "http://localhost:8080", "0.0.0.0:80": "http://localhost:80", "192.0.2.1:8080": "http://192.0.2.1:8080"} {
		config := Config{Listen: listen}
		if got := config.publicURL(); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}
