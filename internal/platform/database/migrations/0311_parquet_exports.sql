-- SPDX-License-Identifier: Apache-2.0
-- Parquet files of the analysis tables for other programs.

-- +goose Up
-- parquet_schedule: one row says at which hour of the day files are written; -1 is never.
CREATE TABLE parquet_schedule (
    id         {{bigint}} PRIMARY KEY,
    hour       {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE parquet_schedule;
