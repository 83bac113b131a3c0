// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const fileColumns = `id, file_id, token, name, type, size, width, height, is_picture = 1, created_at FROM mail_files WHERE archived_at IS NULL`

func scanFile(rows *sql.Rows) (Stored, error) {
	var f Stored
	var created int64
	err := rows.Scan(&f.ID, &f.fileID, &f.token, &f.Name, &f.Type, &f.Size, &f.Width, &f.Height, &f.IsPicture, &created)
	f.CreatedAt, f.URL = moment(created), picturePath+f.token
	return f, err
}

func (s *store) insertFile(ctx context.Context, f *Stored, now time.Time) error {
	id, err := s.db.NextID(ctx, "mail_files")
	if err != nil {
		return err
	}
	isPicture := 0
	if f.IsPicture {
		isPicture = 1
	}
	f.ID, f.CreatedAt = id, now
	_, err = s.db.Exec(ctx, `INSERT INTO mail_files (id, file_id, token, name, type, size, width, height, is_picture, person_id, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, f.fileID, f.token, f.Name, f.Type, f.Size, f.Width, f.Height, isPicture,
		auth.From(ctx).ID, now.UnixMicro())
	if err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

func (s *store) listFiles(ctx context.Context, most int) ([]Stored, error) {
	list, err := database.List(ctx, s.db, scanFile, "SELECT "+fileColumns+" AND is_picture = 1 ORDER BY id DESC LIMIT ?", most)
	if err != nil {
		return nil, fmt.Errorf("list pictures: %w", err)
	}
	return list, nil
}

func (s *store) fileByToken(ctx context.Context, token string) (Stored, error) {
	return s.oneFile(ctx, " AND is_picture = 1 AND token = ?", token)
}

func (s *store) fileByID(ctx context.Context, id int64) (Stored, error) {
	return s.oneFile(ctx, " AND id = ?", id)
}

func (s *store) oneFile(ctx context.Context, where string, arg any) (Stored, error) {
	list, err := database.List(ctx, s.db, scanFile, "SELECT "+fileColumns+where, arg)
	if err != nil {
		return Stored{}, fmt.Errorf("find file: %w", err)
	}
	if len(list) == 0 {
		return Stored{}, fault.New(fault.NotFound, "mail.no_file", "There is no such file.")
	}
	return list[0], nil
}
