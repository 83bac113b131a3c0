// SPDX-License-Identifier: Apache-2.0
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Query, Status, type Tone } from '@/shared/page';
import { consentsQuery } from './api';
import { RecordConsent } from './RecordConsent';
import classes from './Consent.module.css';

const tones: Record<string, Tone> = { granted: 'teal', claimed: 'amber', refused: 'red', none: 'grey' };

/** What a customer agreed to and refused, by channel, as it holds now. */
export function ConsentStates({ customerId }: PanelProps) {
  const { t } = useTranslation('consent');
  const can = useCan();
  const { date } = useFormat();
  const result = useQuery(consentsQuery(customerId));
  const [recording, setRecording] = useState(false);
  return (
    <Panel
      title={t('title')}
      flush
      actions={
        can('consent:create') && (
          <ActionIcon size={26} onClick={() => setRecording(true)} aria-label={t('record')} title={t('record')}>
            <Plus size={15} />
          </ActionIcon>
        )
      }
    >
      <Query result={result} lines={3}>
        {({ states }) => {
          const shown = (states ?? []).filter(
            (state) => state.status !== 'none' || (!state.is_night && state.purpose === 'ad'),
          );
          if (shown.length === 0) return <p className={classes.none}>{t('none')}</p>;
          return (
            <ul className={classes.states}>
              {shown.map((state) => (
                <li key={`${state.sender}:${state.purpose}:${state.channel}:${state.is_night}`}>
                  <span className="dim">
                    {translate(`consent:channel.${state.channel}`, state.channel)}
                    {state.is_night && ` · ${t('night')}`}
                  </span>
                  <Status tone={tones[state.status] ?? 'grey'}>
                    {translate(`consent:status.${state.status}`, state.status)}
                  </Status>
                  {state.basis && <small className="num">{date(state.basis.at)}</small>}
                </li>
              ))}
            </ul>
          );
        }}
      </Query>
      {recording && <RecordConsent customerId={customerId} onClose={() => setRecording(false)} />}
    </Panel>
  );
}
