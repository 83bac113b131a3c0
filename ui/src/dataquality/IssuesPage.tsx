// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Page, Panel, SimpleTable, Status, useList } from '@/shared/page';
import { MaskToggle } from '@/customer/list/MaskToggle';
import { qualityKey, scoresQuery, type Issue, type IssueAsk } from './api';
import classes from './Quality.module.css';
import { shownValue } from './shownValue';

const kinds = [
  'invalid',
  'doubtful',
  'returned',
  'contradicted',
  'stale',
  'unproven',
  'shared',
  'unreachable',
  'disagreement',
] as const;
const fields = ['full_name', 'mobile', 'email', 'birth_on', 'sex', 'address', 'postal_code'] as const;

/** The people behind a score: what is to be mended about whom, by kind, field, source and department. */
export function IssuesPage() {
  const { t } = useTranslation('dataquality');
  const { number, date } = useFormat();
  const ask = useSearch({ from: '/shell/quality/issues' });
  const navigate = useNavigate({ from: '/quality/issues' });
  const can = useCan();
  const scores = useQuery(scoresQuery);
  const list = useList<Issue>({
    queryKey: [...qualityKey, 'issues', ask],
    path: '/api/issues',
    options: { query: { ...ask } },
    limit: 50,
  });
  const narrow = (change: IssueAsk) => void navigate({ search: { ...ask, code: undefined, ...change } });
  return (
    <Page
      title={t('issues')}
      aside={list.total && t('count', { n: number(list.total.count) })}
      before={
        <ActionIcon
          onClick={() => void navigate({ to: '/quality', search: {} })}
          aria-label={t('backToScores')}
          title={t('backToScores')}
        >
          <ArrowLeft size={17} />
        </ActionIcon>
      }
      actions={
        <>
          <MaskToggle />
          {ask.kind && can('dataquality:mend') && (
            <Button onClick={() => void navigate({ to: '/quality/work', search: ask })}>{t('start')}</Button>
          )}
        </>
      }
      bar={
        <>
          <Select
            aria-label={t('kindLabel')}
            placeholder={t('kindLabel')}
            data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={ask.kind ?? null}
            onChange={(kind) => narrow({ kind: kind ?? undefined })}
            clearable
            w={190}
          />
          <Select
            aria-label={t('fieldLabel')}
            placeholder={t('fieldLabel')}
            data={fields.map((field) => ({ value: field, label: translate(`customer:field.${field}`, field) }))}
            value={ask.field ?? null}
            onChange={(field) => narrow({ field: field ?? undefined })}
            clearable
            w={150}
          />
          <Select
            aria-label={t('source')}
            placeholder={t('source')}
            data={scores.data?.sources.map((source) => ({ value: String(source.source_id), label: source.name })) ?? []}
            value={ask.source_id === undefined ? null : String(ask.source_id)}
            onChange={(id) => narrow({ source_id: id ? Number(id) : undefined })}
            clearable
            w={160}
          />
          <Select
            aria-label={t('department')}
            placeholder={t('department')}
            data={scores.data?.departments.map((one) => one.name) ?? []}
            value={ask.department ?? null}
            onChange={(department) => narrow({ department: department ?? undefined })}
            clearable
            w={150}
          />
        </>
      }
    >
      {list.isPending && <Loading />}
      {list.fault ? <ErrorState fault={list.fault} onRetry={list.retry} /> : null}
      {!list.isPending && !list.fault && list.items.length === 0 && (
        <EmptyState icon={CircleCheck} title={t('nothing')} text={t('nothingText')} />
      )}
      {list.items.length > 0 && (
        <Panel flush>
          <SimpleTable<Issue>
            label={t('issues')}
            rows={list.items}
            rowKey={(issue) => issue.id ?? 0}
            stack
            columns={[
              {
                id: 'who',
                header: translate('customer:key.customer', ''),
                cell: (issue) => (
                  <Link to="/customers/$id" params={{ id: String(issue.customer_id) }}>
                    {issue.customer?.full_name || `#${issue.customer_id}`}
                  </Link>
                ),
              },
              {
                id: 'kind',
                header: t('kindLabel'),
                cell: (issue) => (
                  <>
                    {translate(`dataquality:kind.${issue.kind}`, issue.kind)}
                    {issue.field !== '*' && (
                      <span className="dim"> · {translate(`customer:field.${issue.field}`, issue.field)}</span>
                    )}
                  </>
                ),
              },
              {
                id: 'values',
                header: t('valuesLabel'),
                cell: (issue) => (
                  <ul className={classes.values}>
                    {issue.values?.map((value) => (
                      <li key={value.record_id}>
                        <span>{shownValue(value.value)}</span>
                        <small className="dim">{value.source}</small>
                        {value.is_golden && <Status tone="accent">{t('golden')}</Status>}
                      </li>
                    ))}
                  </ul>
                ),
              },
              { id: 'found', header: t('foundAt'), cell: (issue) => date(issue.found_at) },
              {
                id: 'claimed',
                header: t('inWork'),
                cell: (issue) => (issue.claimed_by ? <Status tone="cyan">{issue.claimed_by}</Status> : '–'),
              },
            ]}
          />
          <ListFoot list={list} />
        </Panel>
      )}
    </Page>
  );
}
