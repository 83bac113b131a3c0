// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import { useCan } from '@/app/session';
import { Page, Query } from '@/shared/page';
import { MaskToggle } from '../list/MaskToggle';
import { Drafts } from './Drafts';
import { DraftResult } from './DraftResult';
import { RuleEditor } from './RuleEditor';
import { TrustEditor } from './TrustEditor';
import classes from './Golden.module.css';

export type Rules = Required<Schema<'CustomerGoldenRules'>>;

export const draftsKey = ['golden-rules', 'drafts'];

const rulesQuery = {
  queryKey: ['golden-rules', 'now'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('/api/golden-rules', { signal }) as Promise<Rules>,
};

/** How the values of golden records are chosen: order of criteria, trust of sources, tried out before applied. */
export function GoldenRulesPage() {
  const { t } = useTranslation('customer');
  const result = useQuery(rulesQuery);
  return (
    <Page title={t('golden.title')} actions={<MaskToggle />} width={1080}>
      <p className="dim" style={{ marginTop: 0 }}>
        {t('golden.about')}
      </p>
      <Query result={result}>{(rules) => <Editor key={JSON.stringify(rules)} now={rules} />}</Query>
    </Page>
  );
}

function Editor({ now }: { now: Rules }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const [rules, setRules] = useState(now);
  const [shown, setShown] = useState<number>();
  const isChanged = JSON.stringify(rules) !== JSON.stringify(now);
  const simulate = useMutation({
    mutationFn: () => api.post('/api/golden-rules/simulate', { body: rules }),
    onSuccess: (draft) => {
      setShown(draft.id);
      return queries.invalidateQueries({ queryKey: draftsKey });
    },
  });
  const mayEdit = can('match:admin');
  return (
    <div className={classes.stack}>
      <div className={classes.columns}>
        <RuleEditor rules={rules} onChange={mayEdit ? setRules : undefined} />
        <TrustEditor rules={rules} onChange={mayEdit ? setRules : undefined} />
      </div>
      {mayEdit && (
        <div className={classes.bar}>
          <Button
            leftSection={<FlaskConical size={15} />}
            disabled={!isChanged}
            loading={simulate.isPending}
            onClick={() => simulate.mutate()}
          >
            {t('golden.simulate')}
          </Button>
          {isChanged && (
            <Button variant="default" onClick={() => setRules(now)}>
              {t('golden.reset')}
            </Button>
          )}
          <span className="dim">{t(isChanged ? 'golden.changed' : 'golden.unchanged')}</span>
        </div>
      )}
      {shown !== undefined && <DraftResult id={shown} />}
      <Drafts shown={shown} onShow={setShown} />
    </div>
  );
}
