-- SPDX-License-Identifier: Apache-2.0
-- Grades of customers: rules by version, and who had which grade from when to when.

-- +goose Up

-- grade_versions: rules are never changed; a version holds from from_on until a later one does.
CREATE TABLE grade_versions (
    id         {{id}},
    rules      TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    from_on    TEXT NOT NULL,
    person_id  {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL
);

-- grade_spells: until_on is '' while the grade holds; reason is first, up, down or merged.
CREATE TABLE grade_spells (
    id         {{id}},
    record_id  {{bigint}} NOT NULL,
    version_id {{bigint}} NOT NULL,
    grade      TEXT NOT NULL,
    rank       {{bigint}} NOT NULL,
    reason     TEXT NOT NULL,
    from_on    TEXT NOT NULL,
    until_on   TEXT NOT NULL DEFAULT '',
    -- A lower grade that was announced: from falls_on on, unless it is earned again before.
    falls_to   TEXT NOT NULL DEFAULT '',
    falls_on   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX grade_spells_record ON grade_spells (record_id);
CREATE INDEX grade_spells_open ON grade_spells (record_id) WHERE until_on = '';

-- +goose Down
DROP TABLE grade_spells;
DROP TABLE grade_versions;
