-- SPDX-License-Identifier: Apache-2.0
-- Campaigns, the ledger of their recipients, tracked links and clicks.

-- +goose Up

CREATE TABLE campaigns (
    id               {{id}},
    name             TEXT NOT NULL,
    goal             TEXT NOT NULL DEFAULT '',
    channel          TEXT NOT NULL DEFAULT 'email',
    segment_id       {{bigint}} NOT NULL,
    template_id      {{bigint}} NOT NULL,
    version_id       {{bigint}},
    state            TEXT NOT NULL DEFAULT 'draft',
    note             TEXT NOT NULL DEFAULT '',
    control_share    INTEGER NOT NULL,
    control_minimum  {{bigint}} NOT NULL DEFAULT 0,
    seed             {{bigint}} NOT NULL DEFAULT 0,
    window_days      INTEGER NOT NULL,
    budget           {{bigint}},
    message_cost     {{bigint}} NOT NULL DEFAULT 0,
    margin_share     INTEGER NOT NULL,
    currency         TEXT NOT NULL,
    rate_per_minute  {{bigint}} NOT NULL DEFAULT 0,
    is_tracked       INTEGER NOT NULL DEFAULT 1,
    as_of_seq        {{bigint}} NOT NULL DEFAULT 0,
    as_of            {{bigint}},
    journal_entry_id {{bigint}},
    job_id           {{bigint}},
    person_id        {{bigint}} NOT NULL,
    created_at       {{bigint}} NOT NULL,
    updated_at       {{bigint}} NOT NULL,
    planned_at       {{bigint}},
    start_at         {{bigint}},
    started_at       {{bigint}},
    finished_at      {{bigint}},
    archived_at      {{bigint}},
    version          {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX campaigns_list ON campaigns (created_at, id) WHERE archived_at IS NULL;

-- campaign_counts: how many recipients stand where, kept with every change of the ledger, so that
-- progress costs nothing.
CREATE TABLE campaign_counts (
    campaign_id {{bigint}} NOT NULL,
    arm         TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    count       {{bigint}} NOT NULL,
    PRIMARY KEY (campaign_id, arm, state, reason)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- recipients: the ledger. planned → leased → handed_over → delivered, bounced, failed or unknown;
-- skipped with the reason of the gate; control gets nothing; cancelled was never sent.
CREATE TABLE recipients (
    id              {{id}},
    campaign_id     {{bigint}} NOT NULL,
    customer_id     {{bigint}} NOT NULL,
    record_id       {{bigint}} NOT NULL,
    address         TEXT NOT NULL,
    arm             TEXT NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL DEFAULT '',
    attempts        INTEGER NOT NULL DEFAULT 0,
    retry_at        {{bigint}} NOT NULL DEFAULT 0,
    lease           {{bigint}},
    handed_over_at  {{bigint}},
    settled_at      {{bigint}},
    code            INTEGER NOT NULL DEFAULT 0,
    reply           TEXT NOT NULL DEFAULT '',
    basis           TEXT NOT NULL DEFAULT '',
    basis_id        {{bigint}},
    rules           TEXT NOT NULL DEFAULT '',
    clicked_at      {{bigint}},
    unsubscribed_at {{bigint}}
);
CREATE UNIQUE INDEX recipients_once ON recipients (campaign_id, customer_id);
CREATE INDEX recipients_record ON recipients (record_id);
CREATE INDEX recipients_due ON recipients (campaign_id, retry_at, id) WHERE state = 'planned';
CREATE INDEX recipients_leased ON recipients (campaign_id, lease) WHERE state = 'leased';

CREATE TABLE links (
    id          {{id}},
    campaign_id {{bigint}} NOT NULL,
    position    INTEGER NOT NULL,
    url         TEXT NOT NULL
);
CREATE UNIQUE INDEX links_once ON links (campaign_id, position);

CREATE TABLE clicks (
    id           {{id}},
    campaign_id  {{bigint}} NOT NULL,
    recipient_id {{bigint}} NOT NULL,
    link_id      {{bigint}} NOT NULL,
    at           {{bigint}} NOT NULL,
    is_machine   INTEGER NOT NULL
);
CREATE INDEX clicks_recipient ON clicks (recipient_id);
CREATE INDEX clicks_campaign ON clicks (campaign_id, at);

-- +goose Down
DROP TABLE clicks;
DROP TABLE links;
DROP TABLE recipients;
DROP TABLE campaign_counts;
DROP TABLE campaigns;
