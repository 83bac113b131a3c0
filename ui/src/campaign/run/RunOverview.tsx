// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Facts, Panel, Status } from '@/shared/page';
import { transportQuery, type Campaign } from '../api';
import { PlanSummary } from '../edit/PlanSummary';
import { byCount, reasonLabel, reasonRemedy } from '../reasons';
import { Ledger } from './Ledger';
import { LinksPanel } from './LinksPanel';
import { WinnerPanel } from './WinnerPanel';
import styles from './Run.module.css';

function Skipped({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const skipped = byCount(campaign.counts.skipped_for);
  if (skipped.length === 0) return null;
  return (
    <Panel title={t('run.skipped')} aside={number(campaign.counts.skipped)} flush>
      <ul className={styles.skipped}>
        {skipped.map(({ reason, count }) => (
          <li key={reason}>
            <Link
              to="/campaigns/$id"
              params={{ id: String(campaign.id) }}
              search={{ tab: 'recipients', state: 'skipped', reason }}
            >
              {reasonLabel(reason)}
            </Link>
            <span className="num">{number(count)}</span>
            {reasonRemedy(reason) && <small>{reasonRemedy(reason)}</small>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** How the sending goes: the ledger in numbers, who was left out and why, the links and the decisions. */
export function RunOverview({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  const { data: transport } = useQuery(transportQuery);
  return (
    <>
      {campaign.note && campaign.state !== 'finished' && (
        <p className={styles.note} role="alert">
          {campaign.note}
        </p>
      )}
      {transport?.is_local && (
        <p className={styles.local}>
          <Status tone="amber">{t('notSent')}</Status>
          <span>{t('notSentText')}</span>
          <Link to="/outbox">{t('openOutbox')}</Link>
        </p>
      )}
      <Ledger campaign={campaign} />
      <div className={styles.split}>
        <div className={styles.column}>
          <WinnerPanel campaign={campaign} />
          <Skipped campaign={campaign} />
          {campaign.is_tracked && <LinksPanel campaignId={campaign.id} />}
        </div>
        <Panel title={t('check.summary')}>
          <PlanSummary campaign={campaign} />
          <div style={{ height: 12 }} />
          <Facts
            labelWidth={96}
            facts={[
              { label: t('run.planned'), value: dateTime(campaign.planned_at) },
              { label: t('run.started'), value: dateTime(campaign.started_at) },
              { label: t('run.finished'), value: dateTime(campaign.finished_at) },
            ]}
          />
        </Panel>
      </div>
    </>
  );
}
