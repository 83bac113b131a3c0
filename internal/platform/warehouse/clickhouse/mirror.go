// SPDX-License-Identifier: Apache-2.0

package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

// States of a mirror.
const (
	StateLoading = "loading" // rows are on their way
	StateLevel   = "level"   // holds what the warehouse does, and answers
	StateLost    = "lost"    // a server does not answer; it is tried again
)

// Status is what screens show of the mirror.
type Status struct {
	Address string    `json:"address"`
	Version string    `json:"version,omitempty" doc:"of the server"`
	State   string    `json:"state" enum:"loading,level,lost"`
	Error   string    `json:"error,omitempty"`
	Since   time.Time `json:"since" doc:"when the state began"`
	Rows    int64     `json:"rows"`
	Shards  int       `json:"shards"`
	Seq     int64     `json:"seq" doc:"position of the journal that it includes"`
}

// Options connect a mirror.
type Options struct {
	// Address is clickhouse://user:password@host:8123/database.
	Address string
	// Source is the warehouse that is mirrored.
	Source image.Source
	// Spec says what is kept; it is asked before each load.
	Spec func(ctx context.Context) image.Spec
	// Tell hears of every new state; nil nobody.
	Tell func(Status)
}

// pending is what changed since the mirror was level.
type pending struct {
	all bool
	ids map[string]map[int64]struct{}
}

// Mirror keeps ClickHouse level with the warehouse and asks it.
type Mirror struct {
	client *client
	Options

	asking   sync.RWMutex // held for reading while a question runs, for writing while rows come in
	spec     image.Spec
	version  int64            // of the warehouse that the mirror holds; 0 is none
	gone     map[string]int64 // listed pairs of key and version by table
	rows     int64
	position warehouse.Position

	waiting sync.Mutex
	changed pending
	wake    chan struct{}

	telling sync.Mutex
	status  Status
}

const (
	// retryAfter is the pause before a lost server is tried again.
	retryAfter = 5 * time.Second
	// goneShare is the part of listed pairs from which loading everything anew is cheaper than asking around them.
	goneMost = 200_000
	// idsAtOnce bounds the keys in one statement.
	idsAtOnce = 5_000
)

// Open makes a mirror; nothing is reached yet.
func Open(options Options) (*Mirror, error) {
	a, err := parseAddress(options.Address)
	if err != nil {
		return nil, err
	}
	m := &Mirror{client: newClient(a), Options: options, wake: make(chan struct{}, 1), gone: map[string]int64{}}
	m.changed = pending{all: true}
	m.status = Status{Address: a.Shown(), State: StateLoading, Since: time.Now(), Shards: 1}
	return m, nil
}

// Status tells how the mirror does.
func (m *Mirror) Status() Status {
	m.telling.Lock()
	defer m.telling.Unlock()
	return m.status
}

func (m *Mirror) setState(state string, err error) {
	m.telling.Lock()
	text := ""
	if err != nil {
		text = err.Error()
	}
	isNew := m.status.State != state
	if isNew {
		m.status.Since = time.Now()
	}
	m.status.State, m.status.Error = state, text
	shown := m.status
	m.telling.Unlock()
	if isNew && m.Tell != nil {
		m.Tell(shown)
	}
	if isNew && err != nil {
		slog.Warn("clickhouse: a server does not answer; DuckDB does until it is back", "error", err)
	}
}

// Changed notes what the warehouse took in; it is called while the warehouse is held.
func (m *Mirror) Changed(_ context.Context, _ image.Reading, _ warehouse.Position, changes []image.Change) {
	m.waiting.Lock()
	for _, c := range changes {
		m.changed.add(c)
	}
	m.waiting.Unlock()
	m.stir()
}

// Replaced notes that a derived table was written anew.
func (m *Mirror) Replaced(table string, _ warehouse.Position) {
	m.waiting.Lock()
	m.changed.add(image.Change{Table: table, All: true})
	m.waiting.Unlock()
	m.stir()
}

func (m *Mirror) stir() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (p *pending) add(c image.Change) {
	if c.All {
		p.all = true // one table anew is rare, and the simple way is to load all
		return
	}
	if p.ids == nil {
		p.ids = map[string]map[int64]struct{}{}
	}
	if p.ids[c.Table] == nil {
		p.ids[c.Table] = map[int64]struct{}{}
	}
	for _, id := range c.IDs {
		p.ids[c.Table][id] = struct{}{}
	}
}

// Follow keeps the mirror level until ctx ends.
func (m *Mirror) Follow(ctx context.Context) error {
	for {
		err := m.Level(ctx)
		pause := time.Hour
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			m.setState(StateLost, err)
			pause = retryAfter
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-m.wake:
			if err != nil { // a lost server is not asked at every change
				select {
				case <-ctx.Done():
				case <-timer.C:
				}
			}
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Level takes in everything that the warehouse has taken in so far.
func (m *Mirror) Level(ctx context.Context) error {
	var todo pending
	var position warehouse.Position
	spec := m.Spec(ctx)
	err := m.Source.Hold(ctx, func(r image.Reading) error { // no change comes between the list and the position
		m.waiting.Lock()
		defer m.waiting.Unlock()
		todo, m.changed = m.changed, pending{}
		position = r.Position()
		return nil
	})
	if err != nil {
		return err
	}
	m.asking.Lock()
	defer m.asking.Unlock()
	if m.version == position.Version && !todo.all {
		m.position = position
		return m.ping(ctx)
	}
	if err := m.take(ctx, spec, todo, position.Version); err != nil {
		m.version = 0
		m.waiting.Lock()
		m.changed = pending{all: true} // what came over is not known
		m.waiting.Unlock()
		return err
	}
	m.version, m.position = position.Version, position
	if err := m.ping(ctx); err != nil {
		return err
	}
	return nil
}

// ping asks every server and tells that the mirror is level.
func (m *Mirror) ping(ctx context.Context) error {
	version := ""
	err := m.client.rows(ctx, "SELECT version()", func(values []*string) error {
		version = *values[0]
		return nil
	})
	if err != nil {
		return err
	}
	shards := int64(1)
	if m.client.cluster != "" {
		if shards, err = m.number(ctx, "SELECT uniqExact(shard_num) FROM system.clusters WHERE cluster = "+text(m.client.cluster)); err != nil {
			return err
		}
		if len(m.spec) > 0 { // one question that meets every shard
			if _, err := m.number(ctx, "SELECT count() FROM "+quoted(gonePrefix+m.spec[0].Name)); err != nil {
				return err
			}
		}
	}
	m.telling.Lock()
	m.status.Version, m.status.Shards, m.status.Rows, m.status.Seq = version, int(shards), m.rows, m.position.Seq
	m.telling.Unlock()
	m.setState(StateLevel, nil)
	return nil
}

func (m *Mirror) number(ctx context.Context, statement string) (n int64, err error) {
	err = m.client.rows(ctx, statement, func(values []*string) error {
		n, err = whole(values[0])
		return err
	})
	return n, err
}

func (m *Mirror) take(ctx context.Context, spec image.Spec, todo pending, version int64) error {
	listed := int64(0)
	for _, n := range m.gone {
		listed += n
	}
	if todo.all || m.version == 0 || listed > goneMost || !reflect.DeepEqual(spec, m.spec) {
		m.setState(StateLoading, nil)
		return m.reload(ctx, spec, version)
	}
	for i := range spec {
		t := &spec[i]
		ids := make([]int64, 0, len(todo.ids[t.Name]))
		for id := range todo.ids[t.Name] {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for part := range slices.Chunk(ids, idsAtOnce) {
			if err := m.replace(ctx, t, part, version); err != nil {
				return err
			}
		}
	}
	return nil
}

// reload makes and fills all tables anew.
func (m *Mirror) reload(ctx context.Context, spec image.Spec, version int64) error {
	m.rows, m.gone, m.spec = 0, map[string]int64{}, spec
	for i := range spec {
		if err := m.client.create(ctx, &spec[i]); err != nil {
			return err
		}
		n, err := m.client.load(ctx, m.Source, &spec[i], image.Which{All: true}, version)
		if err != nil {
			return err
		}
		m.rows += n
	}
	return nil
}

// replace lists the rows of keys as gone and adds them as they are now.
func (m *Mirror) replace(ctx context.Context, t *image.Table, ids []int64, version int64) error {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = fmt.Sprint(id)
	}
	among := keyColumn + " IN (" + strings.Join(words, ", ") + ")"
	gone := quoted(gonePrefix + t.Name)
	statement := "INSERT INTO " + gone + " (" + keyColumn + ", " + versionColumn + ") SELECT DISTINCT " + keyColumn + ", " + versionColumn +
		" FROM " + quoted(prefix+t.Name) + " WHERE " + among
	if err := m.client.exec(ctx, m.client.hosts[0], statement, map[string]string{"insert_distributed_sync": "1"}); err != nil {
		return fmt.Errorf("mirror %s: %w", t.Name, err)
	}
	n, err := m.client.load(ctx, m.Source, t, image.Which{IDs: ids}, version)
	if err != nil {
		return err
	}
	m.rows += n
	m.gone[t.Name] += int64(len(ids))
	return nil
}
