// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Query } from '@/shared/page';
import styles from '../edit/Edit.module.css';
import { offerPolicyQuery, saveOfferPolicy, type OfferPolicy } from './api';

const POINTS = 100;

function Form({ start }: { start: OfferPolicy }) {
  const { t } = useTranslation('campaign');
  const queries = useQueryClient();
  const [policy, setPolicy] = useState(start);
  const save = useMutation({
    mutationFn: () => saveOfferPolicy(policy),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['offer-policy'] });
      modals.closeAll();
    },
  });
  const field = (name: keyof OfferPolicy, min: number, scale = 1) => (
    <NumberInput
      label={t(`offer.policy.${name}`)}
      description={t(`offer.policyHint.${name}`)}
      min={min}
      value={policy[name] / scale}
      onChange={(value) => setPolicy({ ...policy, [name]: Math.round(Number(value || min) * scale) })}
    />
  );
  return (
    <div className={styles.form}>
      {field('floor', 0, POINTS)}
      <div className={styles.pair}>
        {field('pressure_most', 0)}
        {field('pressure_days', 1)}
      </div>
      <div className={styles.pair}>
        {field('hold_hours', 0)}
        {field('rest_days', 0)}
      </div>
      {field('ignore_days', 1)}
      <Button loading={save.isPending} onClick={() => save.mutate()}>
        {t('journey.save')}
      </Button>
    </div>
  );
}

function PolicyForm() {
  const result = useQuery(offerPolicyQuery);
  return <Query result={result}>{(policy) => <Form start={policy} />}</Query>;
}

/** Opens the rules by which offers are chosen. */
export function openOfferPolicy(title: string): void {
  modals.open({ title, children: <PolicyForm /> });
}
