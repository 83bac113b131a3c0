// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';

export function JournalPage() {
  const { t } = useTranslation('app');
  return <Page title={t('journal.title')}>{null}</Page>;
}
