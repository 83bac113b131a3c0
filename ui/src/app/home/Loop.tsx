// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BookUser, ChartColumn, Inbox, Lightbulb, Megaphone, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { useCan } from '../session';
import { askCube, batchesQuery, campaignsQuery, customersCountQuery, firstRow, segmentsCountQuery } from './api';
import classes from './Home.module.css';

interface StageCard {
  stage: 'collect' | 'know' | 'understand' | 'act' | 'measure';
  icon: LucideIcon;
  to: string;
  permission: string;
  value: ReactNode;
  note: ReactNode;
}

/** The five stages of the loop, each with its number and the way there. */
export function Loop() {
  const { t } = useTranslation('app');
  const can = useCan();
  const { number, count, moneyCompact, ago } = useFormat();
  const customers = useQuery({ ...customersCountQuery, enabled: can('customer:read') });
  const records = useQuery({ ...askCube({ measures: ['customer.records'] }), enabled: can('cube:read') });
  const batches = useQuery({ ...batchesQuery, enabled: can('customer:import') });
  const segments = useQuery({ ...segmentsCountQuery, enabled: can('segment:read') });
  const campaigns = useQuery({ ...campaignsQuery, enabled: can('campaign:read') });
  const month = useQuery({
    ...askCube({ measures: ['order.revenue', 'order.customers'], period: { last: 30, unit: 'day' } }),
    enabled: can('cube:read'),
  });
  const [latest] = batches.data?.items ?? [];
  const bought = firstRow(month.data);
  const collected = firstRow(records.data)['customer.records'];
  const running = campaigns.data?.items.filter((one) => one.state === 'running' || one.state === 'paused').length ?? 0;
  const at = latest?.finished_at ?? latest?.created_at;
  const all: StageCard[] = [
    {
      stage: 'collect',
      icon: Inbox,
      to: '/import',
      permission: 'customer:import',
      value: collected === undefined ? '–' : number(collected),
      note: latest && at ? t('home.lastImport', { ago: ago(at) }) : t('home.noImport'),
    },
    {
      stage: 'know',
      icon: BookUser,
      to: '/customers',
      permission: 'customer:read',
      value: count(customers.data) || '–',
      note: t('home.customers'),
    },
    {
      stage: 'understand',
      icon: Lightbulb,
      to: '/segments',
      permission: 'segment:read',
      value: segments.data ? number(segments.data.items.length) : '–',
      note: t('home.segments'),
    },
    {
      stage: 'act',
      icon: Megaphone,
      to: '/campaigns',
      permission: 'campaign:read',
      value: campaigns.data ? number(campaigns.data.items.length) : '–',
      note: running > 0 ? t('home.running', { count: running }) : t('home.campaigns'),
    },
    {
      stage: 'measure',
      icon: ChartColumn,
      to: can('performance:read') ? '/performance' : '/pivot',
      permission: 'cube:read',
      value: month.data ? moneyCompact(bought['order.revenue'] ?? 0, month.data.currency || undefined) : '–',
      note: t('home.buyers', { count: bought['order.customers'] ?? 0, shown: number(bought['order.customers'] ?? 0) }),
    },
  ];
  return (
    <nav className={classes.loop} aria-label={t('home.loop')}>
      {all
        .filter((card) => can(card.permission))
        .map(({ stage, icon: Icon, to, value, note }) => (
          <Link key={stage} to={to} className={classes.stage}>
            <span className={classes.stageName}>
              <Icon size={15} strokeWidth={1.75} aria-hidden />
              {t(`stage.${stage}`)}
            </span>
            <span className={classes.number}>{value}</span>
            <span className={classes.note}>
              {t(`home.about.${stage}`)} · {note}
            </span>
          </Link>
        ))}
    </nav>
  );
}
