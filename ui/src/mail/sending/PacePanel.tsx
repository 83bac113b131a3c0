// SPDX-License-Identifier: Apache-2.0
import { Button, Group, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { Panel, Query, tell } from '@/shared/page';
import { paceQuery, type Pace } from './api';

/** How many mails one domain gets; less by itself while it asks to come later. */
export function PacePanel() {
  const { t } = useTranslation('mail');
  const result = useQuery(paceQuery);
  return (
    <Panel title={t('sending.pace')}>
      <Query result={result}>{(pace) => <PaceForm pace={pace} />}</Query>
    </Panel>
  );
}

function PaceForm({ pace }: { pace: Pace }) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const [value, setValue] = useState(pace);
  const save = useMutation({
    mutationFn: (body: Pace) => api.put('/api/mail/pace', { body }),
    onSuccess: () => {
      tell(t('sending.saved'));
      return queries.invalidateQueries({ queryKey: paceQuery.queryKey });
    },
  });
  return (
    <>
      <p className="dim" style={{ margin: '0 0 12px' }}>
        {t('sending.paceText')}
      </p>
      <Group gap={12} align="end">
        <NumberInput
          label={t('sending.atOnce')}
          min={0}
          max={1000}
          value={value.at_once}
          onChange={(n) => setValue({ ...value, at_once: Number(n) || 0 })}
        />
        <NumberInput
          label={t('sending.perMinute')}
          min={0}
          value={value.per_minute}
          onChange={(n) => setValue({ ...value, per_minute: Number(n) || 0 })}
        />
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate(value)}>
          {t('sending.save')}
        </Button>
      </Group>
    </>
  );
}
