// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, House, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { EmptyState, ErrorState, ListFoot, Loading, Status, useList } from '@/shared/page';
import { householdKey, nameOf, type Household } from './api';
import { Confidence, Evidence } from './Evidence';
import { useDecide } from './useDecide';
import classes from './Household.module.css';

/** Households one below the other; J and K walk, C confirms, R rejects, Enter opens. */
export function HouseholdList({ state }: { state: 'suggested' | 'confirmed' }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const navigate = useNavigate();
  const list = useList<Household>({
    queryKey: [...householdKey, 'list', state],
    path: '/api/households',
    options: { query: { state } },
    limit: 30,
  });
  const [decided, setDecided] = useState<number[]>([]);
  const items = list.items.filter((one) => state === 'confirmed' || !decided.includes(one.id));
  const [at, setAt] = useState(0);
  const current = items[Math.min(at, items.length - 1)];
  const decide = useDecide((id) => setDecided((all) => [...all, id]));
  const walk = (step: number) => {
    const next = Math.min(Math.max(at + step, 0), Math.max(items.length - 1, 0));
    if (next >= items.length - 3 && list.hasMore) list.loadMore();
    setAt(next);
  };
  const mayDecide = can('customer:update') && state === 'suggested';
  useShortcuts(t('household.title'), [
    { keys: 'j', label: t('household.key.next'), run: () => walk(1) },
    { keys: 'k', label: t('household.key.previous'), run: () => walk(-1) },
    {
      keys: 'o',
      label: t('household.key.open'),
      run: () => current && void navigate({ to: '/households/$id', params: { id: String(current.id) } }),
    },
    ...(mayDecide
      ? [
          {
            keys: 'c',
            label: t('household.confirm'),
            run: () => current && decide.mutate({ id: current.id, decision: 'confirm' as const }),
          },
          {
            keys: 'r',
            label: t('household.reject'),
            run: () => current && decide.mutate({ id: current.id, decision: 'reject' as const }),
          },
        ]
      : []),
  ]);
  if (list.isPending) return <Loading />;
  if (list.fault) return <ErrorState fault={list.fault} onRetry={list.retry} />;
  if (items.length === 0)
    return <EmptyState icon={House} title={t(`household.empty.${state}`)} text={t(`household.emptyText.${state}`)} />;
  return (
    <div className={classes.stack} style={{ gap: 10 }}>
      {items.map((household, i) => (
        <Card
          key={household.id}
          household={household}
          isCurrent={household === current}
          onFocus={() => setAt(i)}
          onDecide={mayDecide ? (decision) => decide.mutate({ id: household.id, decision }) : undefined}
        />
      ))}
      <ListFoot list={list} />
    </div>
  );
}

interface CardProps {
  household: Household;
  isCurrent: boolean;
  onFocus: () => void;
  onDecide?: (decision: 'confirm' | 'reject') => void;
}

function Card({ household, isCurrent, onFocus, onDecide }: CardProps) {
  const { t } = useTranslation('customer');
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCurrent) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const address = household.members.find((member) => member.address)?.address;
  return (
    <article ref={ref} className={classes.card} data-current={isCurrent || undefined} onFocusCapture={onFocus}>
      <header className={classes.cardHead}>
        <Link to="/households/$id" params={{ id: String(household.id) }}>
          {t('household.named', { name: nameOf(household, t('unnamed')), count: household.members.length })}
        </Link>
        {household.state === 'confirmed' ? (
          <Status tone="teal">{t('household.state.confirmed')}</Status>
        ) : (
          <Confidence value={household.confidence} />
        )}
        <span className="dim">{address}</span>
        {onDecide && (
          <span style={{ display: 'flex', gap: 6 }}>
            <Button size="compact-sm" leftSection={<Check size={14} />} onClick={() => onDecide('confirm')}>
              {t('household.confirm')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<X size={14} />}
              onClick={() => onDecide('reject')}
            >
              {t('household.reject')}
            </Button>
          </span>
        )}
      </header>
      <ul className={classes.members}>
        {household.members.map((member) => (
          <li key={member.id}>
            <Link to="/customers/$id" params={{ id: String(member.id) }} className="ellipsis">
              {member.full_name || t('unnamed')}
            </Link>
            <span className="dim num">{member.birth_on ?? ''}</span>
            <Evidence member={member} />
          </li>
        ))}
      </ul>
    </article>
  );
}
