-- SPDX-License-Identifier: Apache-2.0
-- Keys that point to two people, and people with two keys of one scheme, as the last check found them.

-- +goose Up
CREATE TABLE key_conflicts (
    id          {{id}},
    kind        TEXT NOT NULL,
    scheme_id   {{bigint}} NOT NULL,
    value       TEXT NOT NULL,
    customer_id {{bigint}} NOT NULL,
    others      TEXT NOT NULL
);
CREATE INDEX key_conflicts_kind ON key_conflicts (kind, scheme_id, id);

-- The rules of golden records that somebody tries out, applies and takes back; see customer.RuleDraft.
CREATE TABLE rule_drafts (
    id         {{id}},
    state      TEXT NOT NULL,
    rules      TEXT NOT NULL,
    before     TEXT NOT NULL DEFAULT '',
    result     TEXT NOT NULL DEFAULT '',
    job_id     {{bigint}},
    created_by {{bigint}} NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE rule_drafts;
DROP TABLE key_conflicts;
