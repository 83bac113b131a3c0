-- +goose Up

-- counters hold the last id given out per table; PostgreSQL uses a sequence per table instead.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value {{bigint}} NOT NULL
){{if .SQLite}} WITHOUT ROWID{{end}};

-- settings are the few values that the running product itself changes.
CREATE TABLE settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at {{bigint}} NOT NULL
){{if .SQLite}} WITHOUT ROWID{{end}};

-- journal: every change of business data. seq and hash are set by the sequencer after commit; id is
-- unique but, on PostgreSQL, not in the order of commits. body holds before and after, sealed.
-- bulk_id: this row is a later slice of that bulk entry.
CREATE TABLE journal (
    id           {{id}},
    seq          {{bigint}},
    at           {{bigint}} NOT NULL,
    actor_id     {{bigint}} NOT NULL,
    actor        TEXT NOT NULL,
    capability   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   {{bigint}},
    subjects     {{blob}},
    batch        {{bigint}} NOT NULL,
    record_id    {{bigint}} NOT NULL,
    bulk_id      {{bigint}},
    chunk_count  {{bigint}} NOT NULL,
    row_count    {{bigint}} NOT NULL,
    body         {{blob}},
    hash         {{blob}}
);
CREATE UNIQUE INDEX journal_seq ON journal (seq) WHERE seq IS NOT NULL;
CREATE INDEX journal_unnumbered ON journal (id) WHERE seq IS NULL;
CREATE INDEX journal_subject ON journal (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX journal_bulk ON journal (bulk_id, id) WHERE bulk_id IS NOT NULL;

-- journal_subjects: the subjects of entries that have several; bulk entries use chunks instead.
CREATE TABLE journal_subjects (
    subject_id {{bigint}} NOT NULL,
    entry_id   {{bigint}} NOT NULL,
    PRIMARY KEY (subject_id, entry_id)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- journal_chunks: up to 1,000 row changes of a bulk entry, each sealed with the key of its record;
-- subjects holds their sorted ids, packed.
CREATE TABLE journal_chunks (
    id          {{id}},
    entry_id    {{bigint}} NOT NULL,
    row_count   {{bigint}} NOT NULL,
    min_subject {{bigint}} NOT NULL,
    max_subject {{bigint}} NOT NULL,
    subjects    {{blob}} NOT NULL,
    body        {{blob}} NOT NULL,
    hash        {{blob}} NOT NULL
);
CREATE INDEX journal_chunks_entry ON journal_chunks (entry_id, id);
CREATE INDEX journal_chunks_subject ON journal_chunks (max_subject, min_subject);

-- journal_consumers: how far each consumer has read.
CREATE TABLE journal_consumers (
    name       TEXT PRIMARY KEY,
    seq        {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
){{if .SQLite}} WITHOUT ROWID{{end}};

-- access_log: who saw whose data in clear, when, from where, for what.
CREATE TABLE access_log (
    id            {{id}},
    seq           {{bigint}},
    at            {{bigint}} NOT NULL,
    actor_id      {{bigint}} NOT NULL,
    actor         TEXT NOT NULL,
    ip            TEXT NOT NULL,
    work          TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    subject_kind  TEXT NOT NULL,
    subject_count {{bigint}} NOT NULL,
    min_subject   {{bigint}},
    max_subject   {{bigint}},
    subjects      {{blob}},
    detail        TEXT NOT NULL,
    hash          {{blob}}
);
CREATE UNIQUE INDEX access_log_seq ON access_log (seq) WHERE seq IS NOT NULL;
CREATE INDEX access_log_unnumbered ON access_log (id) WHERE seq IS NULL;
CREATE INDEX access_log_actor ON access_log (actor_id, id);
CREATE INDEX access_log_subject ON access_log (max_subject, min_subject);
-- subjects of access_log and journal_chunks are sorted ids, packed as differences.

-- jobs: work to be done later or in the background. state: ready, running, done, dead, cancelled.
CREATE TABLE jobs (
    id           {{id}},
    kind         TEXT NOT NULL,
    queue        TEXT NOT NULL,
    priority     {{bigint}} NOT NULL,
    state        TEXT NOT NULL,
    args         TEXT NOT NULL,
    unique_key   TEXT,
    person_id    {{bigint}} NOT NULL,
    run_at       {{bigint}} NOT NULL,
    attempt      {{bigint}} NOT NULL DEFAULT 0,
    max_attempts {{bigint}} NOT NULL,
    lease_until  {{bigint}},
    lease        {{bigint}} NOT NULL DEFAULT 0,
    worker       TEXT,
    is_cancelled INTEGER NOT NULL DEFAULT 0,
    done_count   {{bigint}} NOT NULL DEFAULT 0,
    total_count  {{bigint}} NOT NULL DEFAULT 0,
    note         TEXT NOT NULL DEFAULT '',
    result       TEXT,
    error        TEXT,
    created_at   {{bigint}} NOT NULL,
    started_at   {{bigint}},
    finished_at  {{bigint}}
);
CREATE INDEX jobs_ready ON jobs (queue, priority, run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_kind ON jobs (kind, id);
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('ready', 'running');

-- periodic_jobs: when each periodic job was last enqueued, so that two nodes do not do it twice.
CREATE TABLE periodic_jobs (
    name    TEXT PRIMARY KEY,
    due_at  {{bigint}} NOT NULL
){{if .SQLite}} WITHOUT ROWID{{end}};

-- files: what people uploaded or the product made, kept in the data directory.
CREATE TABLE files (
    id         {{id}},
    size       {{bigint}} NOT NULL,
    sha256     TEXT NOT NULL,
    created_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE files;
DROP TABLE periodic_jobs;
DROP TABLE jobs;
DROP TABLE access_log;
DROP TABLE journal_consumers;
DROP TABLE journal_chunks;
DROP TABLE journal_subjects;
DROP TABLE journal;
DROP TABLE settings;
DROP TABLE counters;
