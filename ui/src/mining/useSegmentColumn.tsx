// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '@/shared/filter';
import type { SimpleColumn } from '@/shared/page';
import { FindingMenu } from './actions';

/** A column that leads from a row to a segment, offer, campaign or attribute of its people. */
export function useSegmentColumn<Row>(): (
  name: (row: Row) => string,
  rule: (row: Row) => Rule,
  category?: (row: Row) => string | undefined,
) => SimpleColumn<Row> {
  return (name, rule, category) => ({
    id: 'go',
    header: '',
    align: 'end',
    cell: (row) => <FindingMenu name={name(row)} rules={[rule(row)]} category={category?.(row)} />,
  });
}
