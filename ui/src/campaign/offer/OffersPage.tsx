// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Gift, Plus, Settings2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, Status, type SimpleColumn } from '@/shared/page';
import { segmentsQuery } from '../api';
import { offersQuery, type Offer, type OfferDraft } from './api';
import { NextOffer } from './NextOffer';
import { openOffer } from './OfferForm';
import { openOfferPolicy } from './PolicyForm';
import styles from './Offer.module.css';

function useColumns(): SimpleColumn<Offer>[] {
  const { t } = useTranslation('campaign');
  const { number, percent, money } = useFormat();
  const { data: segments } = useQuery(segmentsQuery);
  const who = (offer: Offer) =>
    offer.segment_id ? (segments?.items.find((one) => one.id === offer.segment_id)?.name ?? '–') : t('offer.everybody');
  return [
    {
      id: 'name',
      header: t('offer.name'),
      cell: (offer) => (
        <span>
          <strong>{offer.name}</strong>
          <br />
          <small className="dim">{[t(`offer.kinds.${offer.kind}`), offer.category].filter(Boolean).join(' · ')}</small>
        </span>
      ),
    },
    {
      id: 'state',
      header: t('stateLabel'),
      cell: (offer) => (
        <Status tone={offer.is_active ? 'teal' : 'grey'}>{t(offer.is_active ? 'offer.on' : 'offer.off')}</Status>
      ),
    },
    { id: 'who', header: t('offer.segment'), cell: who },
    {
      id: 'value',
      header: t('offer.gainLabel'),
      align: 'end',
      cell: (offer) => money(offer.value - offer.cost, offer.currency),
    },
    {
      id: 'stock',
      header: t('offer.stock'),
      align: 'end',
      cell: (offer) =>
        offer.stock === undefined
          ? t('offer.noLimit')
          : `${number(offer.stock - offer.accepted)} / ${number(offer.stock)}`,
    },
    {
      id: 'valid',
      header: t('offer.valid'),
      cell: (offer) =>
        offer.starts_on || offer.ends_on ? `${offer.starts_on ?? ''} – ${offer.ends_on ?? ''}` : t('offer.always'),
    },
    { id: 'shown', header: t('offer.shown'), align: 'end', cell: (offer) => number(offer.shown) },
    {
      id: 'rate',
      header: t('offer.rate'),
      align: 'end',
      cell: (offer) => (
        <span className="num">
          {percent(offer.rate, 1)}
          <br />
          <small className="dim">
            {t('offer.answers', {
              accepted: number(offer.accepted),
              declined: number(offer.declined),
              ignored: number(offer.ignored),
            })}
          </small>
        </span>
      ),
    },
  ];
}

/** The catalogue of offers with what was learned, and a place to try the choice on a customer. */
export function OffersPage() {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const result = useQuery(offersQuery);
  const columns = useColumns();
  const [customer, setCustomer] = useState<PickedCustomer>();
  const { draft } = useSearch({ strict: false }) as { draft?: Partial<OfferDraft> };
  const navigate = useNavigate();
  useEffect(() => {
    if (!draft) return;
    openOffer(t('offer.new'), undefined, draft);
    void navigate({ to: '/offers', replace: true }); // going back must not open it again
  }, [draft, navigate, t]);
  const create = can('campaign:create') && (
    <Button leftSection={<Plus size={14} />} onClick={() => openOffer(t('offer.new'))}>
      {t('offer.new')}
    </Button>
  );
  return (
    <Page
      title={t('offer.title')}
      actions={
        <>
          {can('campaign:update') && (
            <Button
              variant="default"
              leftSection={<Settings2 size={14} />}
              onClick={() => openOfferPolicy(t('offer.policyTitle'))}
            >
              {t('offer.policyTitle')}
            </Button>
          )}
          {create}
        </>
      }
    >
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Gift} title={t('offer.empty')} text={t('offer.emptyText')}>
              {create}
            </EmptyState>
          ) : (
            <>
              <Panel flush>
                <SimpleTable
                  stack
                  label={t('offer.title')}
                  rows={items}
                  columns={columns}
                  rowKey={(offer) => offer.id}
                  onOpen={can('campaign:update') ? (offer) => openOffer(offer.name, offer) : undefined}
                />
              </Panel>
              {can('campaign:answer') && (
                <div className={styles.tryOut}>
                  <Panel title={t('offer.tryTitle')}>
                    <CustomerPicker label={t('offer.tryWho')} value={customer} onChange={setCustomer} />
                  </Panel>
                  {customer && <NextOffer key={customer.id} customerId={customer.id} />}
                </div>
              )}
            </>
          )
        }
      </Query>
    </Page>
  );
}
