// SPDX-License-Identifier: Apache-2.0
import { Button, CopyButton, Group, Modal, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { confirm, EmptyState, Panel, Query, tell } from '@/shared/page';
import { dkimQuery, type DkimKey } from './api';
import styles from './Sending.module.css';

/** The keys that sign mails, with what has to stand in the DNS. */
export function DkimPanel() {
  const { t } = useTranslation('mail');
  const result = useQuery(dkimQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Panel
      title={t('sending.dkim')}
      actions={
        <Button variant="default" leftSection={<Plus size={14} />} onClick={() => setAdding(true)}>
          {t('sending.addKey')}
        </Button>
      }
    >
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={KeyRound} title={t('sending.noKeys')} text={t('sending.noKeysText')} />
          ) : (
            <ul className={styles.list}>
              {items.map((key) => (
                <KeyCard key={key.id} dkim={key} />
              ))}
            </ul>
          )
        }
      </Query>
      {adding && <KeyDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function KeyCard({ dkim }: { dkim: DkimKey }) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: dkimQuery.queryKey });
  const flip = useMutation({
    mutationFn: (is_active: boolean) =>
      api.patch('/api/mail/dkim/{id}', { path: { id: dkim.id }, body: { is_active } }),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => api.delete('/api/mail/dkim/{id}', { path: { id: dkim.id } }),
    onSuccess: refresh,
  });
  const ask = async () => {
    const sure = await confirm({
      title: t('sending.removeKeyTitle', { name: dkim.name }),
      text: t('sending.removeKeyText'),
      action: t('sending.remove'),
      danger: true,
    });
    if (sure) remove.mutate();
  };
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <strong>{dkim.domain}</strong>
        <span className="dim">
          {dkim.selector} · {t(`sending.algorithm.${dkim.algorithm}`)}
        </span>
        <Switch
          label={t('sending.signs')}
          checked={dkim.is_active}
          disabled={flip.isPending}
          onChange={(event) => flip.mutate(event.currentTarget.checked)}
        />
      </div>
      <dl className={styles.record}>
        <dt>{t('sending.recordName')}</dt>
        <dd>
          <code>{dkim.name}</code>
        </dd>
        <dt>TXT</dt>
        <dd>
          <code>{dkim.record}</code>
        </dd>
      </dl>
      <Group gap={8}>
        <CopyButton value={dkim.record}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {t(copied ? 'sending.copied' : 'sending.copy')}
            </Button>
          )}
        </CopyButton>
        <Button size="compact-sm" variant="subtle" color="red" loading={remove.isPending} onClick={() => void ask()}>
          {t('sending.remove')}
        </Button>
      </Group>
    </li>
  );
}

function KeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const form = useForm({ initialValues: { domain: '', selector: 'dangol1', algorithm: 'rsa' } });
  const save = useMutation({
    mutationFn: (body: typeof form.values) => api.post('/api/mail/dkim', { body }),
    onSuccess: () => {
      tell(t('sending.keyMade'));
      onClose();
      return queries.invalidateQueries({ queryKey: dkimQuery.queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('sending.addKey')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <TextInput
          label={t('sending.domain')}
          placeholder="example.com"
          required
          data-autofocus
          {...form.getInputProps('domain')}
        />
        <TextInput
          label={t('sending.selector')}
          description={t('sending.selectorHint')}
          required
          {...form.getInputProps('selector')}
        />
        <Select
          label={t('sending.algorithmLabel')}
          description={t('sending.algorithmHint')}
          data={(['rsa', 'ed25519'] as const).map((value) => ({ value, label: t(`sending.algorithm.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('algorithm')}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('sending.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('sending.make')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
