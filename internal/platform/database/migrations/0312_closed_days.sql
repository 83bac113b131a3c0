-- SPDX-License-Identifier: Apache-2.0
-- The company's own days off, which are no working days for the cube.

-- +goose Up
-- closed_days: days besides the public holidays on which the company does not work.
CREATE TABLE closed_days (
    on_day TEXT PRIMARY KEY,
    name   TEXT NOT NULL
);

-- +goose Down
DROP TABLE closed_days;
