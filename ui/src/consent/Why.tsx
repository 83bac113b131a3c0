// SPDX-License-Identifier: Apache-2.0
import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, Status, type Tone } from '@/shared/page';
import { channels, gateQuery, messagesQuery, type Explanation } from './api';

const tones: Record<string, Tone> = { passed: 'teal', stopped: 'red', not_asked: 'grey' };
const sent: Record<string, Tone> = {
  handed_over: 'teal',
  delivered: 'teal',
  bounced: 'red',
  failed: 'red',
  unknown: 'violet',
};
const classes = ['ad', 'informational', 'statutory_notice'] as const;

/** Answers why a customer did not get something: the gate's rules now, and what past campaigns had for them. */
export function Why({ customerId }: PanelProps) {
  const { t } = useTranslation('consent');
  const { dateTime } = useFormat();
  const [channel, setChannel] = useState<string>('email');
  const [kind, setKind] = useState<string>('ad');
  const gate = useQuery(gateQuery(customerId, channel, kind));
  const past = useQuery(messagesQuery(customerId));
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Panel title={t('why.now')}>
        <Group gap={12} mb={12}>
          <Select
            label={t('channelLabel')}
            data={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
            value={channel}
            allowDeselect={false}
            onChange={(value) => setChannel(value ?? 'email')}
          />
          <Select
            label={t('why.kind')}
            data={classes.map((value) => ({ value, label: t(`why.class.${value}`) }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => setKind(value ?? 'ad')}
          />
        </Group>
        <Query result={gate} lines={4}>
          {(answer) => <Answer answer={answer} />}
        </Query>
      </Panel>
      <Panel title={t('why.past')} flush>
        <Query result={past} lines={4}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="dim" style={{ margin: 0, padding: 12 }}>
                {t('why.pastNone')}
              </p>
            ) : (
              <SimpleTable
                stack
                label={t('why.past')}
                rows={items}
                rowKey={(message) => message.id}
                columns={[
                  { id: 'at', header: t('at'), cell: (m) => <span className="num">{dateTime(m.at)}</span> },
                  { id: 'campaign', header: t('why.campaign'), cell: (m) => m.campaign_name },
                  {
                    id: 'state',
                    header: t('why.result'),
                    cell: (m) => (
                      <Status tone={sent[m.state] ?? 'grey'}>
                        {translate(`consent:messageState.${m.state}`, m.state)}
                      </Status>
                    ),
                  },
                  {
                    id: 'why',
                    header: t('why.why'),
                    cell: (m) => (m.reason ? translate(`consent:reason.${m.reason}`, m.reason) : (m.reply ?? '')),
                  },
                ]}
              />
            )
          }
        </Query>
      </Panel>
    </div>
  );
}

function Answer({ answer }: { answer: Explanation }) {
  const { t } = useTranslation('consent');
  const { dateTime } = useFormat();
  const stopped = answer.reason ? translate(`consent:reason.${answer.reason}`, answer.reason) : '';
  const basis = answer.basis
    ? translate(`consent:why.basis.${answer.basis}`, answer.basis, { id: answer.basis_id ?? '' })
    : '';
  return (
    <>
      <p style={{ margin: '0 0 12px' }}>
        <Status tone={answer.is_allowed ? 'teal' : 'red'}>{t(answer.is_allowed ? 'why.yes' : 'why.no')}</Status>{' '}
        {answer.is_allowed ? basis : stopped}
        {answer.defer_to && ` · ${t('why.until', { at: dateTime(answer.defer_to) })}`}{' '}
        <span className="dim">{t('why.rules', { rules: answer.rules })}</span>
      </p>
      <ol style={{ margin: 0, padding: 0, listStyle: 'none', display: 'grid', gap: 6 }}>
        {answer.checks.map((check) => (
          <li key={check.reason} style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
            <Status tone={tones[check.state] ?? 'grey'}>
              {translate(`consent:why.state.${check.state}`, check.state)}
            </Status>
            <span>{translate(`consent:check.${check.reason}`, check.reason)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
