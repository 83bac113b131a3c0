// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Code, CopyButton, Group, Modal, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useSession } from '@/app/session';
import { PermissionTable } from './PermissionTable';

const lives = ['7', '30', '90', '365'] as const;

/** Makes a token; the secret is shown this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('team');
  const { permissions } = useSession();
  const form = useForm({
    initialValues: { name: '', days: '90', scopes: [] as string[] },
    validate: { scopes: (scopes) => (scopes.length === 0 ? t('token.needScope') : null) },
  });
  const make = useMutation({
    mutationFn: ({ name, days, scopes }: typeof form.values) =>
      api.post('/api/tokens', { body: { name, days: Number(days), scopes } }),
  });
  const secret = make.data?.secret;
  return (
    <Modal opened onClose={onClose} title={t('token.new')} size={680} closeOnClickOutside={!secret}>
      {secret ? (
        <div style={{ display: 'grid', gap: 14 }}>
          <Alert color="amber">{t('token.once')}</Alert>
          <Code block>{secret}</Code>
          <p className="dim" style={{ margin: 0 }}>
            {t('token.usage')} <code>Authorization: Bearer …</code>
          </p>
          <Group justify="flex-end" gap={8}>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {t(copied ? 'token.copied' : 'token.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>{t('token.done')}</Button>
          </Group>
        </div>
      ) : (
        <form onSubmit={form.onSubmit((values) => make.mutate(values))} style={{ display: 'grid', gap: 12 }}>
          <Group grow gap={12} align="start">
            <TextInput
              label={t('token.name')}
              placeholder={t('token.namePlaceholder')}
              required
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Select
              label={t('token.life')}
              data={lives.map((value) => ({ value, label: t('token.days', { count: Number(value) }) }))}
              allowDeselect={false}
              {...form.getInputProps('days')}
            />
          </Group>
          <PermissionTable
            known={permissions}
            value={form.values.scopes}
            onChange={(scopes) => form.setFieldValue('scopes', scopes)}
          />
          {form.errors.scopes && <div style={{ color: 'var(--bad-text)', fontSize: 12 }}>{form.errors.scopes}</div>}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('token.make')}
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
