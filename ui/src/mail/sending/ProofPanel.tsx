// SPDX-License-Identifier: Apache-2.0
import { Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { Panel, Query, tell } from '@/shared/page';
import { proofQuery, type Proof } from './api';

/** What the installation asks of mail servers and programs to learn what became of mails. */
export function ProofPanel() {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (body: Proof) => api.put<Proof>('/api/mail/proof', { body }),
    onSuccess: (kept) => {
      queries.setQueryData(proofQuery.queryKey, kept);
      tell(t('sending.saved'));
    },
    onError: tellFault,
  });
  return (
    <Panel title={t('sending.proof')}>
      <Query result={useQuery(proofQuery)}>
        {(proof) => (
          <div style={{ display: 'grid', gap: 14 }}>
            {(['opens', 'delivery', 'reading'] as const).map((name) => (
              <Switch
                key={name}
                label={t(`sending.asks.${name}`)}
                description={t(`sending.asksText.${name}`)}
                checked={proof[name]}
                disabled={save.isPending}
                onChange={(event) => save.mutate({ ...proof, [name]: event.currentTarget.checked })}
              />
            ))}
            {!proof.receives && (
              <p className="dim" style={{ margin: 0 }}>
                {t('sending.noReceiving')}
              </p>
            )}
          </div>
        )}
      </Query>
    </Panel>
  );
}
