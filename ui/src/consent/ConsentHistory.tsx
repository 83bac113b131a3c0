// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck, FileSearch, MailQuestion, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import type { Schema } from '@/app/apiTypes';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Query, SimpleTable, Status, type Tone } from '@/shared/page';
import { consentsQuery } from './api';
import { Evidence } from './Evidence';
import { Invitations } from './Invitations';
import { InviteConsent } from './InviteConsent';
import { PreferenceLink } from './PreferenceLink';
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
  const [doing, setDoing] = useState<'record' | 'invite'>();
  const [shown, setShown] = useState<Schema<'Consent'>>();
  const close = () => setDoing(undefined);
  const buttons = can('consent:create') && (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
      <Button size="xs" variant="default" leftSection={<Plus size={14} />} onClick={() => setDoing('record')}>
        {t('record')}
      </Button>
      <Button size="xs" variant="default" leftSection={<MailQuestion size={14} />} onClick={() => setDoing('invite')}>
        {t('invite.action')}
      </Button>
      <PreferenceLink customerId={customerId} />
    </div>
  );
  return (
    <Query result={result}>
      {({ items }) => (
        <>
          {!items || items.length === 0 ? (
            <EmptyState icon={BadgeCheck} title={t('none')} text={t('noneText')}>
              {buttons}
            </EmptyState>
          ) : (
            <div style={{ display: 'grid', gap: 8 }}>
              {buttons}
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
                    cell: (entry) => (
                      <span className="dim">
                        {entry.actor === 'recipient' ? t('evidence.person') : (entry.actor ?? '–')}
                      </span>
                    ),
                  },
                  {
                    id: 'evidence',
                    header: '',
                    align: 'end',
                    cell: (entry) => (
                      <ActionIcon
                        size={26}
                        aria-label={t('evidence.show')}
                        title={t('evidence.show')}
                        onClick={() => setShown(entry)}
                      >
                        <FileSearch size={15} />
                      </ActionIcon>
                    ),
                  },
                ]}
              />
            </div>
          )}
          <Invitations customerId={customerId} />
          {doing === 'record' && <RecordConsent customerId={customerId} onClose={close} />}
          {doing === 'invite' && <InviteConsent customerId={customerId} onClose={close} />}
          {shown && <Evidence entry={shown} onClose={() => setShown(undefined)} />}
        </>
      )}
    </Query>
  );
}
