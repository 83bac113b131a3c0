// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/app/apiTypes';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { Facts, type Fact } from '@/shared/page';

type Entry = Schema<'Consent'>;

const known = [
  'page',
  'text',
  'language',
  'ip',
  'user_agent',
  'origin',
  'asked_at',
  'invitation_id',
  'recipient_id',
] as const;

/** What proves an entry of the ledger: who, when, from where, which wording, and what the person was told. */
export function Evidence({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { t } = useTranslation('consent');
  const { dateTime } = useFormat();
  const kept = (entry.evidence ?? {}) as Record<string, unknown>;
  const facts: Fact[] = [
    { label: t('at'), value: dateTime(entry.at) },
    { label: t('methodLabel'), value: translate(`consent:method.${entry.method}`, entry.method) },
    { label: t('actor'), value: entry.actor === 'recipient' ? t('evidence.person') : (entry.actor ?? '–') },
  ];
  if (entry.wording) {
    facts.push({
      label: t('evidence.wording'),
      value: [entry.wording, entry.wording_version].filter(Boolean).join(' · '),
    });
  }
  if (entry.batch_id) {
    facts.push({
      label: t('evidence.title'),
      value: t('evidence.row', { batch: entry.batch_id, row: entry.row_number ?? 0 }),
    });
  }
  for (const name of known) {
    const value = kept[name];
    if (value === undefined || value === '') continue;
    let text = String(value);
    if (name === 'asked_at') text = dateTime(text);
    if (name === 'page') text = translate(`consent:evidence.pages.${text}`, text);
    facts.push({ label: t(`evidence.${name}`), value: text });
  }
  for (const [name, value] of Object.entries(kept)) {
    if (known.some((one) => one === name) || typeof value === 'object') continue;
    facts.push({ label: <code>{name}</code>, value: String(value) });
  }
  for (const notice of entry.notices ?? []) {
    facts.push({
      label: t(`evidence.kind.${notice.kind === 'biennial' ? 'biennial' : 'result'}`),
      value: `${dateTime(notice.at)} · ${translate(`consent:channel.${notice.channel}`, notice.channel)}`,
    });
  }
  return (
    <Modal opened onClose={onClose} title={t('evidence.title')} size="lg">
      <Facts labelWidth={130} facts={facts} />
    </Modal>
  );
}
