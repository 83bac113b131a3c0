// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { codedText } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { Query, SimpleTable, Status } from '@/shared/page';
import { runsQuery, type Run, type Subscription } from './api';

const tones = {
  sending: 'amber',
  sent: 'teal',
  partly: 'amber',
  failed: 'red',
  firing: 'red',
  quiet: 'grey',
} as const;

/** What became of a run, in a line. */
export function RunText({ run }: { run: Run }) {
  const { t } = useTranslation('cube');
  const { dateTime, number } = useFormat();
  const { value, usual, period, readers, problems } = run.detail;
  const parts = [
    dateTime(run.at),
    value !== undefined && t('subscription.value_', { period, value: number(value) }),
    usual !== undefined && t('subscription.usual', { value: number(usual) }),
    readers ? t('subscription.readers', { count: readers }) : undefined,
    ...(problems ?? []).map((p) => `${p.reader ? `${p.reader}: ` : ''}${codedText(p)}`),
  ].filter(Boolean);
  return (
    <>
      <Status tone={tones[run.outcome]}>{t(`subscription.outcomes.${run.outcome}`)}</Status> {parts.join(' · ')}
    </>
  );
}

/** The past results of a subscription. */
export function RunsDialog({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const { t } = useTranslation('cube');
  const runs = useQuery(runsQuery(subscription.id));
  return (
    <Modal opened onClose={onClose} title={`${subscription.name}: ${t('subscription.runs')}`} size="lg">
      <Query result={runs}>
        {(data) =>
          data.items.length === 0 ? (
            <p className="dim">{t('subscription.never')}</p>
          ) : (
            <SimpleTable
              label={t('subscription.runs')}
              rows={data.items}
              rowKey={(run) => run.id}
              columns={[{ id: 'run', header: t('subscription.last'), cell: (run) => <RunText run={run} /> }]}
            />
          )
        }
      </Query>
    </Modal>
  );
}
