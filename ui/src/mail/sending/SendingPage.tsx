// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';
import { DkimPanel } from './DkimPanel';
import { DoctorPanel } from './DoctorPanel';
import { PacePanel } from './PacePanel';
import { ProofPanel } from './ProofPanel';
import { RelayPanel } from './RelayPanel';

/** How mails go out: relays, pace, signatures, and what receivers find in the DNS. */
export function SendingPage() {
  const { t } = useTranslation('mail');
  return (
    <Page title={t('sending.title')} width={1080}>
      <div style={{ display: 'grid', gap: 16 }}>
        <RelayPanel />
        <PacePanel />
        <ProofPanel />
        <DkimPanel />
        <DoctorPanel />
      </div>
    </Page>
  );
}
