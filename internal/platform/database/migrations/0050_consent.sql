-- SPDX-License-Identifier: Apache-2.0
-- The consent ledger, the senders it speaks of, suppressed addresses and the law's figures.

-- +goose Up

-- senders: the legal entities on whose behalf messages go out (L-AD-4, L-AD-10).
CREATE TABLE senders (
    id         {{id}},
    code       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL DEFAULT '',
    email      TEXT NOT NULL DEFAULT '',
    phone      TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    address_en TEXT NOT NULL DEFAULT '',
    updated_at {{bigint}} NOT NULL
);
INSERT INTO senders (id, code, name, updated_at) VALUES (1, 'company', '', 0);

-- consents: append only (L-AD-21); what holds now is computed from it. is_claimed marks what an
-- import asserts without date and method: shown, never used as consent (rulebook 4.2).
CREATE TABLE consents (
    id              {{id}},
    record_id       {{bigint}} NOT NULL,
    sender          TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    channel         TEXT NOT NULL,
    is_night        INTEGER NOT NULL DEFAULT 0,
    action          TEXT NOT NULL,
    at              {{bigint}} NOT NULL,
    method          TEXT NOT NULL,
    wording         TEXT NOT NULL DEFAULT '',
    wording_version TEXT NOT NULL DEFAULT '',
    actor_id        {{bigint}} NOT NULL DEFAULT 0,
    actor           TEXT NOT NULL DEFAULT '',
    evidence        TEXT,
    batch_id        {{bigint}},
    row_number      {{bigint}},
    campaign_id     {{bigint}},
    is_claimed      INTEGER NOT NULL DEFAULT 0,
    created_at      {{bigint}} NOT NULL
);
CREATE INDEX consents_record ON consents (record_id, id);
CREATE INDEX consents_at ON consents (at);
CREATE INDEX consents_batch ON consents (batch_id) WHERE batch_id IS NOT NULL;

-- consent_notices: what the person was told: the result (L-AD-7, 14 days) or the confirmation asked
-- for every two years (L-AD-8).
CREATE TABLE consent_notices (
    id         {{id}},
    consent_id {{bigint}} NOT NULL,
    kind       TEXT NOT NULL,
    at         {{bigint}} NOT NULL,
    channel    TEXT NOT NULL,
    actor_id   {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX consent_notices_consent ON consent_notices (consent_id);

-- suppressions: addresses that get nothing (or no advertising), whoever they belong to.
CREATE TABLE suppressions (
    id          {{id}},
    channel     TEXT NOT NULL,
    address     TEXT NOT NULL,
    sender      TEXT NOT NULL DEFAULT '',
    kind        TEXT NOT NULL,
    at          {{bigint}} NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    record_id   {{bigint}},
    campaign_id {{bigint}},
    actor_id    {{bigint}} NOT NULL DEFAULT 0,
    ended_at    {{bigint}}
);
CREATE INDEX suppressions_address ON suppressions (channel, address);
CREATE INDEX suppressions_at ON suppressions (at, id);

-- legal_parameters: figures of the law with the days they hold (rulebook 6.1).
CREATE TABLE legal_parameters (
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL DEFAULT '',
    source     TEXT NOT NULL,
    PRIMARY KEY (name, valid_from)
);
INSERT INTO legal_parameters (name, value, valid_from, valid_to, source) VALUES
    ('ad.night.start', '21:00', '2014-11-29', '', 'NA 50(3)'),
    ('ad.night.end', '08:00', '2014-11-29', '', 'NA 50(3)'),
    ('ad.night.exempt_channels', 'email', '2014-11-29', '', 'NA-D 61(2)'),
    ('ad.kakao_brand.block.start', '20:50', '2026-01-01', '', 'platform rule'),
    ('ad.kakao_brand.block.end', '08:00', '2026-01-01', '', 'platform rule'),
    ('ad.consent.confirm_every', 'P2Y', '2014-11-29', '', 'NA-D 62-3'),
    ('ad.result_notice.within', 'P14D', '2014-11-29', '', 'NA-D 62-2'),
    ('ad.transaction_exemption', 'P6M', '2014-11-29', '', 'NA-D 61(1)'),
    ('ad.sms.provider_certification_required', 'false', '2014-11-29', '2026-09-30', 'NA 50-3'),
    ('ad.sms.provider_certification_required', 'true', '2026-10-01', '', 'NA 50-3'),
    ('tm.dnc.max_age', 'P1M', '2012-08-18', '', 'DSA 42'),
    ('tm.recording.min_keep', 'P3M', '2012-08-18', '', 'DSA 7-2'),
    ('tm.coolingoff', 'P14D', '2012-08-18', '', 'DSA 8'),
    ('dsr.access', 'P10D', '2011-09-30', '', 'PIPA-D 41'),
    ('dsr.correct', 'P10D', '2011-09-30', '', 'PIPA-D 43'),
    ('dsr.stop', 'P10D', '2011-09-30', '', 'PIPA-D 44'),
    ('dsr.automated', 'P30D', '2024-03-15', '', 'PIPA-D 44-3'),
    ('breach.notice', 'PT72H', '2023-09-15', '', 'PIPA-D 39'),
    ('breach.report', 'PT72H', '2023-09-15', '', 'PIPA-D 40'),
    ('breach.report.threshold', '1000', '2023-09-15', '', 'PIPA-D 40'),
    ('log.access.keep', 'P2Y', '2023-09-22', '', 'SAFE 8'),
    ('log.permission.keep', 'P3Y', '2023-09-22', '', 'SAFE 5(3)'),
    ('child.age', '14', '2011-09-30', '', 'PIPA 22-2'),
    ('notice.yearly.threshold', '1000000', '2023-09-15', '', 'PIPA-D 15-3'),
    ('sms.bytes', '90', '2014-11-29', '', 'provider docs'),
    ('lms.bytes', '2000', '2014-11-29', '', 'provider docs'),
    ('lms.title', '40', '2014-11-29', '', 'provider docs'),
    ('points.default_expiry', 'P5Y', '2024-12-01', '', '상법 §64, KFTC 2024'),
    ('rrn.checksum.until', '2020-10-04', '2020-10-05', '', '주민등록법 시행규칙 §2');

-- +goose Down
DROP TABLE legal_parameters;
DROP TABLE suppressions;
DROP TABLE consent_notices;
DROP TABLE consents;
DROP TABLE senders;
