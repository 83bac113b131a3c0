// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, Status } from '@/shared/page';
import { triggersQuery, type Trigger } from './api';
import { TriggerDialog } from './TriggerDialog';
import styles from './Single.module.css';

/** Which templates go out by themselves, and what each has ordered or could not order. */
export function Triggers() {
  const { t } = useTranslation('mail');
  const can = useCan();
  const { number, dateTime } = useFormat();
  const [open, setOpen] = useState<Trigger | 'new'>();
  const mayChange = can('mail:admin');
  const add = mayChange && (
    <Button size="xs" leftSection={<Plus size={14} />} onClick={() => setOpen('new')}>
      {t('single.addTrigger')}
    </Button>
  );
  const delay = (minutes: number) =>
    minutes === 0
      ? t('single.atOnce')
      : minutes % 1440 === 0
        ? t('single.days', { count: minutes / 1440 })
        : minutes % 60 === 0
          ? t('single.hours', { count: minutes / 60 })
          : t('single.minutes', { count: minutes });
  return (
    <div className={styles.panel}>
      <Query result={useQuery(triggersQuery)}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Zap} title={t('single.noTriggers')} text={t('single.noTriggersText')}>
              {add}
            </EmptyState>
          ) : (
            <Panel title={t('single.tab.triggers')} actions={add} flush>
              <SimpleTable
                stack
                label={t('single.tab.triggers')}
                rows={items}
                rowKey={(trigger) => trigger.id}
                onOpen={mayChange ? setOpen : undefined}
                columns={[
                  {
                    id: 'event',
                    header: t('single.event'),
                    cell: (trigger) => translate(`mail:single.events.${trigger.event}`, trigger.event),
                  },
                  { id: 'template', header: t('single.template'), cell: (trigger) => trigger.template },
                  { id: 'delay', header: t('single.delay'), cell: (trigger) => delay(trigger.delay_minutes) },
                  {
                    id: 'state',
                    header: t('single.stateLabel'),
                    cell: (trigger) => (
                      <Status tone={trigger.is_active ? 'teal' : 'grey'}>
                        {t(trigger.is_active ? 'single.on' : 'single.off')}
                      </Status>
                    ),
                  },
                  {
                    id: 'sent',
                    header: t('single.sent'),
                    align: 'end',
                    cell: (trigger) => <span className="num">{number(trigger.sent)}</span>,
                  },
                  {
                    id: 'missed',
                    header: t('single.missed'),
                    cell: (trigger) =>
                      trigger.missed > 0 && (
                        <span className={styles.state}>
                          <Status tone="amber">{number(trigger.missed)}</Status>
                          <small className="dim">
                            {trigger.problem} {trigger.problem_at && `(${dateTime(trigger.problem_at)})`}
                          </small>
                        </span>
                      ),
                  },
                ]}
              />
            </Panel>
          )
        }
      </Query>
      {open && <TriggerDialog trigger={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
