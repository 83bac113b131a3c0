// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Status, type Tone } from '@/shared/page';
import type { HouseholdMember } from './api';
import classes from './Household.module.css';

const against = new Set(['other_family', 'same_firm', 'crowded']);

/** How sure the search is, as a word with its percent. */
export function Confidence({ value }: { value: number }) {
  const { t } = useTranslation('customer');
  const tone: Tone = value >= 950 ? 'teal' : value >= 800 ? 'cyan' : value >= 650 ? 'amber' : 'grey';
  return <Status tone={tone}>{t('household.sure', { percent: Math.round(value / 10) })}</Status>;
}

/** Why somebody is believed to live here: each reason once, those against marked. */
export function Evidence({ member }: { member: HouseholdMember }) {
  const reasons = [...new Set(member.evidence?.flatMap((one) => one.reasons) ?? [])];
  if (reasons.length === 0) return null;
  return (
    <span className={classes.reasons}>
      {reasons.map((reason) => (
        <span
          key={reason}
          data-against={against.has(reason) || undefined}
          data-double={reason === 'same_person' || undefined}
        >
          {translate(`customer:household.reason.${reason}`, reason)}
        </span>
      ))}
    </span>
  );
}
