-- SPDX-License-Identifier: Apache-2.0
-- Series that people bring along for what the product has no data of: calls, a balance of points.

-- +goose Up
-- points are pairs of microseconds (UTC) and a value; a level is a balance: steps take its last value and add nothing up.
CREATE TABLE mining_series (
    id         {{id}},
    name       TEXT NOT NULL,
    points     TEXT NOT NULL,
    count      {{bigint}} NOT NULL,
    first_at   {{bigint}} NOT NULL,
    last_at    {{bigint}} NOT NULL,
    step       TEXT NOT NULL,
    is_level   {{bigint}} NOT NULL DEFAULT 0,
    person_id  {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE mining_series;
