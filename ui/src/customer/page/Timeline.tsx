// SPDX-License-Identifier: Apache-2.0
import { Button, Chip, Group } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Loading } from '@/shared/page';
import { timelineQuery, type TimelineItem } from '../api';
import { timelineGroups, type TimelineGroup } from './timelineKinds';
import { TimelineEntry } from './TimelineEntry';
import classes from './Timeline.module.css';

const PAGE = 50;
const PEEK = 8;

/** What happened with a customer, newest first, filtered by kind. */
export function Timeline({ customerId, compact }: { customerId: number; compact?: boolean }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const [chosen, setChosen] = useState<TimelineGroup[]>([]);
  const result = useInfiniteQuery(
    timelineQuery(
      customerId,
      chosen.flatMap((group) => [...timelineGroups[group]]),
      compact ? PEEK : PAGE,
    ),
  );
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const near = entry?.isIntersecting ?? false;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = result;
  useEffect(() => {
    if (near && !compact && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [near, compact, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const months = new Map<string, TimelineItem[]>();
  for (const item of items) {
    const month = format.month(item.at);
    months.set(month, [...(months.get(month) ?? []), item]);
  }
  return (
    <div className={classes.timeline}>
      {!compact && (
        <Group gap={6} role="group" aria-label={t('timeline.filter')}>
          {(Object.keys(timelineGroups) as TimelineGroup[]).map((group) => (
            <Chip
              key={group}
              size="xs"
              variant="outline"
              checked={chosen.includes(group)}
              onChange={(on) => setChosen(on ? [...chosen, group] : chosen.filter((one) => one !== group))}
            >
              {t(`timeline.group.${group}`)}
            </Chip>
          ))}
        </Group>
      )}
      {result.isPending && <Loading />}
      {result.isError && <ErrorState fault={result.error} onRetry={() => void result.refetch()} />}
      {result.isSuccess && items.length === 0 && (
        <EmptyState
          icon={Clock}
          title={t('timeline.none')}
          text={t(chosen.length > 0 ? 'timeline.noneOfKind' : 'timeline.noneText')}
        />
      )}
      {[...months].map(([month, entries]) => (
        <section key={month} className={classes.month}>
          <h3>{month}</h3>
          <ol>
            {entries.map((item) => (
              <TimelineEntry key={`${item.kind}:${item.id}:${item.at}`} item={item} customerId={customerId} />
            ))}
          </ol>
        </section>
      ))}
      {!compact && hasNextPage && (
        <div ref={ref} style={{ textAlign: 'center' }}>
          <Button variant="subtle" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('timeline.more')}
          </Button>
        </div>
      )}
    </div>
  );
}
