// SPDX-License-Identifier: Apache-2.0

package clickhouse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// address is where ClickHouse is: clickhouse://user:password@host:8123,host:8123/database?cluster=name.
type address struct {
	hosts    []string
	scheme   string
	user     string
	password string
	database string
	cluster  string
}

var errAddress = fault.New(fault.Invalid, "warehouse.clickhouse_address",
	"The address of ClickHouse has the form clickhouse://user:password@host:8123/database; several hosts are parted by commas and need ?cluster=NAME.")

func parseAddress(text string) (address, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	a := address{scheme: "http", user: "default", database: "default"}
	switch scheme {
	case "clickhouse", "http":
	case "clickhouses", "https":
		a.scheme = "https"
	default:
		ok = false
	}
	if !ok {
		return a, errAddress
	}
	login := ""
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		login, rest = rest[:at], rest[at+1:]
	}
	hosts, tail, _ := strings.Cut(rest, "/")
	path, query, _ := strings.Cut(tail, "?")
	values, err := url.ParseQuery(query)
	if err != nil || hosts == "" {
		return a, errAddress
	}
	if login != "" {
		name, password, _ := strings.Cut(login, ":")
		if a.user, err = url.QueryUnescape(name); err == nil {
			a.password, err = url.QueryUnescape(password)
		}
		if err != nil {
			return a, errAddress
		}
	}
	a.hosts, a.cluster = strings.Split(hosts, ","), values.Get("cluster")
	if path != "" {
		a.database = path
	}
	if len(a.hosts) > 1 && a.cluster == "" {
		return a, errAddress
	}
	return a, nil
}

// Shown is the address without the password.
func (a address) Shown() string {
	text := "clickhouse://" + strings.Join(a.hosts, ",") + "/" + a.database
	if a.cluster != "" {
		text += "?cluster=" + a.cluster
	}
	return text
}

// Codes of ClickHouse for servers that cannot be reached (dbms/src/Common/ErrorCodes.cpp of 18.16).
var lostCodes = map[int]bool{209: true, 210: true, 279: true, 159: true, 242: true}

// serverError is what a server answered instead of rows.
type serverError struct {
	host string
	code int
	text string
}

// Error tells the first sentence; the rest of ClickHouse's text repeats it for each try.
func (e *serverError) Error() string {
	line, _, _ := strings.Cut(e.text, "\n")
	if _, said, ok := strings.Cut(line, "Exception: "); ok {
		line = said
	}
	return fmt.Sprintf("%s says %q (code %d)", e.host, strings.TrimSpace(line), e.code)
}

// isLost says that the server or one of its shards does not answer.
func isLost(err error) bool {
	var answered *serverError
	if errors.As(err, &answered) {
		return lostCodes[answered.code]
	}
	return err != nil
}

// client speaks the HTTP interface.
type client struct {
	address
	http *http.Client
}

func newClient(a address) *client {
	transport := &http.Transport{MaxIdleConnsPerHost: 4, ResponseHeaderTimeout: askWithin + 10*time.Second, IdleConnTimeout: time.Minute}
	return &client{address: a, http: &http.Client{Transport: transport}}
}

// askWithin is how long a question may take.
const askWithin = 60 * time.Second

// send posts a statement to a host; body is data of an INSERT.
func (c *client) send(ctx context.Context, host, statement string, body io.Reader, settings map[string]string) (io.ReadCloser, error) {
	values := url.Values{"database": {c.database}}
	for name, value := range settings {
		values.Set(name, value)
	}
	if body != nil {
		values.Set("query", statement)
	} else {
		body = strings.NewReader(statement)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.scheme+"://"+host+"/?"+values.Encode(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-ClickHouse-User", c.user)
	request.Header.Set("X-ClickHouse-Key", c.password)
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("reach ClickHouse %s: %w", host, err)
	}
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
		return nil, errors.Join(&serverError{host, codeOf(string(text)), strings.TrimSpace(string(text))}, response.Body.Close())
	}
	return response.Body, nil
}

// codeOf reads "Code: 279, e.displayText() = …".
func codeOf(text string) int {
	_, rest, _ := strings.Cut(text, "Code: ")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	n, err := strconv.Atoi(rest[:end])
	if err != nil {
		return 0
	}
	return n
}

// exec runs a statement without rows on a host.
func (c *client) exec(ctx context.Context, host, statement string, settings map[string]string) error {
	answer, err := c.send(ctx, host, statement, nil, settings)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer)
	return errors.Join(err, answer.Close())
}

// rows streams the rows of a SELECT from the first host; nil stands for NULL.
func (c *client) rows(ctx context.Context, statement string, emit func(values []*string) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin+10*time.Second)
	defer cancel()
	answer, err := c.send(ctx, c.hosts[0], statement+" FORMAT TabSeparated", nil, map[string]string{
		"max_execution_time": strconv.Itoa(int(askWithin / time.Second)), "skip_unavailable_shards": "0",
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	lines := bufio.NewScanner(answer)
	lines.Buffer(make([]byte, 64<<10), 16<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "Code: ") { // an error after the first rows
			return &serverError{c.hosts[0], codeOf(line), line}
		}
		fields := strings.Split(line, "\t")
		values := make([]*string, len(fields))
		for i, field := range fields {
			if field != `\N` {
				text := unescape(field)
				values[i] = &text
			}
		}
		if err := emit(values); err != nil {
			return err
		}
	}
	return lines.Err()
}

var unescaper = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\'`, `'`, `\0`, "\x00", `\b`, "\b", `\f`, "\f")

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return unescaper.Replace(s)
}

var escaper = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`)
