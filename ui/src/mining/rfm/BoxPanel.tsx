// SPDX-License-Identifier: Apache-2.0
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLabel } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Facts, tell } from '@/shared/page';
import type { Rfm, RfmAsk } from '../api';
import classes from '../Rfm.module.css';
import { useSegment } from '../useSegment';
import { actionsQuery, responseQuery, saveAction } from './api';
import type { Place } from './RfmCube';

interface BoxPanelProps {
  rfm: Rfm;
  ask: RfmAsk;
  place: Place;
}

const nameOf = (place: Place) => `R${place.r} F${place.f}${place.m ? ` M${place.m}` : ''}`;

/** One box: who is in it, how it has answered so far, what to do about it. */
export function BoxPanel({ rfm, ask, place }: BoxPanelProps) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, percent } = useFormat();
  const label = useLabel();
  const can = useCan();
  const segment = useSegment();
  const response = useQuery({ ...responseQuery({ ...ask, months: 6, days: 30 }), enabled: can('campaign:read') });
  const inside = rfm.boxes.filter((b) => b.r === place.r && b.f === place.f && (!place.m || b.m === place.m));
  const customers = inside.reduce((sum, b) => sum + b.customers, 0);
  const revenue = inside.reduce((sum, b) => sum + b.revenue, 0);
  const main = inside.toSorted((a, b) => b.customers - a.customers)[0];
  const group = rfm.groups.find((g) => g.name === main?.group);
  const asked = (response.data?.boxes ?? []).filter(
    (b) => b.r === place.r && b.f === place.f && (!place.m || b.m === place.m),
  );
  const sum = (key: 'contacts' | 'clicked' | 'bought' | 'control' | 'control_bought') =>
    asked.reduce((all, b) => all + b[key], 0);
  const rate = (part: number, whole: number) => (whole > 0 ? percent(part / whole) : '–');
  const advice = asked.toSorted((a, b) => b.contacts - a.contacts)[0]?.advice;
  const box = `${place.r}${place.f}${place.m ?? 'x'}`;
  return (
    <div className={classes.chosen} role="region" aria-label={nameOf(place)}>
      <Facts
        facts={[
          { label: t('rfm.box'), value: `${nameOf(place)}${group ? ` · ${label(group.label)}` : ''}` },
          { label: t('rfm.values.customers'), value: number(customers) },
          { label: t('rfm.values.revenue'), value: moneyCompact(revenue, rfm.currency) },
          ...(can('campaign:read')
            ? [
                { label: t('rfm.answers.contacts'), value: number(sum('contacts')) },
                { label: t('rfm.answers.clicked'), value: rate(sum('clicked'), sum('contacts')) },
                {
                  label: t('rfm.answers.bought'),
                  value: `${rate(sum('bought'), sum('contacts'))} / ${rate(sum('control_bought'), sum('control'))}`,
                },
              ]
            : []),
          { label: t('rfm.action'), value: group ? label(group.action) : '–' },
          ...(advice ? [{ label: t('rfm.answers.advice'), value: label(advice) }] : []),
        ]}
      />
      <OwnAction key={box} box={box} />
      <Button
        variant="light"
        leftSection={<UsersRound size={14} />}
        onClick={() =>
          segment(
            nameOf(place),
            { field: 'rfm_r', is: 'eq', value: place.r },
            { field: 'rfm_f', is: 'eq', value: place.f },
            ...(place.m ? [{ field: 'rfm_m', is: 'eq' as const, value: place.m }] : []),
          )
        }
      >
        {t('rfm.toSegment', { box: nameOf(place) })}
      </Button>
    </div>
  );
}

/** What people of the company want done about a box or group. */
export function OwnAction({ box }: { box: string }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const cache = useQueryClient();
  const { data } = useQuery(actionsQuery);
  const [text, setText] = useState<string>();
  const saved = data?.[box] ?? '';
  const save = useMutation({
    mutationFn: (action: string) => saveAction(box, action),
    onError: tellFault,
    onSuccess: (after) => {
      cache.setQueryData(actionsQuery.queryKey, after);
      setText(undefined);
      tell(t('rfm.ownSaved'));
    },
  });
  if (!can('mining:update')) return saved ? <p>{saved}</p> : null;
  return (
    <div className={classes.own}>
      <Textarea
        aria-label={t('rfm.own')}
        placeholder={t('rfm.own')}
        value={text ?? saved}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={300}
      />
      <Button
        variant="default"
        loading={save.isPending}
        disabled={text === undefined || text === saved}
        onClick={() => text !== undefined && save.mutate(text)}
      >
        {t('rfm.ownSave')}
      </Button>
    </div>
  );
}
