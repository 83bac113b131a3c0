-- SPDX-License-Identifier: Apache-2.0
-- Triggers show for what they could order no mail.

-- +goose Up
ALTER TABLE mail_triggers ADD COLUMN missed {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE mail_triggers ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE mail_triggers ADD COLUMN problem_at {{bigint}};

-- +goose Down
ALTER TABLE mail_triggers DROP COLUMN problem_at;
ALTER TABLE mail_triggers DROP COLUMN problem;
ALTER TABLE mail_triggers DROP COLUMN missed;
