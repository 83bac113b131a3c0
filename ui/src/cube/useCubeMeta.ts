// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, type Label } from '@/app/label';
import type { Catalogue, FieldType } from '@/shared/filter';
import { metaQuery } from './api';

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
  const { t } = useTranslation('cube');
  const { data } = result;
  const made = useMemo(() => {
    const measures = new Map((data?.measures ?? []).map((m) => [m.name, m]));
    const dimensions = new Map((data?.dimensions ?? []).map((d) => [d.name, d]));
    const names = new Map([...measures.values(), ...dimensions.values()].map((item) => [item.name, label(item.label)]));
    const name = (cube: string) => t(`cubes.${cube as 'customer'}`, { defaultValue: cube });
    const groups = (items: { name: string; cube: string; label: Label }[]): PickGroup[] => {
      const byCube = new Map<string, PickGroup>();
      for (const item of items) {
        const group = byCube.get(item.cube) ?? { group: name(item.cube), items: [] };
        group.items.push({ value: item.name, label: label(item.label) });
        byCube.set(item.cube, group);
      }
      return [...byCube.values()];
    };
    const catalogue: Catalogue = {
      fields: [...dimensions.values()].map((d) => ({
        name: d.name,
        label: label(d.label),
        type: d.values?.length ? 'choice' : d.unit ? 'text' : (types[d.kind] ?? 'text'),
        group: name(d.cube),
        choices: d.values?.map((v) => ({ value: v.value, label: label(v.label) })),
        operators: d.operators,
      })),
      events: [],
      segments: [],
    };
    return {
      dimensions,
      measures,
      names,
      dimensionGroups: groups([...dimensions.values()].filter((d) => !d.filter_only)),
      measureGroups: groups([...measures.values()]),
      catalogue,
    };
  }, [data, label, t]);
  return { ...made, result };
}
