// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Button } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ChevronDown, ChevronUp, GitMerge } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { panelsOf } from '@/app/capabilities';
import { translate } from '@/app/i18n';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { Loading, Page, Query, ViewTabs } from '@/shared/page';
import { customerQuery, type Customer } from '../api';
import { MaskToggle } from '../list/MaskToggle';
import { trailOf } from '../trail';
import { HoldNotice } from '../erase/HoldNotice';
import { CustomerMenu } from './CustomerMenu';
import { Highlights } from './Highlights';
import { Keys } from './Keys';
import { Profile } from './Profile';
import { Records } from './Records';
import { Relations } from './Relations';
import { Timeline } from './Timeline';
import classes from './CustomerPage.module.css';

/** The page of one customer: highlights on top, what happened in the middle, who it is at the side. */
export function CustomerPage() {
  const { t } = useTranslation('customer');
  const { id } = useParams({ from: '/shell/customers/$id' });
  const result = useQuery(customerQuery(Number(id)));
  const can = useCan();
  const navigate = useNavigate();
  const name = result.data ? result.data.full_name || result.data.company || t('unnamed') : t('title');
  const trail = trailOf(Number(id));
  const back = () => void (trail ? navigate({ href: trail.href }) : navigate({ to: '/customers' }));
  const walk = (to: number | undefined) =>
    to && void navigate({ to: '/customers/$id', params: { id: String(to) }, replace: true });
  useShortcuts(t('title'), [
    ...(trail
      ? [
          { keys: 'j', label: t('next'), run: () => walk(trail.next) },
          { keys: 'k', label: t('previous'), run: () => walk(trail.previous) },
        ]
      : []),
    { keys: 'u', label: t('back'), run: back },
  ]);
  return (
    <Page
      title={name}
      before={
        <>
          <ActionIcon onClick={back} aria-label={t('back')} title={t('back')}>
            <ArrowLeft size={17} />
          </ActionIcon>
          {trail && (
            <>
              <ActionIcon
                disabled={!trail.previous}
                onClick={() => walk(trail.previous)}
                aria-label={t('previous')}
                title={t('previous')}
              >
                <ChevronUp size={17} />
              </ActionIcon>
              <ActionIcon
                disabled={!trail.next}
                onClick={() => walk(trail.next)}
                aria-label={t('next')}
                title={t('next')}
              >
                <ChevronDown size={17} />
              </ActionIcon>
            </>
          )}
        </>
      }
      aside={<span className="num">#{id}</span>}
      actions={
        <>
          <MaskToggle />
          {can('customer:merge') && (
            <Button
              variant="default"
              leftSection={<GitMerge size={15} />}
              onClick={() => void navigate({ to: '/customers/merge', search: { a: Number(id) } })}
            >
              {t('selection.merge')}
            </Button>
          )}
          <CustomerMenu id={Number(id)} />
        </>
      }
      body="fill"
    >
      <Query result={result}>{(customer) => <CustomerBody key={customer.id} customer={customer} />}</Query>
    </Page>
  );
}

/** Changes that a customer page shows; news of them is followed at most this often, in ms. */
const shown = /^(customer|order|consent|campaign|mail)\./;
const CALM = 3000;

function CustomerBody({ customer }: { customer: Customer }) {
  const { t } = useTranslation('customer');
  const { tab: chosen } = useSearch({ from: '/shell/customers/$id' });
  const navigate = useNavigate({ from: '/customers/$id' });
  const can = useCan();
  const queries = useQueryClient();
  const refresh = useThrottledCallback(
    () => void queries.invalidateQueries({ queryKey: ['customers', 'one', customer.id] }),
    CALM,
  );
  useLive<{ kinds: string[] }>('journal', ({ kinds }) => kinds.some((kind) => shown.test(kind)) && refresh());
  const added = panelsOf('customer.tab').filter((panel) => can(panel.permission));
  const side = panelsOf('customer.side').filter((panel) => can(panel.permission));
  const tabs = [
    { id: 'timeline', label: t('tab.timeline') },
    ...added.map((panel) => ({ id: panel.id, label: translate(panel.label) })),
    { id: 'records', label: t('tab.records'), count: customer.record_count },
  ];
  const tab = tabs.some((one) => one.id === chosen) ? (chosen ?? 'timeline') : 'timeline';
  const Panel = added.find((panel) => panel.id === tab)?.component;
  return (
    <div className={classes.page}>
      <div className={classes.notices}>
        {customer.alias_of !== undefined && customer.alias_of > 0 && (
          <Alert color="amber">
            {t('aliasOf')}{' '}
            <Link to="/customers/$id" params={{ id: String(customer.alias_of) }}>
              #{customer.alias_of}
            </Link>
          </Alert>
        )}
        <HoldNotice id={customer.id} />
        {(customer.hidden_kinds ?? []).length > 0 && (
          <Alert color="gray">
            {t('limited.lead', {
              kinds: (customer.hidden_kinds ?? []).map((kind) => t(`limited.${kind}` as 'limited.memo')).join(', '),
            })}
          </Alert>
        )}
        {customer.erased_at && <Alert color="red">{t('erase.erased')}</Alert>}
      </div>
      <div className={classes.top}>
        <Highlights customer={customer} />
      </div>
      <div className={classes.main}>
        <div className={classes.tabs}>
          <ViewTabs
            label={t('tab.label')}
            tabs={tabs}
            value={tab}
            onChange={(next) => void navigate({ search: next === 'timeline' ? {} : { tab: next }, replace: true })}
          />
        </div>
        <Suspense fallback={<Loading />}>
          {Panel ? (
            <Panel customerId={customer.id} />
          ) : tab === 'records' ? (
            <Records customer={customer} />
          ) : (
            <Timeline customerId={customer.id} />
          )}
        </Suspense>
      </div>
      <div className={classes.side}>
        <Profile customer={customer} />
        <Keys keys={customer.keys} />
        <Suspense fallback={<Loading lines={3} />}>
          {side.map((panel) => (
            <panel.component key={panel.id} customerId={customer.id} />
          ))}
        </Suspense>
        <Relations relations={customer.relations} customerId={customer.id} />
      </div>
    </div>
  );
}
