// SPDX-License-Identifier: Apache-2.0
import { Button, MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useSession } from '@/app/session';
import { pivotsQuery } from '../api';
import { boardsQuery } from '../board/api';
import type { SavedDraft } from '../saved';
import { colleaguesQuery, type SubscriptionContent } from './api';

interface SubscriptionFormProps {
  draft: SavedDraft<SubscriptionContent>;
  isSaving: boolean;
  onSave: (draft: SavedDraft<SubscriptionContent>) => void;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** What is sent or watched, when and to whom. */
export function SubscriptionForm({ draft, isSaving, onSave }: SubscriptionFormProps) {
  const { t, i18n } = useTranslation('cube');
  const can = useCan();
  const [name, setName] = useState(draft.name);
  const [c, setContent] = useState(draft.content);
  const put = (part: Partial<SubscriptionContent>) => setContent({ ...c, ...part });
  const pivots = useQuery(pivotsQuery);
  const boards = useQuery(boardsQuery);
  const colleagues = useQuery({ ...colleaguesQuery, enabled: can('cube:export') });
  const me = useSession().person?.id;
  const target = c.pivot_id ? `pivot-${c.pivot_id}` : c.board_id ? `board-${c.board_id}` : null;
  const targets = [
    { group: t('subscription.pivots'), items: (pivots.data?.items ?? []).map((p) => option('pivot', p)) },
    ...(c.kind === 'report'
      ? [{ group: t('subscription.boards'), items: (boards.data?.items ?? []).map((b) => option('board', b)) }]
      : []),
  ].filter((g) => g.items.length > 0);
  const weekday = (n: number) =>
    new Intl.DateTimeFormat(i18n.language, { weekday: 'long' }).format(new Date(2026, 0, 4 + n));
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ ...draft, name: name.trim(), content: c });
      }}
    >
      <SegmentedControl
        value={c.kind}
        data={(['report', 'alert'] as const).map((value) => ({ value, label: t(`subscription.kinds.${value}`) }))}
        onChange={(kind) =>
          put({
            kind: kind as 'report',
            ...(kind === 'alert' ? { board_id: undefined, is: c.is ?? 'unusual' } : { format: c.format ?? 'pdf' }),
          })
        }
        aria-label={t('subscription.kind')}
      />
      <TextInput
        label={t('subscription.name')}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
        required
        maxLength={120}
      />
      <Select
        label={t('subscription.of')}
        description={targets.length === 0 ? t('subscription.ofHint') : undefined}
        data={targets}
        value={target}
        required
        searchable
        onChange={(value) => {
          const [kind, id] = (value ?? '').split('-');
          put({
            pivot_id: kind === 'pivot' ? Number(id) : undefined,
            board_id: kind === 'board' ? Number(id) : undefined,
          });
        }}
      />
      {c.kind === 'report' ? (
        <SegmentedControl
          value={c.format ?? 'pdf'}
          data={[
            { value: 'pdf', label: 'PDF' },
            { value: 'xlsx', label: 'Excel (.xlsx)' },
          ]}
          onChange={(format) => put({ format: format as 'pdf' })}
          aria-label={t('subscription.format')}
        />
      ) : (
        <>
          <Select
            label={t('subscription.is')}
            description={c.is === 'unusual' ? t('subscription.unusualHint') : undefined}
            allowDeselect={false}
            data={(['unusual', 'above', 'below'] as const).map((value) => ({
              value,
              label: t(`subscription.conditions.${value}`),
            }))}
            value={c.is ?? 'unusual'}
            onChange={(is) => put({ is: is as 'unusual' })}
          />
          {c.is !== 'unusual' && (
            <NumberInput
              label={t('subscription.value')}
              description={t('subscription.valueHint')}
              value={c.value ?? 0}
              onChange={(value) => put({ value: Number(value) })}
              thousandSeparator=","
            />
          )}
        </>
      )}
      <div style={{ display: 'grid', gap: 12, gridTemplateColumns: 'repeat(auto-fit, minmax(120px, 1fr))' }}>
        <Select
          label={t(c.kind === 'report' ? 'subscription.every' : 'subscription.judges')}
          allowDeselect={false}
          data={(['day', 'week', 'month'] as const).map((value) => ({
            value,
            label: t(c.kind === 'report' ? `subscription.everies.${value}` : `subscription.judged.${value}`),
          }))}
          value={c.every}
          onChange={(every) => put({ every: every as 'day' })}
        />
        {c.kind === 'report' && c.every === 'week' && (
          <Select
            label={t('subscription.weekday')}
            allowDeselect={false}
            data={numbers(0, 6).map((value) => ({ value, label: weekday(Number(value)) }))}
            value={String(c.weekday ?? 1)}
            onChange={(value) => put({ weekday: Number(value) })}
          />
        )}
        {c.kind === 'report' && c.every === 'month' && (
          <Select
            label={t('subscription.day')}
            allowDeselect={false}
            data={numbers(1, 28).map((value) => ({ value, label: t('subscription.dayOf', { n: value }) }))}
            value={String(c.day ?? 1)}
            onChange={(value) => put({ day: Number(value) })}
          />
        )}
        {c.kind === 'report' && (
          <Select
            label={t('subscription.hour')}
            allowDeselect={false}
            data={numbers(0, 23).map((value) => ({ value, label: t('subscription.hourOf', { n: value }) }))}
            value={String(c.hour ?? 8)}
            onChange={(value) => put({ hour: Number(value) })}
          />
        )}
      </div>
      {can('cube:export') && (
        <MultiSelect
          label={t('subscription.people')}
          description={t('subscription.peopleHint')}
          data={(colleagues.data?.items ?? [])
            .filter((p) => p.id !== me)
            .map((p) => ({ value: String(p.id), label: p.name }))}
          value={(c.people ?? []).map(String)}
          onChange={(list) => put({ people: list.map(Number) })}
          searchable
          clearable
        />
      )}
      <Button type="submit" loading={isSaving} disabled={!name.trim() || !target}>
        {t('save')}
      </Button>
    </form>
  );
}

function option(kind: 'pivot' | 'board', item: { id: number; name: string }) {
  return { value: `${kind}-${item.id}`, label: item.name };
}
