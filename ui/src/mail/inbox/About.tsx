// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Masked, useFormat } from '@/shared/format';
import { Facts, type Fact } from '@/shared/page';
import type { ReceivedMessage } from '../api';

/** Whom and what a mail is about. */
export function About({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const facts: Fact[] = [
    { label: t('inbox.sender'), value: <Masked value={[mail.sender_name, mail.sender].filter(Boolean).join(' · ')} /> },
  ];
  if (mail.to.length > 0) facts.push({ label: t('inbox.to'), value: mail.to.join(', ') });
  facts.push({ label: t('inbox.at'), value: dateTime(mail.received_at) });
  if (mail.customer_id) {
    const params = { id: String(mail.customer_id) };
    facts.push({
      label: t('inbox.customer'),
      value: (
        <Link to="/customers/$id" params={params}>
          {mail.customer_name || `#${mail.customer_id}`}
        </Link>
      ),
    });
  }
  if (mail.campaign_id) {
    const params = { id: String(mail.campaign_id) };
    facts.push({
      label: t('inbox.campaign'),
      value: (
        <Link to="/campaigns/$id" params={params}>
          {mail.campaign_name}
        </Link>
      ),
    });
  }
  if (mail.assignee) facts.push({ label: t('inbox.assignee'), value: mail.assignee });
  return <Facts labelWidth={84} facts={facts} />;
}
