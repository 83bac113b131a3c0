-- SPDX-License-Identifier: Apache-2.0
-- The shared inbox as a reader: who has a mail in hand, conversations with what staff wrote.

-- +goose Up
-- thread names the conversation as received_mails.thread does; mail_id is the mail that was answered or forwarded.
ALTER TABLE dispatches ADD COLUMN thread TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatches ADD COLUMN mail_id {{bigint}};
CREATE INDEX dispatches_thread ON dispatches (thread) WHERE thread <> '';
CREATE INDEX received_mails_assignee ON received_mails (assignee_id, state) WHERE assignee_id IS NOT NULL;

-- +goose Down
DROP INDEX received_mails_assignee;
DROP INDEX dispatches_thread;
ALTER TABLE dispatches DROP COLUMN mail_id;
ALTER TABLE dispatches DROP COLUMN thread;
