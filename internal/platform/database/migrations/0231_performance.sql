-- SPDX-License-Identifier: Apache-2.0
-- Results of whole windows, minutes behind costs, budgets by month and channel.

-- +goose Up
ALTER TABLE results ADD COLUMN is_final INTEGER NOT NULL DEFAULT 0;
ALTER TABLE costs ADD COLUMN minutes {{bigint}} NOT NULL DEFAULT 0;

-- budgets: what the company means to spend in a month ('2026-11'), by channel.
CREATE TABLE budgets (
    month      TEXT NOT NULL,
    channel    TEXT NOT NULL,
    amount     {{bigint}} NOT NULL,
    currency   TEXT NOT NULL,
    updated_at {{bigint}} NOT NULL,
    PRIMARY KEY (month, channel)
);

-- +goose Down
DROP TABLE budgets;
ALTER TABLE costs DROP COLUMN minutes;
ALTER TABLE results DROP COLUMN is_final;
