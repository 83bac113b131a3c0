-- SPDX-License-Identifier: Apache-2.0
-- Households, who belongs to them, and who was told apart; relations with dates and memory.

-- +goose Up

-- households: suggested ones come and go with each search; confirmed ones stay until a person changes them.
-- confidence is in thousandths; decided_batch names the bulk confirmation that decided it.
CREATE TABLE households (
    id            {{id}},
    state         TEXT NOT NULL CHECK (state IN ('suggested', 'confirmed')),
    name          TEXT NOT NULL DEFAULT '',
    confidence    {{bigint}} NOT NULL DEFAULT 0,
    head_id       {{bigint}},
    decided_at    {{bigint}},
    decided_by    {{bigint}},
    decided_batch {{bigint}},
    created_at    {{bigint}} NOT NULL,
    updated_at    {{bigint}} NOT NULL,
    version       {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX households_state ON households (state, confidence, id);
CREATE INDEX households_batch ON households (decided_batch) WHERE decided_batch IS NOT NULL;

-- household_members: customer_id is the id that was put in, so that a merge carries the membership along
-- and an un-merge gives it back. state: in, or suggested (an addition to a confirmed household).
CREATE TABLE household_members (
    household_id {{bigint}} NOT NULL,
    customer_id  {{bigint}} NOT NULL,
    state        TEXT NOT NULL DEFAULT 'in',
    confidence   {{bigint}} NOT NULL DEFAULT 0,
    evidence     TEXT,
    PRIMARY KEY (household_id, customer_id)
){{if .SQLite}} WITHOUT ROWID{{end}};
CREATE INDEX household_members_customer ON household_members (customer_id);

-- household_partings: pairs that a person said do not live together.
CREATE TABLE household_partings (
    low_id    {{bigint}} NOT NULL,
    high_id   {{bigint}} NOT NULL,
    parted_at {{bigint}} NOT NULL,
    parted_by {{bigint}} NOT NULL,
    PRIMARY KEY (low_id, high_id)
){{if .SQLite}} WITHOUT ROWID{{end}};
CREATE INDEX household_partings_high ON household_partings (high_id);

-- household_runs: what each search over the whole base came to.
CREATE TABLE household_runs (
    id          {{id}},
    started_at  {{bigint}} NOT NULL,
    finished_at {{bigint}} NOT NULL,
    person_id   {{bigint}} NOT NULL,
    summary     TEXT NOT NULL
);

-- What lists, filters and segments show of it, kept beside the golden row: only this capability writes it.
ALTER TABLE customers ADD COLUMN household_id {{bigint}};
ALTER TABLE customers ADD COLUMN household_state TEXT;
ALTER TABLE customers ADD COLUMN household_size {{bigint}};
ALTER TABLE customers ADD COLUMN household_head {{bigint}};
CREATE INDEX customers_household ON customers (household_id) WHERE household_id IS NOT NULL;

-- relations: when it began and ended, and suggestions that were declined (they are not made again).
ALTER TABLE relations ADD COLUMN since_on TEXT;
ALTER TABLE relations ADD COLUMN until_on TEXT;
ALTER TABLE relations ADD COLUMN state TEXT NOT NULL DEFAULT 'stated';
CREATE INDEX relations_kind ON relations (kind, id);

-- +goose Down
DROP INDEX relations_kind;
ALTER TABLE relations DROP COLUMN state;
ALTER TABLE relations DROP COLUMN until_on;
ALTER TABLE relations DROP COLUMN since_on;
DROP INDEX customers_household;
ALTER TABLE customers DROP COLUMN household_head;
ALTER TABLE customers DROP COLUMN household_size;
ALTER TABLE customers DROP COLUMN household_state;
ALTER TABLE customers DROP COLUMN household_id;
DROP TABLE household_runs;
DROP TABLE household_partings;
DROP TABLE household_members;
DROP TABLE households;
