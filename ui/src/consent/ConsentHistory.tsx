// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Query, SimpleTable, Status, type Tone } from '@/shared/page';
import { consentsQuery } from './api';
import { RecordConsent } from './RecordConsent';

const tones: Record<string, Tone> = {
  grant: 'teal',
  confirm_keep: 'teal',
  refuse: 'red',
  withdraw: 'red',
  confirm_withdraw: 'red',
};

/** Everything a customer expressed about being contacted; entries are never changed. */
export function ConsentHistory({ customerId }: PanelProps) {
  const { t } = useTranslation('consent');
  const can = useCan();
  const { dateTime } = useFormat();
  const result = useQuery(consentsQuery(customerId));
  const [recording, setRecording] = useState(false);
  const button = can('consent:create') && (
    <Button size="xs" variant="default" leftSection={<Plus size={14} />} onClick={() => setRecording(true)}>
      {t('record')}
    </Button>
  );
  return (
    <Query result={result}>
      {({ items }) => (
        <>
          {!items || items.length === 0 ? (
            <EmptyState icon={BadgeCheck} title={t('none')} text={t('noneText')}>
              {button}
            </EmptyState>
          ) : (
            <div style={{ display: 'grid', gap: 8 }}>
              <div>{button}</div>
              <SimpleTable
                stack
                label={t('title')}
                rows={items}
                rowKey={(entry) => entry.id}
                columns={[
                  { id: 'at', header: t('at'), cell: (entry) => <span className="num">{dateTime(entry.at)}</span> },
                  {
                    id: 'channel',
                    header: t('channelLabel'),
                    cell: (entry) =>
                      [translate(`consent:channel.${entry.channel}`, entry.channel), entry.is_night ? t('night') : '']
                        .filter(Boolean)
                        .join(' · '),
                  },
                  {
                    id: 'action',
                    header: t('actionLabel'),
                    cell: (entry) => (
                      <span style={{ display: 'inline-flex', gap: 4 }}>
                        <Status tone={tones[entry.action] ?? 'grey'}>
                          {translate(`consent:action.${entry.action}`, entry.action)}
                        </Status>
                        {entry.is_claimed && <Status tone="amber">{t('status.claimed')}</Status>}
                      </span>
                    ),
                  },
                  {
                    id: 'purpose',
                    header: t('purposeLabel'),
                    cell: (entry) => translate(`consent:purpose.${entry.purpose}`, entry.purpose),
                  },
                  {
                    id: 'method',
                    header: t('methodLabel'),
                    cell: (entry) => translate(`consent:method.${entry.method}`, entry.method),
                  },
                  { id: 'sender', header: t('sender'), cell: (entry) => <span className="dim">{entry.sender}</span> },
                  {
                    id: 'actor',
                    header: t('actor'),
                    cell: (entry) => <span className="dim">{entry.actor ?? '–'}</span>,
                  },
                ]}
              />
            </div>
          )}
          {recording && <RecordConsent customerId={customerId} onClose={() => setRecording(false)} />}
        </>
      )}
    </Query>
  );
}
