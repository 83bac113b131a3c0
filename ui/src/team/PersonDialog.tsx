// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, MultiSelect, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { languages } from '@/app/i18n';
import { useSession } from '@/app/session';
import { tell } from '@/shared/page';
import { branchesQuery, peopleQuery, roleLabel, rolesQuery, type Person } from './api';

/** Adds a person, or changes one: roles, branch, password, or no more sign-in. */
export function PersonDialog({ person, onClose }: { person: Person | undefined; onClose: () => void }) {
  const { t, i18n } = useTranslation('team');
  const queries = useQueryClient();
  const me = useSession().person;
  const roles = useQuery(rolesQuery);
  const branches = useQuery(branchesQuery);
  const form = useForm({
    initialValues: {
      name: person?.name ?? '',
      email: person?.email ?? '',
      roles: person?.roles ?? [],
      branch: person?.branch ?? '',
      locale: (person?.locale || 'ko') as 'ko' | 'en',
      password: '',
      is_disabled: person?.is_disabled ?? false,
    },
    validate: { roles: (chosen) => (chosen.length === 0 ? t('needRole') : null) },
  });
  const save = useMutation({
    mutationFn: ({ password, is_disabled, ...rest }: typeof form.values) => {
      const secret = password ? { password } : {};
      return person
        ? api.patch('/api/people/{id}', {
            path: { id: person.id },
            body: { ...rest, ...secret, is_disabled, version: person.version },
          })
        : api.post('/api/people', { body: { ...rest, ...secret } });
    },
    onSuccess: () => {
      tell(t(person ? 'saved' : 'added'));
      onClose();
      return queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t(person ? 'editPerson' : 'add.people')} size={520}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <Group grow gap={12} align="start">
          <TextInput label={t('name')} required data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('email')} type="email" required {...form.getInputProps('email')} />
        </Group>
        <MultiSelect
          label={t('roles')}
          required
          data={(roles.data?.items ?? []).map((role) => ({ value: role.name, label: roleLabel(role, i18n.language) }))}
          {...form.getInputProps('roles')}
        />
        <Group grow gap={12} align="start">
          <Select
            label={t('branch')}
            description={t('branchHint')}
            clearable
            data={(branches.data?.items ?? []).map((branch) => ({
              value: branch.name,
              label: branch.label || branch.name,
            }))}
            {...form.getInputProps('branch')}
            value={form.values.branch || null}
            onChange={(branch) => form.setFieldValue('branch', branch ?? '')}
          />
          <Select
            label={t('language')}
            description={t('languageHint')}
            data={languages.map(({ code, label }) => ({ value: code, label }))}
            allowDeselect={false}
            {...form.getInputProps('locale')}
          />
        </Group>
        <PasswordInput
          label={t(person ? 'newPassword' : 'password')}
          description={t(person ? 'newPasswordHint' : 'passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        {person && person.id !== me.id && (
          <Switch label={t('disable')} {...form.getInputProps('is_disabled', { type: 'checkbox' })} />
        )}
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
