// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { actorName, useFormat } from '@/shared/format';
import { tell } from '@/shared/page';
import { spread, undoChange, type TimelineItem } from '../api';
import { useCustomerFields, type CustomerField } from '../fields';
import { lookOf } from './timelineKinds';
import classes from './Timeline.module.css';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The name of a kind in the person's language, or what the server calls it. */
function titleOf(item: TimelineItem): string {
  if (item.capability === 'consent') {
    const channel = translate(`consent:channel.${item.title}`, '') || item.title;
    return [channel, translate(`consent:action.${item.kind.replace('consent.', '')}`, '')].filter(Boolean).join(' · ');
  }
  const place = text(item.detail?.store) || text(item.detail?.channel);
  const named = translate(`customer:timeline.kind.${item.kind.replaceAll('.', '_')}`, '', { title: item.title, place });
  return named.trim() || item.title || item.kind;
}

const MOST_NAMED = 4;

function changedText(labels: string[]): string {
  const named = labels.slice(0, MOST_NAMED).join(', ');
  const more = labels.length - MOST_NAMED;
  return more > 0 ? `${named} ${translate('shared:filter.more', '', { count: more })}` : named;
}

function detailOf(item: TimelineItem, fields: CustomerField[]): string {
  const detail = item.detail ?? {};
  if (item.capability === 'consent') {
    return [
      translate(`consent:method.${text(detail.method)}`, ''),
      detail.is_claimed ? translate('consent:status.claimed', '') : '',
      actorName(item.actor),
    ]
      .filter(Boolean)
      .join(' · ');
  }
  const all = Array.isArray(detail.fields) ? detail.fields.map(String) : [];
  // Entries always carry the kind of customer; it is news only when nothing else is.
  const changed = all.length > 1 || item.kind !== 'customer.updated' ? all.filter((name) => name !== 'kind') : all;
  const lines = Number(detail.line_count ?? 0);
  return [
    item.capability === 'customer' && item.kind !== 'customer.record' ? '' : item.title,
    lines > 0 ? translate('customer:timeline.lines', '', { count: lines }) : '',
    text(detail.channel),
    text(detail.source),
    changedText(changed.flatMap((name) => fields.find((f) => f.name === name)?.label ?? [])),
    actorName(item.actor),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** One thing that happened; a change can be taken back here when the customer is known. */
export function TimelineEntry({ item, customerId }: { item: TimelineItem; customerId?: number }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const entryId = customerId && item.kind === 'customer.updated' ? Number(item.detail?.entry_id ?? 0) : 0;
  const undo = useMutation({
    mutationFn: () => undoChange(customerId ?? 0, entryId),
    onSuccess: (row) => {
      spread(queries, row);
      tell(t('timeline.undone'));
    },
  });
  const { money, dateTime, ago } = useFormat();
  const fields = useCustomerFields();
  const { icon: Icon, tone } = lookOf(item.kind, item.capability);
  const detail = detailOf(item, fields);
  const title = titleOf(item);
  return (
    <li className={classes.entry}>
      <span className={classes.icon} data-tone={tone}>
        <Icon size={15} strokeWidth={1.75} aria-hidden />
      </span>
      <div className={classes.text}>
        <div className={classes.title}>{item.url ? <Link to={item.url}>{title}</Link> : title}</div>
        {detail && detail !== title && <div className={classes.detail}>{detail}</div>}
      </div>
      <div className={classes.right}>
        {Boolean(item.amount) && <span>{money(item.amount, item.currency || undefined)}</span>}
        <time dateTime={item.at} title={ago(item.at)}>
          {dateTime(item.at)}
        </time>
        {entryId > 0 && can('customer:update') && (
          <button type="button" className={classes.undo} disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t('timeline.undo')}
          </button>
        )}
      </div>
    </li>
  );
}
