// SPDX-License-Identifier: Apache-2.0
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { queries, whenSignedOut } from './queries';
import { router } from './router';
import { sessionQuery } from './session';
import { colorSchemeManager, theme } from './theme';

whenSignedOut(() => {
  const { href, pathname } = router.state.location;
  if (pathname === '/signin') return;
  queries.removeQueries({ queryKey: sessionQuery.queryKey });
  void router.navigate({ to: '/signin', search: { next: href } });
});

/** The whole application with its providers. */
export function App() {
  const { t, i18n } = useTranslation('app');
  const named = useMemo(() => {
    const closing = { closeButtonProps: { 'aria-label': t('action.close') } };
    return mergeThemeOverrides(theme, {
      components: {
        Modal: { defaultProps: { ...theme.components?.Modal?.defaultProps, ...closing } },
        Drawer: { defaultProps: { ...theme.components?.Drawer?.defaultProps, ...closing } },
        Notification: { defaultProps: closing },
        Alert: { defaultProps: { closeButtonLabel: t('action.close') } },
      },
    });
  }, [t]);
  const labels = { confirm: t('action.confirm'), cancel: t('action.cancel') };
  return (
    <MantineProvider theme={named} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: i18n.language === 'ko' ? 0 : 1 }}>
        <QueryClientProvider client={queries}>
          <ModalsProvider labels={labels}>
            <Notifications position="bottom-center" limit={4} zIndex={500} />
            <RouterProvider router={router} />
          </ModalsProvider>
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}
