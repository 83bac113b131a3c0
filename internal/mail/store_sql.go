// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps templates in the system of record; Find methods return fault.NotFound.
type store struct {
	db    *database.DB
	vault Vault // nil keeps secrets as they are
}

const templateColumns = `t.id, t.name, t.class, t.sender, t.category, t.reason, COALESCE(t.approved_by, 0), t.approved_at, t.created_at,
	t.updated_at, t.version, v.id, v.number, v.subject, v.html, v.body, v.missing, v.created_at, v.pictures
	FROM templates t JOIN template_versions v ON v.template_id = t.id AND v.number = t.latest`

func scanTemplate(rows *sql.Rows) (Template, error) {
	var t Template
	var approved *int64
	var created, updated, versioned int64
	v := &t.Latest
	err := rows.Scan(&t.ID, &t.Name, &t.Class, &t.Sender, &t.Category, &t.Reason, &t.ApprovedBy, &approved, &created, &updated,
		&t.Version, &v.ID, &v.Number, &v.Subject, &v.HTML, &v.Body, &v.Missing, &versioned, &v.Pictures)
	t.CreatedAt, t.UpdatedAt, v.CreatedAt = moment(created), moment(updated), moment(versioned)
	if approved != nil {
		at := moment(*approved)
		t.ApprovedAt = &at
	}
	v.Fields = []string{}
	return t, err
}

func moment(micro int64) time.Time { return time.UnixMicro(micro).UTC() }

func (s *store) find(ctx context.Context, id int64) (Template, error) {
	list, err := database.List(ctx, s.db, scanTemplate, "SELECT "+templateColumns+" WHERE t.id = ?", id)
	if err != nil {
		return Template{}, fmt.Errorf("find template %d: %w", id, err)
	}
	if len(list) == 0 {
		return Template{}, fault.New(fault.NotFound, "mail.no_template", "There is no template {id}.", "id", id)
	}
	return list[0], nil
}

func (s *store) findVersion(ctx context.Context, templateID, versionID int64) (Version, error) {
	var v Version
	var created int64
	err := s.db.Scan(ctx, []any{&v.ID, &v.Number, &v.Subject, &v.HTML, &v.Body, &v.Missing, &created, &v.Pictures}, `SELECT id, number, subject, html, body,
		missing, created_at, pictures FROM template_versions WHERE id = ? AND template_id = ?`, versionID, templateID)
	if err != nil {
		return v, fmt.Errorf("find version %d of template %d: %w", versionID, templateID, err)
	}
	v.CreatedAt = moment(created)
	return v, nil
}

// listVersions lists the versions of a template, the newest first.
func (s *store) listVersions(ctx context.Context, templateID int64) ([]Version, error) {
	scan := func(rows *sql.Rows) (Version, error) {
		v := Version{Fields: []string{}}
		var created int64
		err := rows.Scan(&v.ID, &v.Number, &v.Subject, &v.HTML, &v.Body, &v.Missing, &created, &v.Pictures)
		v.CreatedAt = moment(created)
		return v, err
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, number, subject, html, body, missing, created_at, pictures FROM template_versions
		WHERE template_id = ? ORDER BY number DESC LIMIT 100`, templateID)
	if err != nil {
		return nil, fmt.Errorf("list versions of template %d: %w", templateID, err)
	}
	return list, nil
}

func (s *store) list(ctx context.Context, cursor string, limit int) ([]Template, string, error) {
	where, args := "t.archived_at IS NULL", []any{}
	if cursor != "" {
		at, id, _ := strings.Cut(cursor, "-")
		first, err1 := strconv.ParseInt(at, 36, 64)
		second, err2 := strconv.ParseInt(id, 36, 64)
		if err1 != nil || err2 != nil {
			return nil, "", fault.New(fault.Invalid, "mail.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where, args = where+" AND (t.updated_at, t.id) < (?, ?)", append(args, first, second)
	}
	list, err := database.List(ctx, s.db, scanTemplate, "SELECT "+templateColumns+" WHERE "+where+
		" ORDER BY t.updated_at DESC, t.id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list templates: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	last := list[limit-1]
	return list[:limit], strconv.FormatInt(last.UpdatedAt.UnixMicro(), 36) + "-" + strconv.FormatInt(last.ID, 36), nil
}

func (s *store) create(ctx context.Context, d Draft) (int64, error) {
	id, err := s.db.NextID(ctx, "templates")
	if err != nil {
		return 0, err
	}
	now := database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO templates (id, name, class, sender, category, reason, latest, created_by, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`, id, d.Name, string(d.Class), d.Sender, d.Category, d.Reason, auth.From(ctx).ID, now, now)
	if err != nil {
		return 0, err
	}
	return id, s.insertVersion(ctx, id, 1, d)
}

func (s *store) insertVersion(ctx context.Context, templateID, number int64, d Draft) error {
	id, err := s.db.NextID(ctx, "template_versions")
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO template_versions (id, template_id, number, subject, html, body, missing, pictures, created_by,
		created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, templateID, number, d.Subject, d.HTML, d.Body, d.Missing, d.Pictures, auth.From(ctx).ID, database.Time(ctx))
	return err
}

// update writes the new content; a version that is not the current one is fault.Conflict.
func (s *store) update(ctx context.Context, before Template, d Draft, version int64) error {
	number := before.Latest.Number
	v := before.Latest
	if d.Subject != v.Subject || d.HTML != v.HTML || d.Body != v.Body || d.Missing != v.Missing || d.Pictures != v.Pictures {
		number++
		if err := s.insertVersion(ctx, before.ID, number, d); err != nil {
			return err
		}
	}
	result, err := s.db.Exec(ctx, `UPDATE templates SET name = ?, class = ?, sender = ?, category = ?, reason = ?, latest = ?, approved_by = NULL,
		approved_at = NULL, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		d.Name, string(d.Class), d.Sender, d.Category, d.Reason, number, database.Time(ctx), before.ID, version)
	return changedOne(result, err, before.ID)
}

func changedOne(result sql.Result, err error, id int64) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "mail.changed_meanwhile", "Somebody else has changed template {id} meanwhile; look at it again.", "id", id)
	}
	return nil
}

func (s *store) approve(ctx context.Context, t Template, personID int64) error {
	result, err := s.db.Exec(ctx, `UPDATE templates SET approved_by = ?, approved_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		personID, database.Time(ctx), t.ID, t.Version)
	return changedOne(result, err, t.ID)
}

func (s *store) archive(ctx context.Context, id int64) error {
	result, err := s.db.Exec(ctx, `UPDATE templates SET archived_at = ? WHERE id = ? AND archived_at IS NULL`, database.Time(ctx), id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.NotFound, "mail.no_template", "There is no template {id}.", "id", id)
	}
	return nil
}

func (s *store) listKeys(ctx context.Context) ([]Key, error) {
	scan := func(rows *sql.Rows) (Key, error) {
		var k Key
		return k, rows.Scan(&k.ID, &k.Secret)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, secret FROM mail_keys ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list keys of links: %w", err)
	}
	return list, nil
}

// makeKey makes the first key; of two processes that try, one wins.
func (s *store) makeKey(ctx context.Context) ([]Key, error) {
	secret, err := newSecret()
	if err != nil {
		return nil, fmt.Errorf("make key of links: %w", err)
	}
	_, err = s.db.Exec(ctx, `INSERT INTO mail_keys (id, secret, created_at) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING`, secret, s.db.Now(ctx))
	if err != nil {
		return nil, fmt.Errorf("make key of links: %w", err)
	}
	return s.listKeys(ctx)
}

func (s *store) checkVisible(ctx context.Context, customerID int64) error {
	scope, args := auth.ScopeSQL(ctx, "c")
	var id int64
	err := s.db.Scan(ctx, []any{&id}, "SELECT c.id FROM customers c WHERE c.id = ? AND c.hidden = 0 AND "+scope, append([]any{customerID}, args...)...)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "customer.not_found", "Customer {id} does not exist.", "id", customerID)
	}
	return err
}

func (s *store) customersByEmail(ctx context.Context, email string) ([]int64, error) {
	scan := func(rows *sql.Rows) (int64, error) {
		var id int64
		return id, rows.Scan(&id)
	}
	return database.List(ctx, s.db, scan, `SELECT id FROM customers WHERE email = ? AND hidden = 0`, email)
}

// listAttributeFields lists custom attributes as merge fields.
func (s *store) listAttributeFields(ctx context.Context) ([]Field, error) {
	scan := func(rows *sql.Rows) (Field, error) {
		f := Field{Kind: "text"}
		var kind string
		err := rows.Scan(&f.slug, &f.LabelKo, &f.LabelEn, &kind, &f.Currency, &f.IsPersonal)
		f.Name = "attr." + f.slug
		switch kind {
		case "number", "integer":
			f.Kind = "number"
		case "date", "money":
			f.Kind = kind
		}
		return f, err
	}
	list, err := database.List(ctx, s.db, scan, `SELECT name, label_ko, label_en, type, currency, is_personal FROM attributes
		WHERE archived_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list attributes: %w", err)
	}
	return list, nil
}

// profiles reads fields of customers; attributes come as one JSON column.
func (s *store) profiles(ctx context.Context, ids []int64, fields []Field) (map[int64]Profile, error) {
	columns, hasCustom := []string{"id"}, false
	var fixed []Field
	for _, f := range fields {
		if f.column != "" {
			columns = append(columns, "COALESCE("+f.column+", '')")
			fixed = append(fixed, f)
		}
		hasCustom = hasCustom || f.slug != ""
	}
	if hasCustom {
		columns = append(columns, "COALESCE(attributes, '')")
	}
	args := make([]any, 0, len(ids))
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := s.db.Query(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM customers WHERE id IN ("+database.Marks(len(ids))+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read profiles: %w", err)
	}
	defer func() { _ = rows.Close() }()
	profiles := make(map[int64]Profile, len(ids))
	texts := make([]string, len(columns)-1)
	for rows.Next() {
		var id int64
		dest := []any{&id}
		for i := range texts {
			dest = append(dest, &texts[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read profiles: %w", err)
		}
		p := make(Profile, len(fields))
		for i, f := range fixed {
			p[f.Name] = texts[i]
		}
		if hasCustom {
			addCustom(p, texts[len(texts)-1], fields)
		}
		profiles[id] = p
	}
	return profiles, database.Fault(rows.Err())
}

func addCustom(p Profile, attributes string, fields []Field) {
	var values map[string]any
	decoder := json.NewDecoder(strings.NewReader(attributes))
	decoder.UseNumber()
	if decoder.Decode(&values) != nil {
		return // no attributes
	}
	for _, f := range fields {
		if value, ok := values[f.slug]; ok && f.slug != "" && value != nil {
			p[f.Name] = fmt.Sprint(value)
		}
	}
}
