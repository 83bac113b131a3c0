-- SPDX-License-Identifier: Apache-2.0
-- Sources, source records, the links that make customers of them, and the golden rows.

-- +goose Up

CREATE TABLE sources (
    id         {{id}},
    name       TEXT NOT NULL UNIQUE,
    label      TEXT NOT NULL,
    kind       TEXT NOT NULL DEFAULT 'file',
    trust      {{bigint}} NOT NULL DEFAULT 50,
    department TEXT NOT NULL DEFAULT '',
    created_at {{bigint}} NOT NULL
);
-- What staff type by hand is a source like any other (design section 12).
INSERT INTO sources (id, name, label, kind, trust, department, created_at) VALUES (1, 'staff', '직원 입력', 'staff', 90, '', 0);

-- key_schemes: kinds of keys. Any number of schemes live side by side; derived ones are computed
-- from values and only link records, they are not shown as customer numbers.
CREATE TABLE key_schemes (
    id             {{id}},
    name           TEXT NOT NULL UNIQUE,
    label          TEXT NOT NULL,
    kind           TEXT NOT NULL DEFAULT 'declared',
    one_per_person INTEGER NOT NULL DEFAULT 0,
    created_at     {{bigint}} NOT NULL
);
INSERT INTO key_schemes (id, name, label, kind, created_at) VALUES (1, 'email+name', '이메일과 이름', 'derived', 0);
INSERT INTO key_schemes (id, name, label, kind, created_at) VALUES (2, 'mobile+name', '휴대전화와 이름', 'derived', 0);

-- records: what a source gave, never changed; only withdrawn_at is set (and taken back by an undo).
-- A row that came again with other content is a new record that replaces the older one.
CREATE TABLE records (
    id           {{id}},
    source_id    {{bigint}} NOT NULL,
    batch_id     {{bigint}},
    source_key   TEXT,
    kind         TEXT NOT NULL,
    given        {{blob}},
    normal       TEXT NOT NULL,
    keys         TEXT,
    findings     TEXT,
    row_number   {{bigint}},
    received_at  {{bigint}} NOT NULL,
    replaces     {{bigint}},
    withdrawn_at {{bigint}},
    hash         {{blob}} NOT NULL
);
-- A record with a source key is found through record_keys, which hold that key under the scheme of the
-- source's key column: one index of random order less is a quarter of an import. SQLite has one writer;
-- PostgreSQL needs the index to keep two imports of one source from doubling a row.
{{if .Postgres}}CREATE UNIQUE INDEX records_source_key ON records (source_id, source_key)
    WHERE source_key IS NOT NULL AND withdrawn_at IS NULL AND kind <> 'staff';{{end}}
CREATE UNIQUE INDEX records_hash ON records (source_id, hash)
    WHERE source_key IS NULL AND withdrawn_at IS NULL;
CREATE INDEX records_batch ON records (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX records_replaces ON records (replaces) WHERE replaces IS NOT NULL;

-- record_links: which customer a record belongs to, the only thing that merging and parting change.
-- home_id is the customer it belonged to before merges, NULL when that is customer_id.
CREATE TABLE record_links (
    record_id   {{id}},
    customer_id {{bigint}} NOT NULL,
    home_id     {{bigint}},
    reason      TEXT NOT NULL,
    linked_at   {{bigint}} NOT NULL,
    linked_by   {{bigint}}
);
CREATE INDEX record_links_customer ON record_links (customer_id);

-- record_keys: the keys of records that are not withdrawn.
CREATE TABLE record_keys (
    scheme_id {{bigint}} NOT NULL,
    value     TEXT{{if .Postgres}} COLLATE "C"{{end}} NOT NULL,
    record_id {{bigint}} NOT NULL,
    PRIMARY KEY (scheme_id, value, record_id)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- customers: one golden row each, computed from the records linked to it. hidden = 1 when it has no
-- record left or is an alias of the customer it was merged into.
CREATE TABLE customers (
    id             {{id}},
    kind           TEXT NOT NULL DEFAULT 'person',
    full_name      TEXT,
    name_key       TEXT{{if .Postgres}} COLLATE "C"{{end}},
    name_chosung   TEXT,
    name_latin     TEXT,
    mobile         TEXT,
    phone          TEXT,
    email          TEXT,
    birth_on       TEXT,
    birth_calendar TEXT,
    sex            TEXT,
    postal_code    TEXT,
    address        TEXT,
    address_detail TEXT,
    sido           TEXT,
    sigungu        TEXT,
    company        TEXT,
    brn            TEXT,
    crn            TEXT,
    job_title      TEXT,
    department     TEXT,
    grade          TEXT,
    branch         TEXT,
    owner_id       {{bigint}},
    joined_on      TEXT,
    memo           TEXT,
    attributes     TEXT,
    provenance     {{blob}},
    pins           TEXT,
    record_count   {{bigint}} NOT NULL DEFAULT 0,
    alias_of       {{bigint}},
    hidden         {{bigint}} NOT NULL DEFAULT 0,
    created_at     {{bigint}} NOT NULL,
    updated_at     {{bigint}} NOT NULL,
    version        {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX customers_name ON customers (name_key, id) WHERE hidden = 0;
CREATE INDEX customers_created ON customers (created_at, id) WHERE hidden = 0;
CREATE INDEX customers_updated ON customers (updated_at, id) WHERE hidden = 0;
CREATE INDEX customers_branch ON customers (branch, id) WHERE branch IS NOT NULL AND hidden = 0;
CREATE INDEX customers_owner ON customers (owner_id, id) WHERE owner_id IS NOT NULL AND hidden = 0;
CREATE INDEX customers_alias ON customers (alias_of) WHERE alias_of IS NOT NULL;

-- customer_search: tokens made by the product (Hangul bigrams, initial consonants, parts of numbers,
-- e-mail addresses); the engines only look them up. contentless_delete lets a person be erased.
{{if .SQLite}}CREATE VIRTUAL TABLE customer_search USING fts5(
    tokens, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '@._+-#'"
);
-- One segment for each slice of an import instead of one for each megabyte: fewer merges.
INSERT INTO customer_search (customer_search, rank) VALUES ('hashsize', 16777216);{{end}}
{{if .Postgres}}CREATE TABLE customer_search (
    id     {{id}},
    tokens TSVECTOR NOT NULL
);
CREATE INDEX customer_search_tokens ON customer_search USING GIN (tokens);{{end}}

-- survivorship: the order of criteria that chooses a field's value; field '*' is the default.
CREATE TABLE survivorship (
    field      TEXT PRIMARY KEY,
    criteria   TEXT NOT NULL,
    updated_at {{bigint}} NOT NULL
);
INSERT INTO survivorship (field, criteria, updated_at) VALUES ('*', 'validity,trust,recency,completeness', 0);

-- partings: pairs of customers that a person has told apart; no key links them again.
CREATE TABLE partings (
    low_id    {{bigint}} NOT NULL,
    high_id   {{bigint}} NOT NULL,
    parted_at {{bigint}} NOT NULL,
    parted_by {{bigint}} NOT NULL,
    PRIMARY KEY (low_id, high_id)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- attributes: custom fields of customers; their values live in customers.attributes by name.
CREATE TABLE attributes (
    id          {{id}},
    name        TEXT NOT NULL UNIQUE,
    label_ko    TEXT NOT NULL,
    label_en    TEXT NOT NULL,
    type        TEXT NOT NULL,
    choices     TEXT,
    currency    TEXT NOT NULL DEFAULT '',
    entity      TEXT NOT NULL DEFAULT 'customer',
    searchable  {{bigint}} NOT NULL DEFAULT 0,
    is_personal {{bigint}} NOT NULL DEFAULT 0,
    created_at  {{bigint}} NOT NULL,
    updated_at  {{bigint}} NOT NULL,
    archived_at {{bigint}},
    version     {{bigint}} NOT NULL DEFAULT 1
);

CREATE TABLE relations (
    id          {{id}},
    customer_id {{bigint}} NOT NULL,
    other_id    {{bigint}} NOT NULL,
    kind        TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    created_at  {{bigint}} NOT NULL,
    created_by  {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX relations_once ON relations (customer_id, other_id, kind);
CREATE INDEX relations_other ON relations (other_id);

CREATE TABLE saved_views (
    id         {{id}},
    name       TEXT NOT NULL,
    entity     TEXT NOT NULL DEFAULT 'customer',
    owner_id   {{bigint}} NOT NULL,
    is_shared  {{bigint}} NOT NULL DEFAULT 0,
    is_default {{bigint}} NOT NULL DEFAULT 0,
    settings   TEXT NOT NULL,
    position   {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX saved_views_owner ON saved_views (owner_id, position, id);

-- +goose Down
DROP TABLE saved_views;
DROP TABLE relations;
DROP TABLE attributes;
DROP TABLE partings;
DROP TABLE survivorship;
DROP TABLE customer_search;
DROP TABLE customers;
DROP TABLE record_keys;
DROP TABLE record_links;
DROP TABLE records;
DROP TABLE key_schemes;
DROP TABLE sources;
