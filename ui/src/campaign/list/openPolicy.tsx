// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { Query } from '@/shared/page';
import { policyQuery, savePolicy, type Policy } from '../api';
import { MoneyInput } from '@/shared/format/MoneyInput';
import styles from '../edit/Edit.module.css';

function Form({ start }: { start: Policy }) {
  const { t } = useTranslation('campaign');
  const { company } = useSession();
  const queries = useQueryClient();
  const [policy, setPolicy] = useState(start);
  const save = useMutation({
    mutationFn: () => savePolicy(policy),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['campaign-policy'] });
      void queries.invalidateQueries({ queryKey: ['campaigns'] });
      modals.closeAll();
    },
  });
  return (
    <div className={styles.form}>
      <p className="dim" style={{ margin: 0 }}>
        {t('approval.policyText')}
      </p>
      <NumberInput
        label={t('approval.fromPeople')}
        min={0}
        thousandSeparator=","
        value={policy.approve_from_people}
        onChange={(people) => setPolicy({ ...policy, approve_from_people: Number(people) || 0 })}
      />
      <MoneyInput
        label={t('approval.fromCost')}
        value={policy.approve_from_cost}
        currency={company.currency}
        onChange={(cost) => setPolicy({ ...policy, approve_from_cost: cost })}
      />
      <Button loading={save.isPending} onClick={() => save.mutate()}>
        {t('journey.save')}
      </Button>
    </div>
  );
}

function PolicyForm() {
  const result = useQuery(policyQuery);
  return <Query result={result}>{(policy) => <Form start={policy} />}</Query>;
}

/** Opens the rule that says from when on campaigns need an approval. */
export function openPolicy(title: string): void {
  modals.open({ title, children: <PolicyForm /> });
}
