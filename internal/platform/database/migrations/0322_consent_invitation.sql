-- SPDX-License-Identifier: Apache-2.0
-- People who were asked by mail to confirm a consent (double opt-in).

-- +goose Up

CREATE TABLE consent_invitations (
    id          {{id}},
    record_id   {{bigint}} NOT NULL,
    sender      TEXT NOT NULL,
    channels    TEXT NOT NULL,
    is_night    INTEGER NOT NULL DEFAULT 0,
    origin      TEXT NOT NULL,
    state       TEXT NOT NULL,
    actor_id    {{bigint}} NOT NULL DEFAULT 0,
    actor       TEXT NOT NULL DEFAULT '',
    asked_at    {{bigint}} NOT NULL,
    expires_at  {{bigint}} NOT NULL,
    answered_at {{bigint}}
);
CREATE INDEX consent_invitations_record ON consent_invitations (record_id);

-- consent_notice_orders: notices that were written, until consent_notices says that they went out.
CREATE TABLE consent_notice_orders (
    consent_id {{bigint}} NOT NULL,
    kind       TEXT NOT NULL,
    due_on     TEXT NOT NULL,
    ordered_at {{bigint}} NOT NULL,
    PRIMARY KEY (consent_id, kind, due_on)
);

-- +goose Down
DROP TABLE consent_notice_orders;
DROP TABLE consent_invitations;
