// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"dangol/internal/platform/fault"
)

// environmentPrefix begins the names of settings in the environment.
const environmentPrefix = "DANGOL_"

// fileName is the settings file inside the data directory.
const fileName = "dangol.toml"

// Config holds every setting. Flags win over the environment (DANGOL_LISTEN),
// which wins over dangol.toml in the data directory, which wins over defaults.
type Config struct {
	// Data is the directory that holds everything of the installation.
	Data string `koanf:"data"`
	// Database is where the system of record is: "sqlite:PATH" or "postgres://…"; empty is a file in Data.
	Database string `koanf:"database"`
	// ErasureList is the file that lists the ids of erased records, for a restore; empty is a file in Data. It is of
	// most use on another disk than Data.
	ErasureList string `koanf:"erasure_list"`
	// Listen is the address of the HTTP server.
	Listen string `koanf:"listen"`
	// PublicURL is how people reach the server; it stands in mails and turns on secure cookies when https.
	PublicURL string `koanf:"public_url"`
	// TrustedProxies may state a caller's address in X-Forwarded-For (addresses or CIDR).
	TrustedProxies []string `koanf:"trusted_proxies"`
	// TLSCert and TLSKey are files; with both the server speaks HTTPS itself.
	TLSCert string `koanf:"tls_cert"`
	TLSKey  string `koanf:"tls_key"`

	// Company is the name on pages and in mails.
	Company string `koanf:"company"`
	// Zone is the company's time zone.
	Zone string `koanf:"zone"`
	// Currency is the company's ISO currency.
	Currency string `koanf:"currency"`
	// FiscalMonth is the month in which the fiscal year begins, 1 to 12.
	FiscalMonth int `koanf:"fiscal_month"`

	// SMTP is where mail is handed over: smtp://user:password@host:587, smtps://host:465; empty sends nothing.
	SMTP string `koanf:"smtp"`
	// MailFrom is the sender of mails, as "Name <address>".
	MailFrom string `koanf:"mail_from"`
	// MailReturn is the address to which mail servers return what they cannot deliver; each message adds its
	// recipient before the @ (bounce+…@example.com), so mail for all of these must reach MailDoor or a mailbox.
	MailReturn string `koanf:"mail_return"`
	// MailDoor is where this server takes mail itself, such as 0.0.0.0:25; empty takes none.
	MailDoor string `koanf:"mail_door"`
	// MailInbox are further addresses that MailDoor takes mail for.
	MailInbox []string `koanf:"mail_inbox"`
	// Mailboxes are looked into every minute: imaps://user:password@host/INBOX, pop3s://user:password@host.
	Mailboxes []string `koanf:"mailboxes"`
	// MailWorkers is how many mails are handed over at once.
	MailWorkers int `koanf:"mail_workers"`

	// SessionIdle and SessionAbsolute end sessions; UnmaskFor is how long values stay clear.
	SessionIdle     time.Duration `koanf:"session_idle"`
	SessionAbsolute time.Duration `koanf:"session_absolute"`
	UnmaskFor       time.Duration `koanf:"unmask_for"`

	// ColdDir is where rows of old lie as Parquet; empty is the folder cold in Data.
	ColdDir string `koanf:"cold_dir"`
	// ClickHouse is a server or cluster that mirrors the analysis data and answers what the customer image cannot:
	// clickhouse://user:password@host:8123/database, with several hosts ?cluster=NAME; empty is none.
	ClickHouse string `koanf:"clickhouse"`
	// WarehouseMemoryMB limits DuckDB's buffers, WarehouseThreads the cores of one question.
	WarehouseMemoryMB int `koanf:"warehouse_memory_mb"`
	WarehouseThreads  int `koanf:"warehouse_threads"`
	// SQLMemoryMB is what one statement of the SQL workspace may hold in memory.
	SQLMemoryMB int `koanf:"sql_memory_mb"`
	// UploadLimitMB is the largest file that can be imported.
	UploadLimitMB int `koanf:"upload_limit_mb"`

	// LogLevel is debug, info, warn or error; LogFormat is text or json.
	LogLevel  string `koanf:"log_level"`
	LogFormat string `koanf:"log_format"`
}

// Defaults are the settings of an installation that sets none.
func Defaults() Config {
	return Config{
		Data: "data", Listen: "127.0.0.1:8080", Company: "단골", Zone: "Asia/Seoul", Currency: "KRW", FiscalMonth: 1, MailWorkers: 8,
		SessionIdle: 30 * time.Minute, SessionAbsolute: 12 * time.Hour, UnmaskFor: 30 * time.Minute,
		WarehouseMemoryMB: 1024, WarehouseThreads: 2, SQLMemoryMB: 512, UploadLimitMB: 4096, LogLevel: "info", LogFormat: "text",
	}
}

// erasureList is where erasures are listed.
func (c *Config) erasureList() string {
	if c.ErasureList != "" {
		return c.ErasureList
	}
	return filepath.Join(c.Data, "erasures.jsonl")
}

// Load reads the settings. flags holds those given on the command line by the
// names of config.go; environ is os.Environ() outside tests.
func Load(flags map[string]any, environ []string) (Config, error) {
	config := Defaults()
	fromEnvironment, err := readEnvironment(environ)
	if err != nil {
		return config, err
	}
	for _, settings := range []map[string]any{fromEnvironment, flags} {
		if dir, ok := settings["data"].(string); ok && dir != "" {
			config.Data = dir
		}
	}
	merged := koanf.New(".")
	if err := readFile(merged, filepath.Join(config.Data, fileName)); err != nil {
		return config, err
	}
	for _, settings := range []map[string]any{fromEnvironment, flags} {
		for name, value := range settings {
			if err := merged.Set(name, value); err != nil {
				return config, fmt.Errorf("take the setting %s: %w", name, err)
			}
		}
	}
	if merged.Exists("trusted_proxies") { // a list in the file, words with commas elsewhere
		if text, ok := merged.Get("trusted_proxies").(string); ok {
			_ = merged.Set("trusted_proxies", strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }))
		}
	}
	if err := merged.Unmarshal("", &config); err != nil {
		return config, fault.Wrap(err, fault.Invalid, "app.bad_setting", "A setting has the wrong form: {what}.", "what", err.Error())
	}
	return config, config.check()
}

func readEnvironment(environ []string) (map[string]any, error) {
	known := settingNames()
	provider := env.Provider("", env.Opt{
		Prefix:      environmentPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(key, value string) (string, any) {
			name := strings.ToLower(strings.TrimPrefix(key, environmentPrefix))
			if !slices.Contains(known, name) {
				return "", nil // variables of tests and scripts share the prefix
			}
			return name, value
		},
	})
	return provider.Read()
}

func readFile(into *koanf.Koanf, path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := into.Load(file.Provider(path), toml.Parser()); err != nil {
		return fault.Wrap(err, fault.Invalid, "app.bad_settings_file", "{path} cannot be read: {what}.", "path", path, "what", err.Error())
	}
	known := settingNames()
	for _, name := range into.Keys() {
		if !slices.Contains(known, name) {
			return fault.New(fault.Invalid, "app.unknown_setting", "{path} sets {name}, which is no setting. There are: {known}.",
				"path", path, "name", name, "known", strings.Join(known, ", "))
		}
	}
	return nil
}

func settingNames() []string {
	t := reflect.TypeFor[Config]()
	names := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("koanf"))
	}
	return names
}

func (c *Config) check() error {
	bad := func(name, why string) error {
		return fault.New(fault.Invalid, "app.bad_setting", "The setting {name} is wrong: {why}.", "name", name, "why", why)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return bad("zone", "there is no time zone "+c.Zone)
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return bad("listen", c.Listen+" is not host:port")
	}
	if len(c.Currency) != 3 || strings.ToUpper(c.Currency) != c.Currency {
		return bad("currency", c.Currency+" is no ISO currency such as KRW")
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return bad("public_url", c.PublicURL+" is no address such as https://crm.example.com")
		}
	}
	if c.SMTP != "" {
		if u, err := url.Parse(c.SMTP); err != nil || u.Host == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
			return bad("smtp", "it is no address such as smtp://user:password@mail.example.com:587")
		}
	}
	if c.MailFrom != "" {
		if _, err := mail.ParseAddress(c.MailFrom); err != nil {
			return bad("mail_from", c.MailFrom+" is no sender such as \"Dangol <news@example.com>\"")
		}
	}
	if err := c.checkReceiving(bad); err != nil {
		return err
	}
	if _, err := c.proxies(); err != nil {
		return bad("trusted_proxies", err.Error())
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return bad("tls_cert", "it needs tls_key, and the reverse")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		return bad("log_level", c.LogLevel+" is not debug, info, warn or error")
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return bad("log_format", c.LogFormat+" is not text or json")
	}
	return c.checkRanges(bad)
}

func (c *Config) checkReceiving(bad func(name, why string) error) error {
	for name, addresses := range map[string][]string{"mail_return": {c.MailReturn}, "mail_inbox": c.MailInbox} {
		for _, address := range addresses {
			if parsed, err := mail.ParseAddress(address); address != "" && (err != nil || parsed.Address != address) {
				return bad(name, address+" is no bare address such as bounce@example.com")
			}
		}
	}
	if c.MailDoor != "" {
		if _, _, err := net.SplitHostPort(c.MailDoor); err != nil {
			return bad("mail_door", c.MailDoor+" is not host:port")
		}
		if c.MailReturn == "" && len(c.MailInbox) == 0 {
			return bad("mail_door", "it takes mail for mail_return and mail_inbox, and neither is set")
		}
	}
	for _, address := range c.Mailboxes {
		if _, err := mailbox(address); err != nil {
			return bad("mailboxes", "each must be an address such as imaps://user:password@mail.example.com/INBOX or pop3s://user:password@mail.example.com")
		}
	}
	return nil
}

func (c *Config) checkRanges(bad func(name, why string) error) error {
	switch {
	case c.SessionIdle < time.Minute || c.SessionIdle > 24*time.Hour:
		return bad("session_idle", "it must lie between 1m and 24h")
	case c.SessionAbsolute < c.SessionIdle || c.SessionAbsolute > 30*24*time.Hour:
		return bad("session_absolute", "it must lie between session_idle and 720h")
	case c.UnmaskFor < time.Minute || c.UnmaskFor > c.SessionAbsolute:
		return bad("unmask_for", "it must lie between 1m and session_absolute")
	case c.FiscalMonth < 1 || c.FiscalMonth > 12:
		return bad("fiscal_month", "it must be a month, 1 to 12")
	case c.WarehouseMemoryMB < 128:
		return bad("warehouse_memory_mb", "DuckDB needs at least 128")
	case c.WarehouseThreads < 1 || c.MailWorkers < 1 || c.UploadLimitMB < 1:
		return bad("warehouse_threads, mail_workers or upload_limit_mb", "each must be at least 1")
	}
	return nil
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range c.TrustedProxies {
		if ip, err := netip.ParseAddr(text); err == nil {
			list = append(list, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s is no address or network such as 10.0.0.0/8", text)
		}
		list = append(list, prefix)
	}
	return list, nil
}

// location is the company's zone; check has made sure that it exists.
func (c *Config) location() *time.Location {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// databaseURL is the system of record's address.
func (c *Config) databaseURL() string {
	if c.Database == "" {
		return "sqlite:" + filepath.Join(c.Data, "dangol.db")
	}
	return c.Database
}

// publicURL is how people reach the server, with a guess for a first try.
func (c *Config) publicURL() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "http://" + c.Listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || (err == nil && (ip.IsUnspecified() || ip.IsLoopback())) {
		host = "localhost"
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
