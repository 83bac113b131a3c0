// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { EmptyState, ErrorState, Loading, Page, Query } from '@/shared/page';
import { startedQuery, type MeasuredCampaign } from '../api';
import { BestWorst } from './BestWorst';
import { CampaignTable } from './CampaignTable';
import { Executive } from './Executive';
import { IncrementalChart } from './IncrementalChart';
import { totalsOf } from './rows';
import { Totals } from './Totals';
import { useRows } from './useRows';
import styles from './Overview.module.css';

function Measured({ campaigns }: { campaigns: MeasuredCampaign[] }) {
  const { t } = useTranslation('performance');
  const { company } = useSession();
  const { rows, isCounting, fault } = useRows(campaigns);
  if (rows.length === 0) return fault ? <ErrorState fault={fault} /> : <Loading />;
  return (
    <>
      <p className="dim" style={{ margin: 0 }}>
        {t('overview.lately', { count: rows.length })} {isCounting && t('overview.counting')}
      </p>
      <Totals totals={totalsOf(rows)} currency={company.currency} />
      <div className={styles.split}>
        <IncrementalChart rows={rows} currency={company.currency} />
        <BestWorst rows={rows} currency={company.currency} />
      </div>
      <Executive />
      <CampaignTable rows={rows} />
    </>
  );
}

/** Measure: all campaigns together, the best and the worst, and each with what it really brought. */
export function OverviewPage() {
  const { t } = useTranslation('performance');
  const result = useQuery(startedQuery);
  return (
    <Page title={t('title')}>
      <Query result={result}>
        {(campaigns) =>
          campaigns.length === 0 ? (
            <EmptyState icon={ChartColumn} title={t('overview.none')} text={t('overview.noneText')}>
              <Button renderRoot={(props) => <Link to="/campaigns" {...props} />}>{t('overview.toCampaigns')}</Button>
            </EmptyState>
          ) : (
            <Measured campaigns={campaigns} />
          )
        }
      </Query>
    </Page>
  );
}
