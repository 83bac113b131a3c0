// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

type pagesCommand struct {
	URL      string        `help:"Address of the server." default:"http://127.0.0.1:8080"`
	Email    string        `help:"Sign-in." required:""`
	Password string        `help:"Password." required:""`
	Clients  int           `help:"Clients at once." default:"8"`
	For      time.Duration `help:"How long." default:"20s"`
	Pause    time.Duration `help:"How long a client rests before each request."`
	Writes   bool          `help:"Also change a customer now and then, as people at work do."`
}

// sample holds what a search box is fed with, taken from customers of the server.
type sample struct {
	ids     []int64
	queries []string
}

type measured struct {
	kind  string
	took  time.Duration
	fault string
}

// Run asks pages until the time is over and prints one line a kind.
func (c *pagesCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.For+time.Minute)
	defer cancel()
	first, err := signIn(ctx, c.URL, c.Email, c.Password)
	if err != nil {
		return err
	}
	if err := first.send(ctx, "POST", "/api/session/unmask", map[string]any{"purpose": "benchmark"}, nil); err != nil {
		return fmt.Errorf("unmask: %w", err)
	}
	known, err := first.sample(ctx)
	if err != nil {
		return err
	}
	results := make(chan measured, 1024)
	var group sync.WaitGroup
	until := time.Now().Add(c.For)
	for n := range c.Clients {
		group.Add(1)
		go func() {
			defer group.Done()
			first.work(ctx, rand.New(rand.NewPCG(uint64(n), 7)), known, until, c, results)
		}()
	}
	go func() { group.Wait(); close(results) }()
	report(results)
	return nil
}

func (s *session) work(ctx context.Context, random *rand.Rand, known sample, until time.Time, c *pagesCommand, results chan<- measured) {
	for time.Now().Before(until) && ctx.Err() == nil {
		id := known.ids[random.IntN(len(known.ids))]
		query := known.queries[random.IntN(len(known.queries))]
		steps := []struct{ kind, path string }{
			{"list page", "/api/customers?limit=50&sort=" + []string{"name", "-created_at", "-updated_at"}[random.IntN(3)]},
			{"search", "/api/customers?limit=50&q=" + url.QueryEscape(query)},
			{"customer page", fmt.Sprintf("/api/customers/%d", id)},
			{"timeline", fmt.Sprintf("/api/customers/%d/timeline", id)},
		}
		for _, step := range steps {
			time.Sleep(c.Pause)
			started := time.Now()
			err := s.send(ctx, "GET", step.path, nil, nil)
			results <- outcome(step.kind, started, err)
		}
		if c.Writes && random.IntN(4) == 0 {
			time.Sleep(c.Pause)
			started := time.Now()
			err := s.send(ctx, "PATCH", fmt.Sprintf("/api/customers/%d", id), map[string]any{"memo": fmt.Sprint("bench ", random.Uint32())}, nil)
			results <- outcome("save", started, err)
		}
	}
}

func outcome(kind string, started time.Time, err error) measured {
	m := measured{kind: kind, took: time.Since(started)}
	if err != nil {
		m.fault = err.Error()
	}
	return m
}

func report(results <-chan measured) {
	took := map[string][]time.Duration{}
	faults := map[string]int{}
	for m := range results {
		took[m.kind] = append(took[m.kind], m.took)
		if m.fault != "" {
			faults[m.kind+": "+m.fault]++
		}
	}
	fmt.Printf("%-16s %8s %10s %10s %10s %10s\n", "page", "count", "p50", "p95", "p99", "max")
	for _, kind := range []string{"list page", "search", "customer page", "timeline", "save"} {
		d := took[kind]
		if len(d) == 0 {
			continue
		}
		slices.Sort(d)
		at := func(q float64) time.Duration { return d[int(q*float64(len(d)-1))].Round(10 * time.Microsecond) }
		fmt.Printf("%-16s %8d %10s %10s %10s %10s\n", kind, len(d), at(.5), at(.95), at(.99), at(1))
	}
	for fault, n := range faults {
		fmt.Printf("%d × %s\n", n, fault)
	}
}

type session struct {
	base   string
	client *http.Client
}

func signIn(ctx context.Context, base, email, password string) (*session, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	s := &session{base: strings.TrimSuffix(base, "/"), client: &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}}
	if err := s.send(ctx, "POST", "/api/session", map[string]any{"email": email, "password": password}, nil); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return s, nil
}

func (s *session) send(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.base+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Dangol", "1")
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s answered %s", strings.SplitN(path, "?", 2)[0], response.Status)
	}
	if out != nil {
		return json.Unmarshal(content, out)
	}
	return nil
}

func (s *session) sample(ctx context.Context) (sample, error) {
	var known sample
	for _, sort := range []string{"name", "-name", "created_at", "-created_at", "-updated_at"} {
		var page struct {
			Items []struct {
				ID       int64  `json:"id"`
				FullName string `json:"full_name"`
				Mobile   string `json:"mobile"`
				Email    string `json:"email"`
			} `json:"items"`
		}
		if err := s.send(ctx, "GET", "/api/customers?limit=200&sort="+sort, nil, &page); err != nil {
			return known, err
		}
		for _, item := range page.Items {
			known.ids = append(known.ids, item.ID)
			known.queries = append(known.queries, queriesOf(item.FullName, item.Mobile, item.Email)...)
		}
	}
	if len(known.ids) == 0 {
		return known, fmt.Errorf("the server has no customers to ask for")
	}
	return known, nil
}

func queriesOf(name, mobile, email string) []string {
	var queries []string
	letters := []rune(name)
	if len(letters) >= 2 {
		queries = append(queries, name, string(letters[:1]), string(letters[len(letters)-2:]), initials(letters))
	}
	if len(mobile) >= 8 {
		queries = append(queries, mobile[len(mobile)-4:], mobile[len(mobile)-8:])
	}
	if at := strings.IndexByte(email, '@'); at > 3 {
		queries = append(queries, email, email[:3])
	}
	return queries
}

// initials spells a name by its initial consonants, as people type it (rulebook F-HAN-5).
func initials(letters []rune) string {
	const table = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
	var out []rune
	for _, letter := range letters {
		if letter >= 0xAC00 && letter <= 0xD7A3 {
			letter = []rune(table)[(letter-0xAC00)/588]
		}
		out = append(out, letter)
	}
	return string(out)
}
