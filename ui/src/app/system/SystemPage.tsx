// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';

export function SystemPage() {
  const { t } = useTranslation('app');
  return <Page title={t('system.title')}>{null}</Page>;
}
