// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MoneyInput } from '@/shared/format/MoneyInput';
import { Panel, tell } from '@/shared/page';
import { setTiers, tiersQuery, type TierStatus } from './api';
import classes from './Tier.module.css';

const FIRST_AGE = 36;
const LONGEST = 600;

/** From which age rows are cold, and what a gigabyte costs. */
export function TierForm({ status }: { status: TierStatus }) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const [isOn, setOn] = useState(status.months > 0);
  const [months, setMonths] = useState(status.months || FIRST_AGE);
  const [hot, setHot] = useState(status.hot_price);
  const [cold, setCold] = useState(status.cold_price);
  const wanted = isOn ? months : 0;
  const save = useMutation({
    mutationFn: () => setTiers({ months: wanted, hot_price: hot, cold_price: cold }),
    onSuccess: (next) => {
      cache.setQueryData(tiersQuery.queryKey, next);
      tell(t('tier.kept'));
    },
  });
  return (
    <Panel title={t('tier.setting')}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Switch label={t('tier.on')} checked={isOn} onChange={(e) => setOn(e.currentTarget.checked)} />
        <NumberInput
          label={t('tier.months')}
          disabled={!isOn}
          min={1}
          max={LONGEST}
          allowDecimal={false}
          value={months}
          onChange={(value) => setMonths(Math.min(LONGEST, Math.max(1, Number(value) || 1)))}
        />
        <MoneyInput label={t('tier.hotPrice')} value={hot} currency={status.currency} onChange={setHot} />
        <MoneyInput label={t('tier.coldPrice')} value={cold} currency={status.currency} onChange={setCold} />
        <Button
          type="submit"
          loading={save.isPending}
          disabled={wanted === status.months && hot === status.hot_price && cold === status.cold_price}
        >
          {t('tier.save')}
        </Button>
      </form>
    </Panel>
  );
}
