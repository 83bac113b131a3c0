-- SPDX-License-Identifier: Apache-2.0
-- Kept lists of customers: segments that were frozen, and lists of keys that were imported.

-- +goose Up

-- segment_lists: a list never changes; source is "frozen" or "imported", from_id the segment frozen.
CREATE TABLE segment_lists (
    id         {{id}},
    source     TEXT NOT NULL,
    from_id    {{bigint}},
    customers  {{bigint}} NOT NULL,
    created_by {{bigint}} NOT NULL,
    created_at {{bigint}} NOT NULL
);

-- segment_list_members: in parts of 65,536 ids (part = id / 65536), as distances in varints.
CREATE TABLE segment_list_members (
    list_id {{bigint}} NOT NULL,
    part    {{bigint}} NOT NULL,
    ids     {{blob}} NOT NULL,
    PRIMARY KEY (list_id, part)
);

-- +goose Down
DROP TABLE segment_list_members;
DROP TABLE segment_lists;
