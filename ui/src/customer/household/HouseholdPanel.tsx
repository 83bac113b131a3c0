// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Panel, Status } from '@/shared/page';
import { ofCustomerQuery } from './api';
import { Confidence } from './Evidence';
import classes from './Household.module.css';

/** On the page of a customer: who lives at the same address. */
export function HouseholdPanel({ customerId }: { customerId: number }) {
  const { t } = useTranslation('customer');
  const { data } = useQuery(ofCustomerQuery(customerId));
  const household = data?.household;
  if (!household) return null;
  return (
    <Panel
      title={t('household.one')}
      aside={
        household.state === 'confirmed' ? (
          <Status tone="teal">{t('household.state.confirmed')}</Status>
        ) : (
          <Confidence value={household.confidence} />
        )
      }
      actions={
        <Link
          to="/households/$id"
          params={{ id: String(household.id) }}
          style={{ color: 'var(--accent-text)', fontSize: 12 }}
        >
          {t('household.open')}
        </Link>
      }
      flush
    >
      <ul className={classes.side}>
        {household.members
          .filter((member) => member.id !== customerId)
          .map((member) => (
            <li key={member.id}>
              <Link to="/customers/$id" params={{ id: String(member.id) }}>
                {member.full_name || t('unnamed')}
              </Link>
              <span className="dim num">{member.birth_on ?? ''}</span>
            </li>
          ))}
      </ul>
    </Panel>
  );
}
