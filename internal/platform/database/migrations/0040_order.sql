-- SPDX-License-Identifier: Apache-2.0
-- Products, orders and their lines, and the history of promotions and coupons of other systems.

-- +goose Up

-- A product row is computed from the latest description that is not withdrawn;
-- transactions alone make a product with its key only (is_described = 0).
CREATE TABLE products (
    id {{id}},
    source_id {{bigint}} NOT NULL,
    product_key TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    department TEXT NOT NULL DEFAULT '',
    brand TEXT NOT NULL DEFAULT '',
    price {{bigint}},
    currency TEXT NOT NULL DEFAULT '',
    extra TEXT NOT NULL DEFAULT '',
    is_described INTEGER NOT NULL DEFAULT 0,
    batch_id {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX products_key ON products (source_id, product_key);
CREATE INDEX products_described ON products (product_key) WHERE is_described = 1;
CREATE INDEX products_name ON products (name, id);

CREATE TABLE orders (
    id {{id}},
    record_id {{bigint}} NOT NULL,
    source_id {{bigint}} NOT NULL,
    batch_id {{bigint}} NOT NULL,
    order_key TEXT NOT NULL,
    ordered_at {{bigint}} NOT NULL,
    ended_at {{bigint}},
    channel TEXT NOT NULL DEFAULT '',
    store TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'paid',
    amount {{bigint}} NOT NULL DEFAULT 0,
    discount {{bigint}} NOT NULL DEFAULT 0,
    coupon_discount {{bigint}} NOT NULL DEFAULT 0,
    currency TEXT NOT NULL,
    line_count INTEGER NOT NULL DEFAULT 0,
    campaign_id {{bigint}},
    contact TEXT NOT NULL DEFAULT '',
    is_direct INTEGER NOT NULL DEFAULT 0,
    withdrawn_at {{bigint}}
);
CREATE UNIQUE INDEX orders_key ON orders (source_id, order_key);
CREATE INDEX orders_record ON orders (record_id, ordered_at);
CREATE INDEX orders_time ON orders (ordered_at, id);
CREATE INDEX orders_batch ON orders (batch_id);

-- A line that came again with other content is replaced, never overwritten:
-- replaced_by names the newer line, so that undoing a batch gives the older one back.
CREATE TABLE order_lines (
    id {{id}},
    order_id {{bigint}} NOT NULL,
    record_id {{bigint}} NOT NULL,
    line_no INTEGER NOT NULL DEFAULT 0,
    product_id {{bigint}},
    quantity {{bigint}} NOT NULL,
    amount {{bigint}} NOT NULL,
    discount {{bigint}} NOT NULL DEFAULT 0,
    coupon_discount {{bigint}} NOT NULL DEFAULT 0,
    currency TEXT NOT NULL,
    ordered_at {{bigint}} NOT NULL,
    status TEXT NOT NULL DEFAULT 'paid',
    batch_id {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL DEFAULT 0,
    identity {{bigint}} NOT NULL,
    content {{bigint}} NOT NULL,
    extra TEXT,
    replaced_by {{bigint}},
    withdrawn_at {{bigint}}
);
CREATE INDEX order_lines_order ON order_lines (order_id);
CREATE INDEX order_lines_batch ON order_lines (batch_id, id);
CREATE INDEX order_lines_replaced ON order_lines (replaced_by) WHERE replaced_by IS NOT NULL;

-- Campaigns that other systems ran, as their files describe them.
CREATE TABLE promotions (
    id {{id}},
    source_id {{bigint}} NOT NULL,
    promotion_key TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL DEFAULT '',
    start_on TEXT NOT NULL DEFAULT '',
    end_on TEXT NOT NULL DEFAULT '',
    cost {{bigint}},
    currency TEXT NOT NULL DEFAULT '',
    extra TEXT NOT NULL DEFAULT '',
    is_described INTEGER NOT NULL DEFAULT 0,
    batch_id {{bigint}} NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX promotions_key ON promotions (source_id, promotion_key);

CREATE TABLE promotion_targets (
    id {{id}},
    promotion_id {{bigint}} NOT NULL,
    record_id {{bigint}} NOT NULL,
    targeted_at {{bigint}},
    response TEXT NOT NULL DEFAULT '',
    batch_id {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL DEFAULT 0,
    extra TEXT,
    withdrawn_at {{bigint}}
);
CREATE UNIQUE INDEX promotion_targets_once ON promotion_targets (promotion_id, record_id) WHERE withdrawn_at IS NULL;
CREATE INDEX promotion_targets_record ON promotion_targets (record_id);
CREATE INDEX promotion_targets_batch ON promotion_targets (batch_id);

CREATE TABLE coupons (
    id {{id}},
    source_id {{bigint}} NOT NULL,
    coupon_key TEXT NOT NULL,
    promotion_id {{bigint}} NOT NULL DEFAULT 0,
    product_id {{bigint}} NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    amount {{bigint}},
    currency TEXT NOT NULL DEFAULT '',
    start_on TEXT NOT NULL DEFAULT '',
    end_on TEXT NOT NULL DEFAULT '',
    batch_id {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL DEFAULT 0,
    content {{bigint}} NOT NULL,
    extra TEXT,
    replaced_by {{bigint}},
    withdrawn_at {{bigint}}
);
CREATE UNIQUE INDEX coupons_once ON coupons (source_id, coupon_key, promotion_id, product_id)
    WHERE withdrawn_at IS NULL AND replaced_by IS NULL;
CREATE INDEX coupons_batch ON coupons (batch_id);
CREATE INDEX coupons_replaced ON coupons (replaced_by) WHERE replaced_by IS NOT NULL;

CREATE TABLE coupon_redemptions (
    id {{id}},
    source_id {{bigint}} NOT NULL,
    coupon_key TEXT NOT NULL,
    promotion_id {{bigint}} NOT NULL DEFAULT 0,
    record_id {{bigint}} NOT NULL,
    redeemed_at {{bigint}} NOT NULL,
    order_key TEXT NOT NULL DEFAULT '',
    amount {{bigint}},
    currency TEXT NOT NULL DEFAULT '',
    batch_id {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL DEFAULT 0,
    identity {{bigint}} NOT NULL,
    extra TEXT,
    withdrawn_at {{bigint}}
);
CREATE INDEX coupon_redemptions_record ON coupon_redemptions (record_id, redeemed_at);
CREATE INDEX coupon_redemptions_identity ON coupon_redemptions (source_id, identity);
CREATE INDEX coupon_redemptions_batch ON coupon_redemptions (batch_id);

-- Descriptions of products and promotions, one per batch that told something
-- new; the latest that is not withdrawn is the current one.
CREATE TABLE descriptions (
    id {{id}},
    kind TEXT NOT NULL,
    subject_id {{bigint}} NOT NULL,
    batch_id {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL DEFAULT 0,
    content TEXT NOT NULL,
    withdrawn_at {{bigint}}
);
CREATE INDEX descriptions_subject ON descriptions (kind, subject_id, id);
CREATE INDEX descriptions_batch ON descriptions (batch_id);

-- What each slice of a running batch has met, so that a batch that goes on
-- after a crash still counts the same row twice in one file as two rows.
CREATE TABLE order_marks (
    batch_id {{bigint}} NOT NULL,
    slice INTEGER NOT NULL,
    marks {{blob}} NOT NULL,
    PRIMARY KEY (batch_id, slice)
);

-- +goose Down
DROP TABLE order_marks;
DROP TABLE descriptions;
DROP TABLE coupon_redemptions;
DROP TABLE coupons;
DROP TABLE promotion_targets;
DROP TABLE promotions;
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE products;
