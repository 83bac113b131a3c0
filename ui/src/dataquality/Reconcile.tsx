// SPDX-License-Identifier: Apache-2.0
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Panel, tellUndo, useList } from '@/shared/page';
import { MaskToggle } from '@/customer/list/MaskToggle';
import { pinValue } from '@/customer/api';
import { closeIssue, qualityKey, reopenIssue, type Issue } from './api';
import { ValueLine } from './ValueLine';
import classes from './Quality.module.css';

const fields = ['', 'mobile', 'email', 'address', 'full_name'] as const;

/** Where departments hold different values: choose one, which pins it; every choice can be taken back. */
export function Reconcile() {
  const { t } = useTranslation('dataquality');
  const { number } = useFormat();
  const [field, setField] = useState<(typeof fields)[number]>('');
  const [done, setDone] = useState<number[]>([]);
  const list = useList<Issue>({
    queryKey: [...qualityKey, 'issues', 'disagreement', field],
    path: '/api/issues',
    options: { query: { kind: 'disagreement', field } },
    limit: 20,
  });
  const items = list.items.filter((issue) => !done.includes(issue.id ?? 0));
  return (
    <div className={classes.stack}>
      <div className={classes.buttons} style={{ alignItems: 'center' }}>
        <SegmentedControl
          size="xs"
          aria-label={t('fieldLabel')}
          value={field}
          onChange={(next) => setField(next as typeof field)}
          data={fields.map((one) => ({
            value: one,
            label: one === '' ? t('anyField') : translate(`customer:field.${one}`, one),
          }))}
        />
        <span className="dim">{list.total && t('count', { n: number(list.total.count) })}</span>
        <MaskToggle />
        <Link to="/golden-rules" style={{ marginInlineStart: 'auto', color: 'var(--accent-text)' }}>
          {t('toRules')}
        </Link>
      </div>
      {list.isPending && <Loading />}
      {list.fault ? <ErrorState fault={list.fault} onRetry={list.retry} /> : null}
      {!list.isPending && !list.fault && items.length === 0 && (
        <EmptyState icon={CircleCheck} title={t('agree')} text={t('agreeText')} />
      )}
      {items.map((issue) => (
        <Difference
          key={issue.id}
          issue={issue}
          onDone={(id, undone) => setDone((all) => (undone ? all.filter((x) => x !== id) : [...all, id]))}
        />
      ))}
      <ListFoot list={list} />
    </div>
  );
}

function Difference({ issue, onDone }: { issue: Issue; onDone: (id: number, undone?: boolean) => void }) {
  const { t } = useTranslation('dataquality');
  const can = useCan();
  const queries = useQueryClient();
  const id = issue.id ?? 0;
  const settle = useMutation({
    mutationFn: async (recordId: number | null) => {
      if (recordId !== null) await pinValue(issue.customer_id, issue.field, { record_id: recordId });
      await closeIssue(id, recordId === null ? 'right' : 'mended');
    },
    onSuccess: (_, recordId) => {
      onDone(id);
      void queries.invalidateQueries({ queryKey: ['customers', 'one', issue.customer_id] });
      tellUndo(t(recordId === null ? 'closed.right' : 'chosen'), async () => {
        if (recordId !== null) await pinValue(issue.customer_id, issue.field, { record_id: null });
        await reopenIssue(id);
        onDone(id, true);
      });
    },
  });
  return (
    <Panel
      title={
        <Link to="/customers/$id" params={{ id: String(issue.customer_id) }} style={{ color: 'var(--accent-text)' }}>
          {issue.customer?.full_name || `#${issue.customer_id}`}
        </Link>
      }
      aside={translate(`customer:field.${issue.field}`, issue.field)}
      actions={
        can('dataquality:mend') && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={settle.isPending}
            onClick={() => settle.mutate(null)}
          >
            {t('right')}
          </Button>
        )
      }
      flush
    >
      {issue.values?.map((value) => (
        <ValueLine
          key={value.record_id}
          value={value}
          busy={settle.isPending}
          onChoose={
            can('dataquality:mend') && can('customer:update') ? () => settle.mutate(value.record_id) : undefined
          }
        />
      ))}
    </Panel>
  );
}
