// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { confirm, tell } from '@/shared/page';
import { roleLabel, rolesQuery, type Role, type RoleDraft } from './api';
import { PermissionTable } from './PermissionTable';

const scopes = ['all', 'branch', 'own'] as const;
const NAME = /^[a-z][a-z0-9_-]*$/;

interface RoleDialogProps {
  role: Role | undefined;
  /** Every permission that a route asks for. */
  known: string[];
  onClose: () => void;
}

/** Makes or changes a role: its permissions and the rows they hold for. */
export function RoleDialog({ role, known, onClose }: RoleDialogProps) {
  const { t, i18n } = useTranslation('team');
  const queries = useQueryClient();
  const form = useForm<RoleDraft>({
    initialValues: {
      name: role?.name ?? '',
      label_ko: role?.label_ko ?? '',
      label_en: role?.label_en ?? '',
      permissions: role?.permissions ?? [],
      row_scope: role?.row_scope ?? 'all',
    },
    validate: { name: (name) => (NAME.test(name) ? null : t('role.badName')) },
  });
  const finish = (text: string) => {
    tell(text);
    onClose();
    return queries.invalidateQueries({ queryKey: rolesQuery.queryKey });
  };
  const save = useMutation({
    mutationFn: (body: RoleDraft) =>
      role ? api.patch('/api/roles/{id}', { path: { id: role.id }, body }) : api.post('/api/roles', { body }),
    onSuccess: () => finish(t('role.saved')),
  });
  const remove = useMutation({
    mutationFn: (id: number) => api.delete('/api/roles/{id}', { path: { id } }),
    onSuccess: () => finish(t('role.deleted')),
  });
  const askDelete = async () => {
    if (!role) return;
    const title = t('role.deleteTitle', { name: roleLabel(role, i18n.language) });
    if (await confirm({ title, text: t('role.deleteText'), action: t('role.delete'), danger: true }))
      remove.mutate(role.id);
  };
  return (
    <Modal opened onClose={onClose} title={t(role ? 'role.edit' : 'add.roles')} size={760}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 14 }}>
        <Group grow gap={12} align="start">
          <TextInput label={t('role.labelKo')} required data-autofocus {...form.getInputProps('label_ko')} />
          <TextInput label={t('role.labelEn')} required {...form.getInputProps('label_en')} />
          <TextInput label={t('role.name')} required disabled={role !== undefined} {...form.getInputProps('name')} />
        </Group>
        <div>
          <div style={{ fontSize: 12, fontWeight: 550, marginBottom: 4 }} className="dim" id="role-scope">
            {t('role.scope')}
          </div>
          <SegmentedControl
            aria-labelledby="role-scope"
            data={scopes.map((value) => ({ value, label: t(`role.scopes.${value}`) }))}
            {...form.getInputProps('row_scope')}
          />
        </div>
        <PermissionTable
          known={known}
          value={form.values.permissions ?? []}
          onChange={(permissions) => form.setFieldValue('permissions', permissions)}
        />
        <Group gap={8}>
          {role && !role.is_builtin && (
            <Button variant="subtle" color="red" onClick={() => void askDelete()}>
              {t('role.delete')}
            </Button>
          )}
          <Button variant="default" onClick={onClose} ml="auto">
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
