// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps journeys in the system of record; every method joins the
// transaction of its ctx, and find methods return fault.NotFound.
type store struct {
	db *database.DB
}

const journeyColumns = `j.id, j.name, j.state, j.graph, j.number, j.scanned_at, j.person_id, j.created_at, j.updated_at, j.started_at, j.ended_at, j.version,
	COALESCE(v.graph, '') FROM journeys j LEFT JOIN journey_versions v ON v.journey_id = j.id AND v.number = j.number`

func scanJourney(rows *sql.Rows) (Journey, error) {
	var j Journey
	var graph string
	var created, updated int64
	var started, ended *int64
	err := rows.Scan(&j.ID, &j.Name, &j.State, &graph, &j.Number, &j.scannedAt, &j.PersonID, &created, &updated, &started, &ended, &j.Version, &j.published)
	if err != nil {
		return j, err
	}
	j.CreatedAt, j.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	j.StartedAt, j.EndedAt = moment(started), moment(ended)
	j.IsChanged = j.Number > 0 && graph != j.published
	return j, json.Unmarshal([]byte(graph), &j.Graph)
}

func moment(micro *int64) *time.Time {
	if micro == nil || *micro == 0 {
		return nil
	}
	at := time.UnixMicro(*micro).UTC()
	return &at
}

func (s *store) find(ctx context.Context, id int64) (Journey, error) {
	list, err := database.List(ctx, s.db, scanJourney, "SELECT "+journeyColumns+" WHERE j.id = ?", id)
	if err != nil {
		return Journey{}, fmt.Errorf("find journey %d: %w", id, err)
	}
	if len(list) == 0 {
		return Journey{}, fault.New(fault.NotFound, "campaign.journey_not_found", "There is no journey {id}.", "id", id)
	}
	return list[0], nil
}

func (s *store) list(ctx context.Context) ([]Journey, error) {
	list, err := database.List(ctx, s.db, scanJourney, "SELECT "+journeyColumns+" ORDER BY j.id DESC")
	if err != nil {
		return nil, fmt.Errorf("list journeys: %w", err)
	}
	return list, nil
}

func (s *store) listState(ctx context.Context, state State) ([]Journey, error) {
	list, err := database.List(ctx, s.db, scanJourney, "SELECT "+journeyColumns+" WHERE j.state = ? ORDER BY j.id", string(state))
	if err != nil {
		return nil, fmt.Errorf("list journeys: %w", err)
	}
	return list, nil
}

func (s *store) insert(ctx context.Context, j *Journey) error {
	var err error
	if j.ID, err = s.db.NextID(ctx, "journeys"); err != nil {
		return err
	}
	graph, err := json.Marshal(j.Graph)
	if err != nil {
		return err
	}
	now := database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO journeys (id, name, state, graph, person_id, created_at, updated_at) VALUES (?, ?, 'draft', ?, ?, ?, ?)`,
		j.ID, j.Name, string(graph), j.PersonID, now, now)
	return err
}

// save writes name and drawing; another version is fault.Conflict.
func (s *store) save(ctx context.Context, j Journey, version int64) error {
	graph, err := json.Marshal(j.Graph)
	if err != nil {
		return err
	}
	result, err := s.db.Exec(ctx, `UPDATE journeys SET name = ?, graph = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		j.Name, string(graph), database.Time(ctx), j.ID, version)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.journey_changed_meanwhile", "Somebody else has changed the journey meanwhile; look at it again.")
	}
	return nil
}

func (s *store) delete(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM journeys WHERE id = ? AND number = 0`, id)
	return err
}

// move changes the state and the published version.
func (s *store) move(ctx context.Context, j Journey, to State) error {
	column := map[State]string{Running: ", started_at = COALESCE(started_at, ?)", Ended: ", ended_at = ?"}[to]
	args := []any{string(to), j.Number, database.Time(ctx)}
	if column != "" {
		args = append(args, database.Time(ctx))
	}
	_, err := s.db.Exec(ctx, `UPDATE journeys SET state = ?, number = ?, version = version + 1, updated_at = ?`+column+` WHERE id = ? AND state <> 'ended'`, append(args, j.ID)...)
	return err
}

// lock keeps other writers of the journey out until the transaction ends, and
// says whether the journey runs.
func (s *store) lock(ctx context.Context, id int64) (bool, error) {
	result, err := s.db.Exec(ctx, `UPDATE journeys SET state = state WHERE id = ? AND state = 'running'`, id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func (s *store) setScanned(ctx context.Context, id, mark int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		_, err := s.db.Exec(ctx, `UPDATE journeys SET scanned_at = ? WHERE id = ? AND scanned_at < ?`, mark, id, mark)
		return err
	})
}

// published is a version at work.
type published struct {
	number    int64
	graph     Graph
	campaigns map[string]int64 // of mail steps
}

func (s *store) insertVersion(ctx context.Context, id int64, v published) error {
	graph, err := json.Marshal(v.graph)
	if err != nil {
		return err
	}
	campaigns, err := json.Marshal(v.campaigns)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO journey_versions (journey_id, number, graph, campaigns, published_at) VALUES (?, ?, ?, ?, ?)`,
		id, v.number, string(graph), string(campaigns), database.Time(ctx))
	return err
}

func (s *store) findVersion(ctx context.Context, id, number int64) (published, error) {
	v := published{number: number}
	var graph, campaigns string
	err := s.db.Scan(ctx, []any{&graph, &campaigns}, `SELECT graph, campaigns FROM journey_versions WHERE journey_id = ? AND number = ?`, id, number)
	if err == nil {
		err = json.Unmarshal([]byte(graph), &v.graph)
	}
	if err == nil {
		err = json.Unmarshal([]byte(campaigns), &v.campaigns)
	}
	if err != nil {
		return v, fmt.Errorf("find version %d of journey %d: %w", number, id, err)
	}
	return v, nil
}

// Kinds of counters beside the states of runs.
const (
	countTaken   = "taken"
	countWaiting = "waiting"
)

// countKey is one row of journey_counts.
type countKey struct {
	number     int64
	step, kind string
}

func (s *store) addToCounts(ctx context.Context, id int64, changes map[countKey]int64) error {
	values := make([]any, 0, 5*len(changes))
	for key, n := range changes {
		if n != 0 {
			values = append(values, id, key.number, key.step, key.kind, n)
		}
	}
	if len(values) == 0 {
		return nil
	}
	return s.db.InsertRows(ctx, "journey_counts", []string{"journey_id", "number", "step", "kind", "count"}, values,
		"ON CONFLICT (journey_id, number, step, kind) DO UPDATE SET count = journey_counts.count + excluded.count")
}

// counts reads where the people of a journey stand.
func (s *store) counts(ctx context.Context, j Journey) (Counts, error) {
	c := Counts{Steps: map[string]StepNews{}}
	rows, err := s.db.Query(ctx, `SELECT number, step, kind, count FROM journey_counts WHERE journey_id = ?`, j.ID)
	if err != nil {
		return c, fmt.Errorf("count people of journey %d: %w", j.ID, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var number, n int64
		var step, kind string
		if err := rows.Scan(&number, &step, &kind, &n); err != nil {
			return c, fmt.Errorf("count people of journey %d: %w", j.ID, err)
		}
		c.add(j.Number, number, step, kind, n)
	}
	return c, database.Fault(rows.Err())
}

func (c *Counts) add(current, number int64, step, kind string, n int64) {
	news := c.Steps[step]
	switch kind {
	case countTaken, countWaiting:
		if number != current || step == "" {
			return
		}
		if kind == countTaken {
			news.Taken += n
		} else {
			news.Waiting += n
		}
		c.Steps[step] = news
		return
	}
	c.Entered += n
	switch RunState(kind) {
	case Active:
		c.Active += n
		if number != current {
			c.Older += n
		}
	case Done:
		c.Done += n
	case Reached:
		c.Goal += n
	case InControl:
		c.Control += n
	default:
		c.Cancelled += n
	}
}
