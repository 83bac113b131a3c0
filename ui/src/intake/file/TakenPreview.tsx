// SPDX-License-Identifier: Apache-2.0
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import { codeLabel } from '../batch/Why';
import type { BatchRow, FileView, Mapping } from '../api';
import type { Draft } from './draft';
import { fieldLabel } from './targets';
import styles from './Mapping.module.css';

interface TakenPreviewProps {
  view: FileView;
  mapping: Mapping;
  draft: Draft;
}

const SETTLE = 500;
const SHOWN = 8;

/** The label of a value of a row that was read: a field, or a custom attribute. */
function labelOf(name: string, mapping: Mapping): string {
  if (!name.startsWith('attr.')) return fieldLabel(name);
  const slug = name.slice('attr.'.length);
  return mapping.columns.find((column) => column.attribute?.slug === slug)?.attribute?.label ?? slug;
}

/** The first rows as the present mapping reads them: the quickest way to see that something is wrong. */
export function TakenPreview({ view, mapping, draft }: TakenPreviewProps) {
  const { t } = useTranslation('intake');
  const [asked] = useDebouncedValue(JSON.stringify({ mapping, reading: draft.reading, source: draft.source }), SETTLE, {
    leading: true,
  });
  const result = useQuery({
    queryKey: ['files', view.id, 'taken', asked],
    queryFn: ({ signal }) => {
      const {
        mapping: wanted,
        reading,
        source,
      } = JSON.parse(asked) as Pick<Draft, 'reading' | 'source'> & {
        mapping: Mapping;
      };
      return api.post<FileView>('/api/files/{id}/preview', {
        path: { id: view.id },
        body: { ...reading, source, kind: wanted.kind, mapping: wanted },
        signal,
      });
    },
    placeholderData: (old) => old,
    retry: false,
    staleTime: Infinity,
  });
  const rows = (result.data?.taken ?? []).slice(0, SHOWN);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  if (rows.length === 0) return null;
  const columns: SimpleColumn<BatchRow>[] = [
    { id: 'row', header: t('rows.row'), align: 'end', width: 56, cell: (row) => row.row },
    ...names.map((name) => ({
      id: name,
      header: labelOf(name, mapping),
      cell: (row: BatchRow) => <span className={styles.taken}>{row.values[name] ?? ''}</span>,
    })),
    {
      id: 'findings',
      header: t('outcome.findings'),
      cell: (row) => (
        <span className={styles.taken} data-bad={row.outcome === 'rejected' || undefined}>
          {(row.findings ?? []).map((finding) => codeLabel(finding.code, finding.message)).join(', ')}
        </span>
      ),
    },
  ];
  return (
    <Panel flush title={t('map.taken')} aside={t('map.takenHint')}>
      <SimpleTable label={t('map.taken')} rows={rows} columns={columns} rowKey={(row) => row.row} />
    </Panel>
  );
}
