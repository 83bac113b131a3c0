-- SPDX-License-Identifier: Apache-2.0
-- Who belongs to a segment, since when, and how it was found out.

-- +goose Up

-- segment_states: the last evaluation of a segment. rules_key is what was asked (rules with those of
-- segments named inside, and the day where the answer depends on it); when it is another, everybody is
-- asked again, else only those whom the warehouse has changed after data_version.
CREATE TABLE segment_states (
    segment_id   {{bigint}} PRIMARY KEY,
    state        TEXT NOT NULL,
    rules_key    TEXT NOT NULL,
    seq          {{bigint}} NOT NULL,
    data_version {{bigint}} NOT NULL,
    data_at      {{bigint}} NOT NULL,
    started_at   {{bigint}} NOT NULL,
    took_micros  {{bigint}} NOT NULL,
    scope        TEXT NOT NULL,
    engine       TEXT NOT NULL,
    why          TEXT NOT NULL DEFAULT '',
    asked        {{bigint}} NOT NULL,
    flips_on     TEXT NOT NULL DEFAULT '',
    problem      TEXT NOT NULL DEFAULT ''
);

-- segment_members: the members in parts of 65,536 ids (part = id / 65536), as distances in varints.
CREATE TABLE segment_members (
    segment_id {{bigint}} NOT NULL,
    part       {{bigint}} NOT NULL,
    ids        {{blob}} NOT NULL,
    PRIMARY KEY (segment_id, part)
);

-- segment_sizes: how many members there were, whenever that or the rules changed.
CREATE TABLE segment_sizes (
    segment_id {{bigint}} NOT NULL,
    at         {{bigint}} NOT NULL,
    members    {{bigint}} NOT NULL,
    entered    {{bigint}} NOT NULL,
    gone       {{bigint}} NOT NULL,
    cause      TEXT NOT NULL,
    PRIMARY KEY (segment_id, at)
);

-- segment_moves: the latest comings and goings, for the page of the segment; all are in the journal.
CREATE TABLE segment_moves (
    segment_id  {{bigint}} NOT NULL,
    at          {{bigint}} NOT NULL,
    customer_id {{bigint}} NOT NULL,
    is_in       {{bigint}} NOT NULL,
    cause       TEXT NOT NULL,
    PRIMARY KEY (segment_id, at, customer_id)
);

-- +goose Down
DROP TABLE segment_moves;
DROP TABLE segment_sizes;
DROP TABLE segment_members;
DROP TABLE segment_states;
