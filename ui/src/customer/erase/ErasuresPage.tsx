// SPDX-License-Identifier: Apache-2.0
import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Eraser, Gavel } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { actorName, useFormat } from '@/shared/format';
import {
  askPurpose,
  EmptyState,
  ErrorState,
  Facts,
  ListFoot,
  Loading,
  Page,
  Panel,
  Query,
  SimpleTable,
  useList,
} from '@/shared/page';
import { useCustomerFields } from '../fields';
import { useOwners } from '../useOwners';
import { holdsQuery, type ErasureRow, type Hold, type Kept } from './api';
import { useLift } from './useLift';
import classes from './Erase.module.css';

/** The register of erasures with what a law keeps apart, and the holds that stand. */
export function ErasuresPage() {
  const { t } = useTranslation('customer');
  return (
    <Page title={t('erase.register')}>
      <div className={classes.stack}>
        <Holds />
        <Register />
      </div>
    </Page>
  );
}

function CustomerLink({ id }: { id: number }) {
  return (
    <Link to="/customers/$id" params={{ id: String(id) }}>
      #{id}
    </Link>
  );
}

/** The name of who did it; what came from the command line has no number. */
function useActor(): (id: number) => string {
  const names = useOwners();
  return (id) => (id === 0 ? actorName('command line') : (names.get(id) ?? `#${id}`));
}

function Holds() {
  const { t } = useTranslation('customer');
  const { date, dateTime } = useFormat();
  const by = useActor();
  const lift = useLift();
  const result = useQuery(holdsQuery);
  return (
    <Panel title={t('hold.list')} aside={result.data?.items.length} flush>
      <Query result={result} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Gavel} title={t('hold.none')} text={t('hold.noneText')} />
          ) : (
            <SimpleTable<Hold>
              label={t('hold.list')}
              rows={items}
              rowKey={(hold) => hold.id}
              stack
              columns={[
                { id: 'customer', header: t('key.customer'), cell: (hold) => <CustomerLink id={hold.customer_id} /> },
                { id: 'reason', header: t('hold.reason'), cell: (hold) => hold.reason },
                { id: 'until', header: t('hold.until'), cell: (hold) => date(hold.until_on) },
                { id: 'set', header: t('hold.setAt'), cell: (hold) => dateTime(hold.set_at) },
                { id: 'by', header: t('erase.by'), cell: (hold) => by(hold.set_by) },
                {
                  id: 'lift',
                  header: '',
                  align: 'end',
                  cell: (hold) => (
                    <Button size="compact-xs" variant="default" onClick={() => lift.mutate(hold.id)}>
                      {t('hold.lift')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Query>
    </Panel>
  );
}

function Register() {
  const { t } = useTranslation('customer');
  const { date, dateTime, number } = useFormat();
  const by = useActor();
  const list = useList<ErasureRow>({ queryKey: ['customers', 'erasures'], path: '/api/erasures' });
  const open = useMutation({
    mutationFn: (asked: { id: number; purpose: string }) =>
      api.post('/api/erasures/{id}/kept', { path: { id: asked.id }, body: { purpose: asked.purpose } }),
    onError: tellFault,
  });
  const ask = async (id: number) => {
    const purpose = await askPurpose('unmask');
    if (purpose) open.mutate({ id, purpose });
  };
  if (list.isPending) return <Loading />;
  if (list.fault) return <ErrorState fault={list.fault} onRetry={list.retry} />;
  return (
    <Panel title={t('erase.done_list')} flush>
      {open.data && <KeptDialog kept={open.data.items} onClose={open.reset} />}
      {list.items.length === 0 ? (
        <EmptyState icon={Eraser} title={t('erase.none')} text={t('erase.noneText')} />
      ) : (
        <SimpleTable<ErasureRow>
          label={t('erase.register')}
          rows={list.items}
          rowKey={(row) => row.id}
          stack
          columns={[
            { id: 'customer', header: t('key.customer'), cell: (row) => <CustomerLink id={row.customer_id} /> },
            { id: 'at', header: t('erase.at'), cell: (row) => dateTime(row.erased_at) },
            { id: 'reason', header: t('erase.reason'), cell: (row) => t(`erase.${row.reason}`) },
            { id: 'by', header: t('erase.by'), cell: (row) => by(row.erased_by) },
            { id: 'records', header: t('erase.place.records'), align: 'end', cell: (row) => number(row.records) },
            {
              id: 'kept',
              header: t('erase.kept'),
              cell: (row) =>
                row.kept.length === 0 ? (
                  '–'
                ) : (
                  <Button size="compact-xs" variant="default" onClick={() => void ask(row.id)}>
                    {t('erase.keptOpen', { day: date(row.kept[0]?.until_on) })}
                  </Button>
                ),
            },
          ]}
        />
      )}
      <ListFoot list={list} />
    </Panel>
  );
}

function KeptDialog({ kept, onClose }: { kept: Kept[]; onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { date, number } = useFormat();
  const fields = useCustomerFields();
  return (
    <Modal opened onClose={onClose} title={t('erase.kept')}>
      <div className={classes.stack}>
        {kept.map((one) => (
          <div key={one.id} className={classes.stack}>
            <p className={classes.note}>
              {t('erase.keptUntil', {
                law: t(`erase.law.${one.law}`),
                day: date(one.until_on),
                n: number(one.facts),
              })}
            </p>
            <Facts
              facts={[
                ...fields.flatMap(({ name, label }) => {
                  const value = one.identity?.values[name];
                  return value ? [{ label, value }] : [];
                }),
                { label: t('key.title'), value: one.identity?.keys.join(', ') || '–' },
              ]}
            />
          </div>
        ))}
      </div>
    </Modal>
  );
}
