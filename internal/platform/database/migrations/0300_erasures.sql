-- SPDX-License-Identifier: Apache-2.0
-- Erasures: whose personal data was destroyed, when, by whom and why (PIPA article 21, Enforcement Decree article 16).

-- +goose Up

-- erasures: one row a person, with ids only. records are the source records whose values and keys are gone; keys_at
-- is when their keys of the journal were destroyed, which happens after the commit and is made up for after a crash.
CREATE TABLE erasures (
    id          {{id}},
    customer_id {{bigint}} NOT NULL,
    records     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    erased_at   {{bigint}} NOT NULL,
    erased_by   {{bigint}} NOT NULL,
    keys_at     {{bigint}}
);
CREATE UNIQUE INDEX erasures_customer ON erasures (customer_id);
CREATE INDEX erasures_open ON erasures (id) WHERE keys_at IS NULL;

-- +goose Down
DROP TABLE erasures;
