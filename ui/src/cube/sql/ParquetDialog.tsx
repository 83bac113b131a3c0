// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Query, SimpleTable, tell } from '@/shared/page';
import { parquetQuery, planParquet, writeParquet } from './api';

const NEVER = -1;
const LOOK_AGAIN = 5_000;

/** The Parquet files for other programs: what there is, when they are written, writing them now. */
export function ParquetDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('cube');
  const label = useLabel();
  const { dateTime, number, bytes, duration } = useFormat();
  const cache = useQueryClient();
  const status = useQuery({ ...parquetQuery, refetchInterval: LOOK_AGAIN });
  const plan = useMutation({
    mutationFn: planParquet,
    onSuccess: (next) => cache.setQueryData(parquetQuery.queryKey, next),
  });
  const write = useMutation({ mutationFn: writeParquet, onSuccess: () => tell(t('parquet.started')) });
  return (
    <Modal opened onClose={onClose} title={t('parquet.title')} size="xl">
      <p className="dim" style={{ marginTop: 0 }}>
        {t('parquet.about')}
      </p>
      <Query result={status} lines={4}>
        {(data) => (
          <div style={{ display: 'grid', gap: 12 }}>
            <div style={{ display: 'flex', gap: 12, alignItems: 'end', flexWrap: 'wrap' }}>
              <Select
                label={t('parquet.every')}
                w={180}
                allowDeselect={false}
                value={String(data.hour)}
                data={[
                  { value: String(NEVER), label: t('parquet.never') },
                  ...Array.from({ length: 24 }, (_, n) => ({
                    value: String(n),
                    label: t('subscription.hourOf', { n }),
                  })),
                ]}
                onChange={(value) => plan.mutate(Number(value))}
              />
              <Button leftSection={<Play size={14} />} loading={write.isPending} onClick={() => write.mutate()}>
                {t('parquet.now')}
              </Button>
            </div>
            <code style={{ overflowWrap: 'anywhere' }}>
              {data.folder}/{data.current ? `${data.current.edition}/` : ''}
            </code>
            {data.current ? (
              <>
                <p style={{ margin: 0 }}>
                  {t('parquet.written', {
                    at: dateTime(data.current.written_at),
                    data: dateTime(data.current.data_at),
                    seq: data.current.data_seq,
                    took: duration(data.current.took_ms / 1000),
                  })}
                </p>
                <SimpleTable
                  label={t('parquet.title')}
                  rows={data.current.tables}
                  rowKey={(file) => file.name}
                  columns={[
                    { id: 'file', header: t('parquet.file'), cell: (file) => <code>{file.path}</code> },
                    { id: 'label', header: t('parquet.table'), cell: (file) => label(file.label) },
                    { id: 'rows', header: t('parquet.rows'), align: 'end', cell: (file) => number(file.rows) },
                    {
                      id: 'columns',
                      header: t('parquet.columns'),
                      align: 'end',
                      cell: (f) => number(f.columns.length),
                    },
                    { id: 'size', header: t('parquet.size'), align: 'end', cell: (file) => bytes(file.bytes) },
                  ]}
                />
              </>
            ) : (
              <p className="dim">{t('parquet.none')}</p>
            )}
          </div>
        )}
      </Query>
    </Modal>
  );
}
