-- SPDX-License-Identifier: Apache-2.0
-- When old rows of the analysis data move to the cold tier, and what storage costs.

-- +goose Up
-- tier_setting: one row. months is the age in whole months, 0 is never; prices are minor units of the
-- company's currency for a gigabyte and month, 0 is not told.
CREATE TABLE tier_setting (
    id         {{bigint}} PRIMARY KEY,
    months     {{bigint}} NOT NULL,
    hot_price  {{bigint}} NOT NULL,
    cold_price {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE tier_setting;
