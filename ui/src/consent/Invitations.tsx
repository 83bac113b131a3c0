// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { SimpleTable, Status, type Tone } from '@/shared/page';
import { invitationsQuery, type Invitation } from './api';

const tones: Record<string, Tone> = { open: 'amber', agreed: 'teal', declined: 'red', over: 'grey' };

function stateOf(invitation: Invitation) {
  return invitation.state === 'open' && new Date(invitation.expires_at) < new Date() ? 'over' : invitation.state;
}

/** Mails that asked the customer to confirm a consent, and what they answered. */
export function Invitations({ customerId }: { customerId: number }) {
  const { t } = useTranslation('consent');
  const { dateTime } = useFormat();
  const list = useQuery(invitationsQuery(customerId)).data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <section style={{ marginTop: 16 }}>
      <h3 style={{ fontSize: 13, margin: '0 0 6px' }}>{t('invite.list')}</h3>
      <SimpleTable
        stack
        label={t('invite.list')}
        rows={list}
        rowKey={(invitation) => invitation.id}
        columns={[
          { id: 'at', header: t('at'), cell: (one) => <span className="num">{dateTime(one.asked_at)}</span> },
          {
            id: 'channels',
            header: t('channelLabel'),
            cell: (one) => one.channels.map((channel) => translate(`consent:channel.${channel}`, channel)).join(', '),
          },
          { id: 'origin', header: t('invite.origin'), cell: (one) => one.origin },
          {
            id: 'state',
            header: t('actionLabel'),
            cell: (one) => <Status tone={tones[stateOf(one)] ?? 'grey'}>{t(`invite.state.${stateOf(one)}`)}</Status>,
          },
        ]}
      />
    </section>
  );
}
