// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Store } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { EmptyState, Panel, Query, SimpleTable, tell } from '@/shared/page';
import { branchesQuery } from './api';
import type { TabProps } from './People';

/** The branches of the company; customers carry the code of theirs. */
export function Branches({ adding, onAdded }: TabProps) {
  const { t } = useTranslation('team');
  const result = useQuery(branchesQuery);
  return (
    <Panel flush>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Store} title={t('branches.none')} text={t('branches.noneText')} />
          ) : (
            <SimpleTable
              label={t('tab.branches')}
              rows={items}
              rowKey={(branch) => branch.id}
              columns={[
                {
                  id: 'label',
                  header: t('branches.label'),
                  cell: (b) => <strong style={{ fontWeight: 550 }}>{b.label || b.name}</strong>,
                },
                { id: 'name', header: t('branches.name'), cell: (b) => <code>{b.name}</code> },
              ]}
            />
          )
        }
      </Query>
      {adding && <BranchDialog onClose={onAdded} />}
    </Panel>
  );
}

function BranchDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('team');
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: '', label: '' } });
  const save = useMutation({
    mutationFn: (body: typeof form.values) => api.post('/api/branches', { body }),
    onSuccess: () => {
      tell(t('branches.added'));
      onClose();
      return queries.invalidateQueries({ queryKey: branchesQuery.queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('add.branches')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <TextInput label={t('branches.label')} required data-autofocus {...form.getInputProps('label')} />
        <TextInput
          label={t('branches.name')}
          description={t('branches.nameHint')}
          required
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
