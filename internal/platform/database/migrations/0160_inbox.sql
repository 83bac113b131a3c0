-- SPDX-License-Identifier: Apache-2.0
-- Mails that came in: answers of people, and notices of mail servers about what was sent.

-- +goose Up

-- received_mails: one row a mail. fingerprint is the SHA-256 of the mail, so that a mailbox that is read
-- twice doubles nothing. record_id is whose mail it is, recipient_id which message of the ledger a notice
-- or an answer is about. The mail itself is a file.
CREATE TABLE received_mails (
    id           {{id}},
    fingerprint  TEXT NOT NULL,
    door         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'open',
    sender       TEXT NOT NULL,
    sender_name  TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    preview      TEXT NOT NULL DEFAULT '',
    message_id   TEXT NOT NULL DEFAULT '',
    thread       TEXT NOT NULL DEFAULT '',
    about        TEXT NOT NULL DEFAULT '',
    reach        TEXT NOT NULL DEFAULT '',
    code         TEXT NOT NULL DEFAULT '',
    file_id      {{bigint}} NOT NULL,
    attachments  INTEGER NOT NULL DEFAULT 0,
    record_id    {{bigint}},
    recipient_id {{bigint}},
    campaign_id  {{bigint}},
    person_id    {{bigint}},
    sent_at      {{bigint}},
    received_at  {{bigint}} NOT NULL,
    settled_at   {{bigint}},
    version      {{bigint}} NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX received_mails_once ON received_mails (fingerprint);
CREATE INDEX received_mails_list ON received_mails (state, id);
CREATE INDEX received_mails_record ON received_mails (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX received_mails_thread ON received_mails (thread) WHERE thread <> '';
CREATE INDEX received_mails_recipient ON received_mails (recipient_id) WHERE recipient_id IS NOT NULL;

-- mailbox_marks: how far a mailbox was read.
CREATE TABLE mailbox_marks (
    mailbox TEXT NOT NULL,
    mark    TEXT NOT NULL,
    read_at {{bigint}} NOT NULL,
    PRIMARY KEY (mailbox, mark)
);

-- +goose Down
DROP TABLE mailbox_marks;
DROP TABLE received_mails;
