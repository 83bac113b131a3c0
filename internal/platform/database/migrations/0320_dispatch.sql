-- SPDX-License-Identifier: Apache-2.0
-- Mails to one person outside campaigns: by the API, by triggers, notices of consent, answers.

-- +goose Up

-- dispatches: the ledger of single mails. once is the key under which the caller asks again without
-- sending twice, fingerprint what was asked. planned → leased → handing → handed_over → delivered, bounced,
-- failed or unknown; handing is written before the server can take the message, so that a crash there
-- leaves "unknown" and nothing is sent twice.
CREATE TABLE dispatches (
    id             {{id}},
    once           TEXT NOT NULL,
    fingerprint    TEXT NOT NULL,
    kind           TEXT NOT NULL,
    priority       INTEGER NOT NULL,
    origin         TEXT NOT NULL DEFAULT '',
    template_id    {{bigint}},
    version_id     {{bigint}},
    record_id      {{bigint}} NOT NULL,
    address        TEXT NOT NULL,
    subject        TEXT NOT NULL DEFAULT '',
    given          TEXT NOT NULL DEFAULT '{}',
    content        TEXT NOT NULL DEFAULT '',
    state          TEXT NOT NULL DEFAULT 'planned',
    reason         TEXT NOT NULL DEFAULT '',
    attempts       INTEGER NOT NULL DEFAULT 0,
    due_at         {{bigint}} NOT NULL,
    lease          {{bigint}} NOT NULL DEFAULT 0,
    leased_at      {{bigint}},
    message_id     TEXT NOT NULL DEFAULT '',
    code           INTEGER NOT NULL DEFAULT 0,
    reply          TEXT NOT NULL DEFAULT '',
    basis          TEXT NOT NULL DEFAULT '',
    basis_id       {{bigint}} NOT NULL DEFAULT 0,
    rules          TEXT NOT NULL DEFAULT '',
    person_id      {{bigint}} NOT NULL DEFAULT 0,
    created_at     {{bigint}} NOT NULL,
    handed_over_at {{bigint}},
    settled_at     {{bigint}},
    read_at        {{bigint}}
);
CREATE UNIQUE INDEX dispatches_once ON dispatches (once);
CREATE INDEX dispatches_due ON dispatches (priority, due_at, id) WHERE state = 'planned';
CREATE INDEX dispatches_leased ON dispatches (leased_at) WHERE state IN ('leased', 'handing');
CREATE INDEX dispatches_record ON dispatches (record_id);

-- mail_triggers: which template goes out by itself when something happens.
CREATE TABLE mail_triggers (
    id           {{id}},
    event        TEXT NOT NULL,
    template_id  {{bigint}} NOT NULL,
    delay        {{bigint}} NOT NULL DEFAULT 0,
    is_active    INTEGER NOT NULL DEFAULT 0,
    activated_at {{bigint}},
    version      {{bigint}} NOT NULL DEFAULT 1,
    created_at   {{bigint}} NOT NULL,
    updated_at   {{bigint}} NOT NULL
);

-- mail_files: pictures of templates and attachments; token is the public name of a picture.
CREATE TABLE mail_files (
    id         {{id}},
    file_id    {{bigint}} NOT NULL,
    token      TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       {{bigint}} NOT NULL,
    width      INTEGER NOT NULL DEFAULT 0,
    height     INTEGER NOT NULL DEFAULT 0,
    is_picture INTEGER NOT NULL,
    person_id  {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL,
    archived_at {{bigint}}
);
CREATE UNIQUE INDEX mail_files_token ON mail_files (token);

ALTER TABLE received_mails ADD COLUMN dispatch_id {{bigint}};
ALTER TABLE received_mails ADD COLUMN assignee_id {{bigint}};

-- received_notes: what staff wrote to each other about a mail.
CREATE TABLE received_notes (
    id         {{id}},
    mail_id    {{bigint}} NOT NULL,
    text       TEXT NOT NULL,
    person_id  {{bigint}} NOT NULL,
    person     TEXT NOT NULL,
    created_at {{bigint}} NOT NULL
);
CREATE INDEX received_notes_mail ON received_notes (mail_id);

-- +goose Down
DROP TABLE received_notes;
DROP TABLE mail_files;
DROP TABLE mail_triggers;
DROP TABLE dispatches;
