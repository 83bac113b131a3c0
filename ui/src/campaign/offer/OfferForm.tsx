// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, Select, Switch, TextInput, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { segmentsQuery } from '../api';
import { MoneyInput } from '@/shared/format/MoneyInput';
import styles from '../edit/Edit.module.css';
import { offerKinds, saveOffer, type Offer, type OfferDraft, type OfferKind } from './api';

const NO_LIMIT = -1;

const emptyDraft: OfferDraft = {
  name: '',
  kind: 'coupon',
  category: '',
  description: '',
  value: 0,
  cost: 0,
  segment_id: 0,
  stock: NO_LIMIT,
  starts_on: '',
  ends_on: '',
  is_active: true,
};

function draftOf(offer?: Offer, begun: Partial<OfferDraft> = {}): OfferDraft {
  if (!offer) return { ...emptyDraft, ...begun };
  return {
    name: offer.name,
    kind: offer.kind,
    category: offer.category ?? '',
    description: offer.description ?? '',
    value: offer.value,
    cost: offer.cost,
    segment_id: offer.segment_id ?? 0,
    stock: offer.stock ?? NO_LIMIT,
    starts_on: offer.starts_on ?? '',
    ends_on: offer.ends_on ?? '',
    is_active: offer.is_active,
  };
}

function OfferForm({ offer, begun }: { offer?: Offer; begun?: Partial<OfferDraft> }) {
  const { t } = useTranslation('campaign');
  const { company } = useSession();
  const queries = useQueryClient();
  const { data: segments } = useQuery(segmentsQuery);
  const [draft, setDraft] = useState(() => draftOf(offer, begun));
  const set = (part: Partial<OfferDraft>) => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: () => saveOffer(draft, offer),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['offers'] });
      modals.closeAll();
    },
  });
  const text = (name: 'name' | 'category' | 'starts_on' | 'ends_on', placeholder?: string) => (
    <TextInput
      label={t(`offer.${name}`)}
      placeholder={placeholder}
      required={name === 'name'}
      maxLength={120}
      value={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {text('name')}
      <div className={styles.pair}>
        <Select
          label={t('offer.kind')}
          allowDeselect={false}
          data={offerKinds.map((value) => ({ value, label: t(`offer.kinds.${value}`) }))}
          value={draft.kind}
          onChange={(kind) => set({ kind: kind as OfferKind })}
        />
        {text('category')}
      </div>
      <Textarea
        label={t('offer.description')}
        maxLength={2000}
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <div className={styles.pair}>
        <MoneyInput
          label={t('offer.value')}
          description={t('offer.valueHint')}
          value={draft.value}
          currency={company.currency}
          onChange={(value) => set({ value })}
        />
        <MoneyInput
          label={t('offer.cost')}
          description={t('offer.costHint')}
          value={draft.cost}
          currency={company.currency}
          onChange={(cost) => set({ cost })}
        />
      </div>
      <div className={styles.pair}>
        <Select
          label={t('offer.segment')}
          clearable
          searchable
          placeholder={t('offer.everybody')}
          data={segments?.items.map((segment) => ({ value: String(segment.id), label: segment.name })) ?? []}
          value={draft.segment_id ? String(draft.segment_id) : null}
          onChange={(id) => set({ segment_id: Number(id) || 0 })}
        />
        <NumberInput
          label={t('offer.stock')}
          placeholder={t('offer.noLimit')}
          min={0}
          thousandSeparator=","
          value={draft.stock === NO_LIMIT ? '' : draft.stock}
          onChange={(stock) => set({ stock: stock === '' ? NO_LIMIT : Number(stock) })}
        />
      </div>
      <div className={styles.pair}>
        {text('starts_on', '2026-12-01')}
        {text('ends_on', '2026-12-31')}
      </div>
      <Switch
        label={t('offer.active')}
        checked={draft.is_active}
        onChange={(event) => set({ is_active: event.currentTarget.checked })}
      />
      <Button type="submit" loading={save.isPending}>
        {t('journey.save')}
      </Button>
    </form>
  );
}

/** Opens the form of an offer, or of a new one that another page has begun. */
export function openOffer(title: string, offer?: Offer, begun?: Partial<OfferDraft>): void {
  modals.open({ title, size: 'lg', children: <OfferForm offer={offer} begun={begun} /> });
}
