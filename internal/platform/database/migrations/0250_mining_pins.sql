-- SPDX-License-Identifier: Apache-2.0
-- Findings that people keep: pinned runs are not forgotten, and carry a comment.

-- +goose Up
ALTER TABLE mining_runs ADD COLUMN pinned_at {{bigint}};
ALTER TABLE mining_runs ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE mining_runs DROP COLUMN note;
ALTER TABLE mining_runs DROP COLUMN pinned_at;
