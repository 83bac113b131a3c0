// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rule } from '@/shared/filter';
import type { SimpleColumn } from '@/shared/page';
import { useSegment } from './useSegment';

/** A column whose button opens a new segment of the people of its row. */
export function useSegmentColumn<Row>(): (name: (row: Row) => string, rule: (row: Row) => Rule) => SimpleColumn<Row> {
  const { t } = useTranslation('mining');
  const segment = useSegment();
  return (name, rule) => ({
    id: 'go',
    header: '',
    align: 'end',
    cell: (row) => (
      <Button size="compact-sm" variant="subtle" onClick={() => segment(name(row), rule(row))}>
        {t('rfm.segment')}
      </Button>
    ),
  });
}
