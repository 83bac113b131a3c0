-- SPDX-License-Identifier: Apache-2.0
-- Subscriptions of the cube are not built; their table goes until they are.

-- +goose Up
DROP TABLE subscriptions;

-- +goose Down
CREATE TABLE subscriptions (
    id {{id}}
);
