// SPDX-License-Identifier: Apache-2.0
import { Button, PasswordInput, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Facts, Page, Panel, tell } from '@/shared/page';
import { api } from '../api';
import { changeLanguage, currentLanguage, languages, translate, type Language } from '../i18n';
import { useCan, useSession } from '../session';
import { setLocale, setPassword } from './api';

const SHORTEST = 8;

/** The own account: who one is here, language, colours, password. */
export function AccountPage() {
  const { t, i18n } = useTranslation('app');
  const { person, company } = useSession();
  const can = useCan();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const roles = useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => api.get('/api/roles', { signal }),
    enabled: can('team:read'),
  });
  const roleNames = person.roles.map((name) => {
    const role = roles.data?.items.find((one) => one.name === name);
    return role ? (i18n.language === 'ko' ? role.label_ko : role.label_en) : name;
  });
  const choose = (language: string) => {
    void changeLanguage(language as Language);
    void setLocale(language as Language);
  };
  return (
    <Page
      title={t('account.title')}
      width={760}
      actions={
        <Button component={Link} to="/tokens" variant="default" leftSection={<KeyRound size={15} />}>
          {translate('team:token.title')}
        </Button>
      }
    >
      <Panel title={t('account.me')}>
        <Facts
          facts={[
            { label: t('account.name'), value: person.name },
            { label: t('signIn.email'), value: person.email },
            { label: t('account.roles'), value: roleNames.join(', ') },
            { label: t('account.company'), value: `${company.name} · ${company.zone} · ${company.currency}` },
          ]}
        />
      </Panel>
      <Panel title={t('account.screen')}>
        <Facts
          facts={[
            {
              label: t('shell.language'),
              value: (
                <SegmentedControl
                  aria-label={t('shell.language')}
                  value={currentLanguage()}
                  onChange={choose}
                  data={languages.map(({ code, label }) => ({ value: code, label }))}
                />
              ),
            },
            {
              label: t('account.scheme'),
              value: (
                <SegmentedControl
                  aria-label={t('account.scheme')}
                  value={colorScheme}
                  onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
                  data={(['auto', 'light', 'dark'] as const).map((value) => ({
                    value,
                    label: t(`account.schemes.${value}`),
                  }))}
                />
              ),
            },
          ]}
        />
      </Panel>
      <PasswordPanel />
    </Page>
  );
}

function PasswordPanel() {
  const { t } = useTranslation('app');
  const form = useForm({
    initialValues: { current: '', password: '', again: '' },
    validate: {
      password: (password) => (password.length < SHORTEST ? t('account.tooShort', { count: SHORTEST }) : null),
      again: (again, values) => (again === values.password ? null : t('account.different')),
    },
  });
  const change = useMutation({
    mutationFn: (values: typeof form.values) => setPassword(values.current, values.password),
    onSuccess: () => {
      tell(t('account.passwordChanged'));
      form.reset();
    },
  });
  return (
    <Panel title={t('account.password')}>
      <form
        onSubmit={form.onSubmit((values) => change.mutate(values))}
        style={{ display: 'grid', gap: 12, maxWidth: 320 }}
      >
        <PasswordInput
          label={t('account.current')}
          autoComplete="current-password"
          required
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label={t('account.new')}
          autoComplete="new-password"
          required
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label={t('account.again')}
          autoComplete="new-password"
          required
          {...form.getInputProps('again')}
        />
        <Button type="submit" loading={change.isPending} style={{ justifySelf: 'start' }}>
          {t('account.change')}
        </Button>
      </form>
    </Panel>
  );
}
