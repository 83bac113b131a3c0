// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// loadRules reads everything that golden rows and search tokens are computed by.
func (s *Store) loadRules(ctx context.Context) (*ruleSet, error) {
	set := &ruleSet{attributes: map[string]*Attribute{}, schemes: map[int64]*KeyScheme{}, sources: map[int64]*Source{}}
	criteria := map[string][]Criterion{}
	rules, err := s.ListSurvivorship(ctx)
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		if criteria[rule.Field], err = ParseCriteria(rule.Criteria); err != nil {
			return nil, err
		}
	}
	sources, err := s.ListSources(ctx)
	if err != nil {
		return nil, err
	}
	trust := map[int64]int{}
	for i := range sources {
		set.sources[sources[i].ID] = &sources[i]
		trust[sources[i].ID] = sources[i].Trust
	}
	attributes, err := s.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	for i := range attributes {
		a := &attributes[i]
		set.attributes[a.Name] = a
		if a.IsSearchable && a.ArchivedAt == nil {
			set.searchable = append(set.searchable, a.Name)
		}
	}
	schemes, err := s.ListSchemes(ctx)
	if err != nil {
		return nil, err
	}
	for i := range schemes {
		set.schemes[schemes[i].ID] = &schemes[i]
	}
	set.survivorship = NewSurvivorship(criteria, trust)
	return set, nil
}

// SurvivorshipRule is the configured order of criteria of one field, "*" for all others.
type SurvivorshipRule struct {
	Field    string `json:"field"`
	Criteria string `json:"criteria" doc:"comma-separated: validity, trust, recency, completeness"`
}

// ListSurvivorship returns the configured rules.
func (s *Store) ListSurvivorship(ctx context.Context) ([]SurvivorshipRule, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (SurvivorshipRule, error) {
		var r SurvivorshipRule
		err := rows.Scan(&r.Field, &r.Criteria)
		return r, err
	}, "SELECT field, criteria FROM survivorship ORDER BY field")
}

// SaveSurvivorship sets the rule of one field; no criteria takes it away.
func (s *Store) SaveSurvivorship(ctx context.Context, rule SurvivorshipRule) error {
	if rule.Criteria == "" {
		_, err := s.db.Exec(ctx, "DELETE FROM survivorship WHERE field = ?", rule.Field)
		return err
	}
	_, err := s.db.Exec(ctx, "INSERT INTO survivorship (field, criteria, updated_at) VALUES (?, ?, ?) "+
		"ON CONFLICT (field) DO UPDATE SET criteria = excluded.criteria, updated_at = excluded.updated_at",
		rule.Field, rule.Criteria, database.Time(ctx))
	return err
}

// ListSources returns all sources.
func (s *Store) ListSources(ctx context.Context) ([]Source, error) {
	return database.List(ctx, s.db, scanSource, "SELECT "+sourceColumns+" FROM sources ORDER BY id")
}

// FindSource returns the source of the name, or fault.NotFound.
func (s *Store) FindSource(ctx context.Context, name string) (Source, error) {
	list, err := database.List(ctx, s.db, scanSource, "SELECT "+sourceColumns+" FROM sources WHERE name = ?", name)
	if err != nil {
		return Source{}, fmt.Errorf("find source %s: %w", name, err)
	}
	if len(list) == 0 {
		return Source{}, errNoSource(name)
	}
	return list[0], nil
}

const sourceColumns = "id, name, label, kind, trust, department, created_at"

func scanSource(rows *sql.Rows) (Source, error) {
	var source Source
	var created int64
	err := rows.Scan(&source.ID, &source.Name, &source.Label, &source.Kind, &source.Trust, &source.Department, &created)
	source.CreatedAt = time.UnixMicro(created).UTC()
	return source, err
}

// CreateSource adds a source and returns it with its id.
func (s *Store) CreateSource(ctx context.Context, source Source) (Source, error) {
	id, err := s.db.NextID(ctx, "sources")
	if err != nil {
		return source, err
	}
	source.ID, source.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, "INSERT INTO sources ("+sourceColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, source.Name, source.Label, source.Kind, source.Trust, source.Department, source.CreatedAt)
	return source, err
}

// UpdateSource changes label, trust and department.
func (s *Store) UpdateSource(ctx context.Context, source Source) error {
	_, err := s.db.Exec(ctx, "UPDATE sources SET label = ?, trust = ?, department = ? WHERE id = ?",
		source.Label, source.Trust, source.Department, source.ID)
	return err
}

// ListSchemes returns all key schemes.
func (s *Store) ListSchemes(ctx context.Context) ([]KeyScheme, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (KeyScheme, error) {
		var k KeyScheme
		var one int64
		err := rows.Scan(&k.ID, &k.Name, &k.Label, &k.Kind, &one)
		k.OnePerPerson = one != 0
		return k, err
	}, "SELECT id, name, label, kind, one_per_person FROM key_schemes ORDER BY id")
}

// CreateScheme adds a key scheme and returns it with its id.
func (s *Store) CreateScheme(ctx context.Context, scheme KeyScheme) (KeyScheme, error) {
	id, err := s.db.NextID(ctx, "key_schemes")
	if err != nil {
		return scheme, err
	}
	scheme.ID = id
	_, err = s.db.Exec(ctx, "INSERT INTO key_schemes (id, name, label, kind, one_per_person, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		id, scheme.Name, scheme.Label, scheme.Kind, scheme.OnePerPerson, database.Time(ctx))
	return scheme, err
}

// UpdateScheme changes label and one-per-person.
func (s *Store) UpdateScheme(ctx context.Context, scheme KeyScheme) error {
	_, err := s.db.Exec(ctx, "UPDATE key_schemes SET label = ?, one_per_person = ? WHERE id = ?",
		scheme.Label, scheme.OnePerPerson, scheme.ID)
	return err
}

const attributeColumns = "id, name, label_ko, label_en, type, choices, currency, searchable, is_personal, created_at, updated_at, archived_at, version"

// ListAttributes returns all custom attributes, archived ones included.
func (s *Store) ListAttributes(ctx context.Context) ([]Attribute, error) {
	return database.List(ctx, s.db, scanAttribute, "SELECT "+attributeColumns+" FROM attributes ORDER BY id")
}

func scanAttribute(rows *sql.Rows) (Attribute, error) {
	var a Attribute
	var choices sql.NullString
	var searchable, personal, created, updated int64
	var archived sql.NullInt64
	err := rows.Scan(&a.ID, &a.Name, &a.LabelKo, &a.LabelEn, &a.Type, &choices, &a.Currency, &searchable, &personal,
		&created, &updated, &archived, &a.Version)
	if err != nil {
		return a, err
	}
	a.IsSearchable, a.IsPersonal = searchable != 0, personal != 0
	a.CreatedAt, a.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if archived.Valid {
		at := time.UnixMicro(archived.Int64).UTC()
		a.ArchivedAt = &at
	}
	if choices.Valid {
		err = json.Unmarshal([]byte(choices.String), &a.Choices)
	}
	return a, err
}

// SaveAttribute inserts (id 0) or updates a custom attribute and returns it.
func (s *Store) SaveAttribute(ctx context.Context, a Attribute) (Attribute, error) {
	at := database.Time(ctx)
	var choices any
	if len(a.Choices) > 0 {
		raw, err := json.Marshal(a.Choices)
		if err != nil {
			return a, fmt.Errorf("write choices: %w", err)
		}
		choices = string(raw)
	}
	a.UpdatedAt = at
	if a.ID != 0 {
		a.Version++
		_, err := s.db.Exec(ctx, "UPDATE attributes SET label_ko = ?, label_en = ?, choices = ?, currency = ?, searchable = ?, "+
			"is_personal = ?, updated_at = ?, archived_at = ?, version = ? WHERE id = ?", a.LabelKo, a.LabelEn, choices, a.Currency,
			a.IsSearchable, a.IsPersonal, at, a.ArchivedAt, a.Version, a.ID)
		return a, err
	}
	id, err := s.db.NextID(ctx, "attributes")
	if err != nil {
		return a, err
	}
	a.ID, a.CreatedAt, a.Version = id, at, 1
	_, err = s.db.Exec(ctx, "INSERT INTO attributes ("+attributeColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.Name, a.LabelKo, a.LabelEn, a.Type, choices, a.Currency, a.IsSearchable, a.IsPersonal, at, at, a.ArchivedAt, a.Version)
	return a, err
}
