// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ArrowLeftRight, GitMerge } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { EmptyState, Page, Panel, Query, tellUndo } from '@/shared/page';
import {
  customerQuery,
  mergeCustomers,
  mergePreviewQuery,
  pinValue,
  recordsQuery,
  separateRecords,
  type Customer,
} from '../api';
import { MergeTable, type Picks } from './MergeTable';

/** The chosen customer as the picker shows it. */
function picked(id: number | undefined, customer: Customer | undefined): PickedCustomer | undefined {
  return id === undefined ? undefined : { id, full_name: customer ? customer.full_name || `#${id}` : `#${id}` };
}

/** Puts two customers side by side and makes them one; nothing is lost and it can be undone. */
export function MergePage() {
  const { t } = useTranslation('customer');
  const { a, b } = useSearch({ from: '/shell/customers/merge' });
  const navigate = useNavigate({ from: '/customers/merge' });
  const set = (next: { a?: number; b?: number }) => void navigate({ search: next, replace: true });
  const first = useQuery(customerQuery(a ?? 0));
  const second = useQuery(customerQuery(b ?? 0));
  return (
    <Page
      title={t('merge.title')}
      width={1080}
      before={
        <ActionIcon onClick={() => window.history.back()} aria-label={t('back')}>
          <ArrowLeft size={17} />
        </ActionIcon>
      }
    >
      <Panel>
        <div
          style={{
            display: 'grid',
            gridTemplateColumns: 'minmax(0,1fr) auto minmax(0,1fr)',
            gap: 12,
            alignItems: 'end',
          }}
        >
          <CustomerPicker
            label={t('merge.survivor')}
            value={picked(a, first.data)}
            except={b}
            onChange={(one) => set({ a: one?.id, b })}
          />
          <ActionIcon
            variant="default"
            disabled={!a || !b}
            onClick={() => set({ a: b, b: a })}
            aria-label={t('merge.swap')}
            title={t('merge.swap')}
          >
            <ArrowLeftRight size={16} />
          </ActionIcon>
          <CustomerPicker
            label={t('merge.other')}
            value={picked(b, second.data)}
            except={a}
            onChange={(one) => set({ a, b: one?.id })}
            autoFocus={b === undefined}
          />
        </div>
      </Panel>
      {a && b ? (
        <Query result={first}>
          {(one) => (
            <Query result={second}>
              {(two) => <MergeForm key={`${one.id}-${two.id}`} survivor={one} other={two} />}
            </Query>
          )}
        </Query>
      ) : (
        <Panel>
          <EmptyState icon={GitMerge} title={t('merge.choose')} text={t('merge.chooseText')} />
        </Panel>
      )}
    </Page>
  );
}

function MergeForm({ survivor, other }: { survivor: Customer; other: Customer }) {
  const { t } = useTranslation('customer');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [picks, setPicks] = useState<Picks>({});
  const [all, setAll] = useState(false);
  const named = (side: 'survivor' | 'other') => Object.keys(picks).filter((field) => picks[field] === side);
  const ask = { survivor_id: survivor.id, other_id: other.id, choose: named('other') };
  const preview = useQuery(mergePreviewQuery(ask));
  const moved = useQuery(recordsQuery(other.id));
  const merge = useMutation({
    mutationFn: async () => {
      const merged = await mergeCustomers(ask);
      // The rules may prefer the other's value; what was picked by hand stays by a pin on its record.
      for (const field of named('survivor')) {
        const record = survivor.provenance[field]?.record_id;
        if (record && merged.provenance[field]?.record_id !== record)
          await pinValue(merged.id, field, { record_id: record });
      }
      return merged;
    },
    onSuccess: async (merged) => {
      await queries.invalidateQueries({ queryKey: ['customers'] });
      const records = moved.data?.items.filter((record) => !record.withdrawn_at).map((record) => record.id) ?? [];
      tellUndo(t('merge.done'), async () => {
        await separateRecords(merged.id, records);
        await queries.invalidateQueries({ queryKey: ['customers'] });
      });
      await navigate({ to: '/customers/$id', params: { id: String(merged.id) } });
    },
  });
  return (
    <Panel
      title={t('merge.compare')}
      aside={t('merge.compareText')}
      actions={
        <Switch
          size="xs"
          label={t('merge.showSame')}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      }
      flush
    >
      <MergeTable
        survivor={survivor}
        other={other}
        result={preview.data}
        picks={picks}
        onPick={(field, side) => setPicks({ ...picks, [field]: side })}
        all={all}
      />
      <div
        style={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 12,
          padding: 14,
          borderTop: '1px solid var(--line)',
        }}
      >
        <span className="dim">{t('merge.note', { survivor: survivor.id, other: other.id })}</span>
        <Button
          style={{ marginInlineStart: 'auto' }}
          leftSection={<GitMerge size={15} />}
          loading={merge.isPending}
          onClick={() => merge.mutate()}
        >
          {t('merge.do')}
        </Button>
      </div>
    </Panel>
  );
}
