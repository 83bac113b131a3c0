// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLocale } from '../account/api';
import { api } from '../api';
import { faultText } from '../faults';
import { changeLanguage, currentLanguage, languages, type Language } from '../i18n';
import { sessionQuery, signIn } from '../session';
import { Mark } from './Mark';
import classes from './SignInPage.module.css';

/** The sign-in page; a demo installation tells its account here. */
export function SignInPage() {
  const { t } = useTranslation('app');
  const { next } = useSearch({ from: '/signin' });
  const navigate = useNavigate();
  const router = useRouter();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Language>();
  const form = useForm({ initialValues: { email: '', password: '' } });
  const hint = useQuery({
    queryKey: ['session', 'hint'],
    queryFn: ({ signal }) => api.get('/api/session/hint', { signal }),
    retry: false,
    staleTime: Infinity,
  });
  const enter = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const session = await signIn(queries, values.email.trim(), values.password);
      // Who has just chosen a language here wants it behind the door as well.
      if (chosen && chosen !== session.locale) queries.setQueryData(sessionQuery.queryKey, await setLocale(chosen));
      return session;
    },
    onSuccess: async () => {
      if (next?.startsWith('/') && !next.startsWith('//')) router.history.push(next);
      else await navigate({ to: '/' });
    },
    meta: { quiet: true },
  });
  const demo = hint.data?.demo;

  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <Mark size={36} />
          <div>
            <h1>{t('product')}</h1>
            <p>{hint.data?.company ?? t('signIn.tagline')}</p>
          </div>
        </div>
        <form className={classes.form} onSubmit={form.onSubmit((values) => enter.mutate(values))}>
          {enter.isError && (
            <Alert color="red" icon={<CircleAlert size={16} />} role="alert">
              {faultText(enter.error)}
            </Alert>
          )}
          <TextInput
            label={t('signIn.email')}
            type="text"
            inputMode="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={enter.isPending} className={classes.submit}>
            {t('signIn.submit')}
          </Button>
        </form>
        {demo && (
          <div className={classes.demo}>
            <div>
              <strong>{t('signIn.demo')}</strong>
              <code>
                {demo.email} / {demo.password}
              </code>
            </div>
            <Button variant="default" size="xs" onClick={() => enter.mutate(demo)} loading={enter.isPending}>
              {t('signIn.useDemo')}
            </Button>
          </div>
        )}
      </div>
      <SegmentedControl
        aria-label={t('shell.language')}
        value={currentLanguage()}
        onChange={(language) => {
          setChosen(language as Language);
          void changeLanguage(language as Language);
        }}
        data={languages.map(({ code, label }) => ({ value: code, label }))}
      />
    </main>
  );
}
