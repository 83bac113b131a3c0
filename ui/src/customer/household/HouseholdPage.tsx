// SPDX-License-Identifier: Apache-2.0
import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft, Check, UserPlus, X } from 'lucide-react';
import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Page as PageOf } from '@/app/api';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Loading, MoreButton, Page, Panel, Query, Stat, Status } from '@/shared/page';
import type { TimelineItem } from '../api';
import { MaskToggle } from '../list/MaskToggle';
import { TimelineEntry } from '../page/TimelineEntry';
import { householdKey, householdQuery, nameOf, type HouseholdDetail } from './api';
import { Confidence } from './Evidence';
import { Kin } from './Kin';
import { Members } from './Members';
import { useDecide } from './useDecide';
import classes from './Household.module.css';

/** One household: who lives there, how they are related, what they are worth together. */
export function HouseholdPage() {
  const { t } = useTranslation('customer');
  const { id } = useParams({ from: '/shell/households/$id' });
  const navigate = useNavigate();
  const can = useCan();
  const result = useQuery(householdQuery(Number(id)));
  const back = () => void navigate({ to: '/households', search: {} });
  const decide = useDecide((_, decision) => decision === 'reject' && back());
  const household = result.data;
  return (
    <Page
      title={household ? t('household.nameOf', { name: nameOf(household, t('unnamed')) }) : t('household.title')}
      aside={
        household &&
        (household.state === 'confirmed' ? (
          <Status tone="teal">{t('household.state.confirmed')}</Status>
        ) : (
          <Confidence value={household.confidence} />
        ))
      }
      before={
        <ActionIcon onClick={back} aria-label={t('household.back')} title={t('household.back')}>
          <ArrowLeft size={17} />
        </ActionIcon>
      }
      actions={
        <>
          <MaskToggle />
          {household && can('customer:update') && (
            <>
              <AddMember id={household.id} />
              <Button
                variant="default"
                leftSection={<X size={15} />}
                onClick={() => decide.mutate({ id: household.id, decision: 'reject' })}
              >
                {t('household.reject')}
              </Button>
              {household.state === 'suggested' && (
                <Button
                  leftSection={<Check size={15} />}
                  loading={decide.isPending}
                  onClick={() => decide.mutate({ id: household.id, decision: 'confirm' })}
                >
                  {t('household.confirm')}
                </Button>
              )}
            </>
          )}
        </>
      }
    >
      <Query result={result}>{(one) => <Body household={one} />}</Query>
    </Page>
  );
}

function Body({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation('customer');
  const { number, money, date } = useFormat();
  const total = household.total;
  return (
    <div className={classes.stack}>
      {total && (
        <div className={classes.stats}>
          <Stat label={t('household.size')} value={number(household.members.filter((m) => m.state === 'in').length)} />
          <Stat label={t('household.revenue')} value={money(total.revenue, total.currency)} />
          <Stat label={t('household.orders')} value={number(total.orders)} />
          <Stat label={t('household.last')} value={total.last_at ? date(total.last_at) : '–'} />
          <Stat
            label={t('household.channels')}
            value={
              total.channels.length > 0
                ? total.channels.map((c) => t(`household.channel.${c as 'email'}`, c)).join(', ')
                : '–'
            }
          />
        </div>
      )}
      <div className={classes.page}>
        <div className={classes.stack}>
          <Members household={household} />
          <Panel title={t('tab.timeline')} flush>
            <HouseholdTimeline id={household.id} />
          </Panel>
        </div>
        <Kin household={household} />
      </div>
    </div>
  );
}

function HouseholdTimeline({ id }: { id: number }) {
  const result = useInfiniteQuery({
    queryKey: [...householdKey, 'one', id, 'timeline'],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<TimelineItem>>('/api/households/{id}/timeline', {
        path: { id },
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
  if (result.isPending) return <Loading lines={4} />;
  return (
    <>
      <ol className={classes.timeline}>
        {result.data?.pages
          .flatMap((page) => page.items)
          .map((item) => (
            <TimelineEntry key={`${item.kind}:${item.id}:${item.at}`} item={item} />
          ))}
      </ol>
      <MoreButton result={result} />
    </>
  );
}

function AddMember({ id }: { id: number }) {
  const { t } = useTranslation('customer');
  const [opened, dialog] = useDisclosure(false);
  const [person, setPerson] = useState<PickedCustomer>();
  const decide = useDecide(() => {
    dialog.close();
    setPerson(undefined);
  });
  return (
    <>
      <Button variant="default" leftSection={<UserPlus size={15} />} onClick={dialog.open}>
        {t('household.add')}
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={t('household.add')}>
        <form
          style={{ display: 'grid', gap: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (person) decide.mutate({ id, decision: { add: [person.id] } });
          }}
        >
          <CustomerPicker label={t('relation.other')} value={person} onChange={setPerson} autoFocus />
          <Button type="submit" disabled={!person} loading={decide.isPending} style={{ justifySelf: 'end' }}>
            {t('household.add')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
