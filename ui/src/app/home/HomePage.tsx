// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, Page, Panel } from '@/shared/page';
import { cards } from '../capabilities';
import { useCan, useSession } from '../session';
import { customersCountQuery } from './api';
import { DataHealth } from './DataHealth';
import { FirstSteps } from './FirstSteps';
import { Loop } from './Loop';
import { NextSteps } from './NextSteps';
import { RecentImports } from './RecentImports';
import { Revenue } from './Revenue';
import classes from './Home.module.css';

/** The loop at a glance: how healthy the data is, what the numbers say, what to do next. */
export function HomePage() {
  const { t } = useTranslation('app');
  const can = useCan();
  const { company } = useSession();
  const count = useQuery({ ...customersCountQuery, enabled: can('customer:read') });
  const fresh = count.data?.count === 0;
  return (
    <Page
      title={t('home.title')}
      aside={company.name}
      width={1280}
      actions={
        can('customer:import') &&
        !fresh && (
          <Button component={Link} to="/import" variant="default" leftSection={<Upload size={15} />}>
            {t('home.import')}
          </Button>
        )
      }
    >
      {fresh ? (
        <FirstSteps />
      ) : (
        <>
          <Loop />
          <div className={classes.columns}>
            <div className={classes.column}>
              {can('cube:read') && <Revenue />}
              {can('customer:import') && <RecentImports />}
            </div>
            <div className={classes.column}>
              <NextSteps />
              {can('cube:read') && <DataHealth />}
              {cards
                .filter((card) => can(card.permission))
                .map((card) => (
                  <Panel key={card.id}>
                    <Suspense fallback={<Loading lines={3} />}>
                      <card.component />
                    </Suspense>
                  </Panel>
                ))}
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
