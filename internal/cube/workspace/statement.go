// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"

	"dangol/internal/cube/saved"
)

// Statement is SQL that somebody saved.
type Statement = saved.Document[string]

// Draft is what people say of a saved statement.
type Draft = saved.Draft[string]

// List returns the asker's own statements and the shared ones.
func (s *Service) List(ctx context.Context) ([]Statement, error) { return s.shelf.List(ctx) }

// Save keeps a statement that can be run by whoever saves it.
func (s *Service) Save(ctx context.Context, draft Draft) (Statement, error) {
	if _, _, _, err := s.prepare(ctx, draft.Content); err != nil {
		return Statement{}, err
	}
	return s.shelf.Save(ctx, draft)
}

// Delete deletes a statement of the asker's own.
func (s *Service) Delete(ctx context.Context, id int64) error { return s.shelf.Delete(ctx, id) }
