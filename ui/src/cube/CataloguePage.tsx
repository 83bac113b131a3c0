// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CalendarOff, Pencil, Search, Sigma, Table2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLabel } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Page, Query, SimpleTable } from '@/shared/page';
import { catalogueQuery, deleteMetric, metaQuery, type Definition } from './api';
import { ClosedDaysDialog } from './ClosedDaysDialog';
import { FormulaDialog } from './FormulaDialog';
import classes from './Catalogue.module.css';

/** Every measure with its meaning, formula, owner, freshness and who may see it. */
export function CataloguePage() {
  const { t } = useTranslation('cube');
  const { dateTime } = useFormat();
  const label = useLabel();
  const can = useCan();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const catalogue = useQuery(catalogueQuery);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Definition>();
  const [isNew, setNew] = useState(false);
  const [isCalendar, setCalendar] = useState(false);
  const words = search.trim().toLowerCase();
  const rows = (catalogue.data?.items ?? []).filter((d) =>
    [d.name, d.label.ko, d.label.en, d.about.ko, d.about.en].some((text) => text.toLowerCase().includes(words)),
  );
  const remove = async (d: Definition) => {
    if (
      !d.metric ||
      !(await confirm({ title: t('catalogue.delete', { name: label(d.label) }), action: t('deleteDo'), danger: true }))
    )
      return;
    await deleteMetric(d.metric).catch(tellFault);
    await Promise.all([
      cache.invalidateQueries({ queryKey: catalogueQuery.queryKey }),
      cache.invalidateQueries({ queryKey: metaQuery.queryKey }),
    ]);
  };
  const cubeName = (cube: string) => t(`cubes.${cube as 'customer'}`, { defaultValue: cube });
  return (
    <Page
      title={t('catalogue.title')}
      aside={catalogue.data && t('notes.asOfShort', { at: dateTime(catalogue.data.as_of.at) })}
      actions={
        <>
          <TextInput
            aria-label={t('catalogue.search')}
            placeholder={t('catalogue.search')}
            leftSection={<Search size={14} />}
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
            w={180}
          />
          <Button variant="default" leftSection={<CalendarOff size={14} />} onClick={() => setCalendar(true)}>
            {t('closed.title')}
          </Button>
          {isCalendar && <ClosedDaysDialog onClose={() => setCalendar(false)} />}
          {can('cube:define') && (
            <Button leftSection={<Sigma size={14} />} onClick={() => setNew(true)}>
              {t('formula.new')}
            </Button>
          )}
        </>
      }
    >
      <Query result={catalogue}>
        {() => (
          <SimpleTable
            label={t('catalogue.title')}
            rows={rows}
            rowKey={(d) => d.name}
            stack
            columns={[
              {
                id: 'name',
                header: t('catalogue.measure'),
                cell: (d) => (
                  <>
                    <b>{label(d.label)}</b>
                    <div className={classes.code}>{d.name}</div>
                  </>
                ),
                width: 190,
              },
              {
                id: 'about',
                header: t('catalogue.meaning'),
                cell: (d) => (
                  <>
                    {label(d.about)}
                    <div className={classes.code}>{d.formula}</div>
                  </>
                ),
              },
              {
                id: 'owner',
                header: t('catalogue.owner'),
                cell: (d) => (d.metric ? d.owner : cubeName(d.owner)),
                width: 110,
              },
              {
                id: 'roles',
                header: t('catalogue.roles'),
                cell: (d) => d.roles.map(label).join(', ') || t('none'),
                width: 220,
              },
              {
                id: 'do',
                header: <span className="sr-only">{t('catalogue.actions')}</span>,
                cell: (d) => (
                  <div className={classes.actions}>
                    <Tooltip label={t('catalogue.ask')}>
                      <ActionIcon
                        variant="subtle"
                        aria-label={`${t('catalogue.ask')}: ${label(d.label)}`}
                        onClick={() =>
                          void navigate({ to: '/pivot', search: { q: { measures: [d.name] }, shape: 'table' } })
                        }
                      >
                        <Table2 size={15} />
                      </ActionIcon>
                    </Tooltip>
                    {d.metric && can('cube:define') && (
                      <>
                        <ActionIcon
                          variant="subtle"
                          aria-label={`${t('formula.change')}: ${label(d.label)}`}
                          onClick={() => setEdited(d)}
                        >
                          <Pencil size={15} />
                        </ActionIcon>
                        <ActionIcon
                          variant="subtle"
                          color="red"
                          aria-label={`${t('deleteDo')}: ${label(d.label)}`}
                          onClick={() => void remove(d)}
                        >
                          <Trash2 size={15} />
                        </ActionIcon>
                      </>
                    )}
                  </div>
                ),
                width: 110,
                align: 'end',
              },
            ]}
          />
        )}
      </Query>
      <FormulaDialog
        opened={isNew || !!edited}
        metric={edited}
        onClose={() => {
          setNew(false);
          setEdited(undefined);
        }}
      />
    </Page>
  );
}
