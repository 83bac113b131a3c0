// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';

export function CustomerPage() {
  const { t } = useTranslation('customer');
  return <Page title={t('title')}>{null}</Page>;
}
