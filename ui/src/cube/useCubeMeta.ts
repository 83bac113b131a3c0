// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLabel } from '@/app/label';
import type { Catalogue, FieldType } from '@/shared/filter';
import { metaQuery, type Dimension, type Measure } from './api';

/** An entry of a picker, under the name of its cube. */
export interface PickGroup {
  group: string;
  items: { value: string; label: string }[];
}

const types: Record<string, FieldType> = {
  choice: 'choice',
  integer: 'integer',
  id: 'integer',
  number: 'number',
  quantity: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
};

/** Dimensions and measures as pickers, filters and by name. */
export function useCubeMeta() {
  const result = useQuery(metaQuery);
  const label = useLabel();
  const { data } = result;
  const made = useMemo(() => {
    const cubes = data?.cubes ?? [];
    const dimensions = new Map<string, Dimension>();
    const measures = new Map<string, Measure>();
    for (const cube of cubes) {
      for (const d of cube.dimensions) dimensions.set(d.name, d);
      for (const m of cube.measures) measures.set(m.name, m);
    }
    const groups = (
      of: (cube: (typeof cubes)[number]) => { name: string; label: { ko: string; en: string } }[],
    ): PickGroup[] =>
      cubes
        .map((cube) => ({
          group: label(cube.label),
          items: of(cube).map((x) => ({ value: x.name, label: label(x.label) })),
        }))
        .filter((g) => g.items.length > 0);
    const catalogue: Catalogue = {
      fields: cubes.flatMap((cube) =>
        cube.dimensions.map((d) => ({
          name: d.name,
          label: label(d.label),
          type: d.values?.length ? ('choice' as const) : d.unit ? ('text' as const) : (types[d.kind] ?? 'text'),
          group: label(cube.label),
          choices: d.values?.map((v) => ({ value: v.value, label: label(v.label) })),
        })),
      ),
      events: [],
      segments: [],
    };
    return {
      dimensions,
      measures,
      dimensionGroups: groups((cube) => cube.dimensions.filter((d) => !d.filter_only)),
      measureGroups: groups((cube) => cube.measures),
      catalogue,
    };
  }, [data, label]);
  return { ...made, result };
}
