-- SPDX-License-Identifier: Apache-2.0
-- Partings are looked for from both ends.

-- +goose Up
CREATE INDEX partings_high ON partings (high_id, low_id);

-- +goose Down
DROP INDEX partings_high;
