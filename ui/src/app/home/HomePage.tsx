// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';

export function HomePage() {
  const { t } = useTranslation('app');
  return <Page title={t('home.title')}>{null}</Page>;
}
