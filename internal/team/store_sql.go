// SPDX-License-Identifier: Apache-2.0

package team

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

type sqlStore struct{ db *database.DB }

const personColumns = `p.id, p.email, p.name, p.password_hash, p.branch, p.locale, p.disabled_at, p.created_at, p.updated_at, p.version`

func scanPerson(scan func(...any) error, more ...any) (Person, error) {
	var p Person
	var disabled, created, updated int64
	into := append([]any{&p.ID, &p.Email, &p.Name, &p.passwordHash, &p.Branch, &p.Locale, &disabled, &created, &updated, &p.Version}, more...)
	if err := scan(into...); err != nil {
		return p, err
	}
	if disabled != 0 {
		at := time.UnixMicro(disabled).UTC()
		p.IsDisabled, p.DisabledAt = true, &at
	}
	p.CreatedAt, p.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return p, nil
}

func (s *sqlStore) Find(ctx context.Context, id int64) (Person, error) {
	people, err := s.people(ctx, `WHERE p.id = ?`, id)
	if err != nil {
		return Person{}, fmt.Errorf("find person %d: %w", id, err)
	}
	if len(people) == 0 {
		return Person{}, errNoPerson(id)
	}
	return people[0], nil
}

func (s *sqlStore) FindByEmail(ctx context.Context, email string) (Person, error) {
	people, err := s.people(ctx, `WHERE p.email = ?`, email)
	if err != nil {
		return Person{}, fmt.Errorf("find a person by address: %w", err)
	}
	if len(people) == 0 {
		return Person{}, fault.New(fault.NotFound, "team.email_not_found", "Nobody signs in with {email}.", "email", email)
	}
	return people[0], nil
}

func (s *sqlStore) List(ctx context.Context) ([]Person, error) {
	people, err := s.people(ctx, `ORDER BY p.name, p.id`)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return people, nil
}

// people reads persons, then the names of their roles in one go.
func (s *sqlStore) people(ctx context.Context, rest string, args ...any) ([]Person, error) {
	people, err := database.List(ctx, s.db, func(rows *sql.Rows) (Person, error) { return scanPerson(rows.Scan) },
		`SELECT `+personColumns+` FROM people p `+rest, args...)
	if err != nil || len(people) == 0 {
		return people, err
	}
	type held struct {
		person int64
		role   string
	}
	only, ids := "", []any(nil)
	if len(people) == 1 {
		only, ids = "WHERE pr.person_id = ? ", []any{people[0].ID}
	}
	roles, err := database.List(ctx, s.db, func(rows *sql.Rows) (held, error) {
		var h held
		return h, rows.Scan(&h.person, &h.role)
	}, `SELECT pr.person_id, r.name FROM people_roles pr JOIN roles r ON r.id = pr.role_id `+only+`ORDER BY r.name`, ids...)
	if err != nil {
		return nil, err
	}
	names := map[int64][]string{}
	for _, h := range roles {
		names[h.person] = append(names[h.person], h.role)
	}
	for i := range people {
		people[i].Roles = names[people[i].ID]
	}
	return people, nil
}

// FindWithRoles is asked once per request, so it is one statement.
func (s *sqlStore) FindWithRoles(ctx context.Context, id int64) (Person, []Role, error) {
	type row struct {
		person Person
		role   Role
	}
	rows, err := database.List(ctx, s.db, func(rows *sql.Rows) (row, error) {
		var r row
		var name, permissions, scope sql.NullString
		var err error
		if r.person, err = scanPerson(rows.Scan, &name, &permissions, &scope); err != nil {
			return r, err
		}
		r.role = Role{Name: name.String, RowScope: scope.String}
		if permissions.Valid {
			err = json.Unmarshal([]byte(permissions.String), &r.role.Permissions)
		}
		return r, err
	}, `SELECT `+personColumns+`, r.name, r.permissions, r.row_scope FROM people p
		LEFT JOIN people_roles pr ON pr.person_id = p.id LEFT JOIN roles r ON r.id = pr.role_id
		WHERE p.id = ? ORDER BY r.name`, id)
	if err != nil {
		return Person{}, nil, fmt.Errorf("find person %d with roles: %w", id, err)
	}
	if len(rows) == 0 {
		return Person{}, nil, errNoPerson(id)
	}
	person, roles := rows[0].person, make([]Role, 0, len(rows))
	for _, r := range rows {
		if r.role.Name != "" {
			person.Roles = append(person.Roles, r.role.Name)
			roles = append(roles, r.role)
		}
	}
	return person, roles, nil
}

func (s *sqlStore) Create(ctx context.Context, p Person) (int64, error) {
	id, err := s.db.NextID(ctx, "people")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO people (id, email, name, password_hash, branch, locale, disabled_at, created_at, updated_at, version)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 1)`, id, p.Email, p.Name, p.passwordHash, p.Branch, p.Locale, p.CreatedAt, p.UpdatedAt)
	if err != nil {
		return 0, fmt.Errorf("store the person: %w", err)
	}
	return id, s.setRoles(ctx, id, p.Roles)
}

func (s *sqlStore) Update(ctx context.Context, p Person) error {
	disabled := int64(0)
	if p.DisabledAt != nil {
		disabled = p.DisabledAt.UnixMicro()
	}
	_, err := s.db.Exec(ctx, `UPDATE people SET email = ?, name = ?, password_hash = ?, branch = ?, locale = ?, disabled_at = ?, updated_at = ?, version = ? WHERE id = ?`,
		p.Email, p.Name, p.passwordHash, p.Branch, p.Locale, disabled, p.UpdatedAt, p.Version, p.ID)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "team.email_taken", "Somebody already signs in with {email}.", "email", p.Email)
	}
	if err != nil {
		return fmt.Errorf("store person %d: %w", p.ID, err)
	}
	return s.setRoles(ctx, p.ID, p.Roles)
}

func (s *sqlStore) setRoles(ctx context.Context, personID int64, names []string) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM people_roles WHERE person_id = ?`, personID); err != nil {
		return fmt.Errorf("clear roles: %w", err)
	}
	for _, name := range names {
		if _, err := s.db.Exec(ctx, `INSERT INTO people_roles (person_id, role_id) SELECT ?, id FROM roles WHERE name = ?`, personID, name); err != nil {
			return fmt.Errorf("give the role %s: %w", name, err)
		}
	}
	return nil
}

func (s *sqlStore) CountHolding(ctx context.Context, pattern string) (int, error) {
	type row struct {
		person   int64
		patterns []string
	}
	rows, err := database.List(ctx, s.db, func(rows *sql.Rows) (row, error) {
		var r row
		var permissions string
		if err := rows.Scan(&r.person, &permissions); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(permissions), &r.patterns)
	}, `SELECT p.id, r.permissions FROM people p JOIN people_roles pr ON pr.person_id = p.id JOIN roles r ON r.id = pr.role_id WHERE p.disabled_at = 0`)
	if err != nil {
		return 0, fmt.Errorf("count holders of a permission: %w", err)
	}
	holders := map[int64]bool{}
	for _, r := range rows {
		if slices.Contains(r.patterns, pattern) {
			holders[r.person] = true
		}
	}
	return len(holders), nil
}

func (s *sqlStore) ListRoles(ctx context.Context) ([]Role, error) {
	roles, err := database.List(ctx, s.db, func(rows *sql.Rows) (Role, error) {
		var r Role
		var permissions string
		if err := rows.Scan(&r.ID, &r.Name, &r.LabelKo, &r.LabelEn, &permissions, &r.RowScope, &r.IsBuiltin); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(permissions), &r.Permissions)
	}, `SELECT id, name, label_ko, label_en, permissions, row_scope, is_builtin FROM roles ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return roles, nil
}

func (s *sqlStore) CreateRole(ctx context.Context, r Role) (int64, error) {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return 0, err
	}
	id, err := s.db.NextID(ctx, "roles")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO roles (id, name, label_ko, label_en, permissions, row_scope, is_builtin) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, r.Name, r.LabelKo, r.LabelEn, string(permissions), r.RowScope, r.IsBuiltin)
	if fault.Is(err, fault.Conflict) {
		return 0, fault.New(fault.Conflict, "team.role_taken", "There is a role {role} already.", "role", r.Name)
	}
	return id, err
}

func (s *sqlStore) UpdateRole(ctx context.Context, r Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `UPDATE roles SET name = ?, label_ko = ?, label_en = ?, permissions = ?, row_scope = ? WHERE id = ?`,
		r.Name, r.LabelKo, r.LabelEn, string(permissions), r.RowScope, r.ID)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "team.role_taken", "There is a role {role} already.", "role", r.Name)
	}
	return err
}

func (s *sqlStore) DeleteRole(ctx context.Context, id int64) error {
	var holders int
	if err := s.db.QueryRow(ctx, `SELECT count(*) FROM people_roles WHERE role_id = ?`, id).Scan(&holders); err != nil {
		return database.Fault(err)
	}
	if holders > 0 {
		return fault.New(fault.Conflict, "team.role_in_use", "{count} people have this role; give them another one first.", "count", holders)
	}
	_, err := s.db.Exec(ctx, `DELETE FROM roles WHERE id = ?`, id)
	return err
}

func (s *sqlStore) ListBranches(ctx context.Context) ([]Branch, error) {
	branches, err := database.List(ctx, s.db, func(rows *sql.Rows) (Branch, error) {
		var b Branch
		return b, rows.Scan(&b.ID, &b.Name, &b.Label)
	}, `SELECT id, name, label FROM branches ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list branches: %w", err)
	}
	return branches, nil
}

func (s *sqlStore) CreateBranch(ctx context.Context, b Branch) (int64, error) {
	id, err := s.db.NextID(ctx, "branches")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO branches (id, name, label, created_at) VALUES (?, ?, ?, ?)`, id, b.Name, b.Label, database.Time(ctx))
	if fault.Is(err, fault.Conflict) {
		return 0, fault.New(fault.Conflict, "team.branch_taken", "There is a branch {branch} already.", "branch", b.Name)
	}
	return id, err
}
