// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { ErasurePlan } from './api';
import { useLift } from './useLift';
import classes from './Erase.module.css';

/** What would go, what a law keeps apart, and what stands in the way. */
export function PlanView({ plan }: { plan: ErasurePlan }) {
  const { t } = useTranslation('customer');
  const { number, date } = useFormat();
  const lift = useLift();
  const goes = plan.places.filter((one) => !one.is_emptied && one.count > 0);
  const emptied = plan.places.filter((one) => one.is_emptied && one.count > 0);
  const line = (one: ErasurePlan['places'][number]) => (
    <li key={one.what}>
      <span>{t(`erase.place.${one.what}`, { defaultValue: one.what })}</span>
      <span className="num">{number(one.count)}</span>
    </li>
  );
  return (
    <>
      {plan.holds.map((hold) => (
        <Alert key={hold.id} color="amber" title={t('hold.stands', { day: date(hold.until_on) })}>
          <div className={classes.hold}>
            <span>{hold.reason}</span>
            <Button size="compact-xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate(hold.id)}>
              {t('hold.lift')}
            </Button>
          </div>
        </Alert>
      ))}
      <div className={classes.lists}>
        <section aria-label={t('erase.goes')}>
          <h3>{t('erase.goes')}</h3>
          <ul>{goes.map(line)}</ul>
        </section>
        {emptied.length > 0 && (
          <section aria-label={t('erase.emptied')}>
            <h3>{t('erase.emptied')}</h3>
            <ul>{emptied.map(line)}</ul>
          </section>
        )}
      </div>
      {plan.duties.map((duty) => (
        <p key={duty.law} className={classes.note}>
          {t('erase.keptUntil', { law: t(`erase.law.${duty.law}`), day: date(duty.until_on), n: number(duty.facts) })}
        </p>
      ))}
      {plan.customers.length > 1 && (
        <p className={classes.note}>{t('erase.merged', { n: number(plan.customers.length - 1) })}</p>
      )}
      <p className={classes.note}>{t('erase.stays')}</p>
    </>
  );
}
