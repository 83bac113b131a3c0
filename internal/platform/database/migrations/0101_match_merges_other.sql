-- SPDX-License-Identifier: Apache-2.0
-- Finds the merge of a run that a person takes back by hand.

-- +goose Up
CREATE INDEX match_merges_other ON match_merges (other_id);

-- +goose Down
DROP INDEX match_merges_other;
