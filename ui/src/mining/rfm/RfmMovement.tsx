// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, Query, Stat } from '@/shared/page';
import type { RfmAsk } from '../api';
import { Flow } from '../Flow';
import classes from '../Rfm.module.css';
import words from '../run/Run.module.css';
import { movementQuery, type Movement } from './api';

/** Who moved between groups from one day to another, by the same settings. */
export function RfmMovement({ ask }: { ask: RfmAsk }) {
  const { t } = useTranslation('mining');
  const [before, setBefore] = useState<string>();
  const result = useQuery(movementQuery({ ...ask, before }));
  return (
    <div className={classes.stack}>
      <DateInput
        label={t('rfm.before')}
        placeholder={t('rfm.threeMonths')}
        valueFormat="YYYY-MM-DD"
        value={before ?? null}
        onChange={(at) => setBefore(at ?? undefined)}
        clearable
        w={200}
      />
      <Query result={result}>{(movement) => <MovementBody movement={movement} />}</Query>
    </div>
  );
}

function MovementBody({ movement }: { movement: Movement }) {
  const { t } = useTranslation('mining');
  const { number, date, percent, moneyCompact } = useFormat();
  const label = useLabel();
  const [show, setShow] = useState<'customers' | 'revenue'>('customers');
  const both = movement.up + movement.down + movement.same;
  const share = (n: number) => percent(both > 0 ? n / both : 0);
  const names = [...movement.names.map((group) => label(group.label)), t('rfm.noScore')];
  const title = t('value.moved', { from: date(movement.before), to: date(movement.after) });
  return (
    <>
      <p className={words.words}>
        {t('rfm.movementWords', {
          up: number(movement.up),
          down: number(movement.down),
          came: number(movement.came),
          left: number(movement.left),
        })}
      </p>
      <div className={classes.stats}>
        <Stat label={t('rfm.up')} value={number(movement.up)} note={share(movement.up)} tone="good" />
        <Stat label={t('rfm.down')} value={number(movement.down)} note={share(movement.down)} tone="bad" />
        <Stat label={t('rfm.same')} value={number(movement.same)} note={share(movement.same)} />
        <Stat label={t('rfm.came')} value={number(movement.came)} />
        <Stat label={t('rfm.left')} value={number(movement.left)} />
      </div>
      <Panel
        title={title}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('rfm.show')}
            value={show}
            onChange={(next) => setShow(next as 'customers' | 'revenue')}
            data={(['customers', 'revenue'] as const).map((v) => ({ value: v, label: t(`rfm.values.${v}`) }))}
          />
        }
      >
        <Flow
          label={title}
          names={names}
          moves={movement[show]}
          write={show === 'revenue' ? (v) => moneyCompact(v, movement.currency) : undefined}
        />
      </Panel>
    </>
  );
}
