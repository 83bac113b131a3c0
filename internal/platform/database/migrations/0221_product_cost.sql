-- SPDX-License-Identifier: Apache-2.0
-- What a product costs the company, for the margin of its sales.

-- +goose Up
ALTER TABLE products ADD COLUMN cost {{bigint}};

-- +goose Down
ALTER TABLE products DROP COLUMN cost;
