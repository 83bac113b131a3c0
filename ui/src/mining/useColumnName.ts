// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';

/** Names a column of customers as people say it. */
export function useColumnName(): (column: string) => string {
  const { t } = useTranslation('mining');
  return (column) => t(`finding.columns.${column}` as 'finding.columns.orders', { defaultValue: column });
}

const levels = new Set(['female', 'male']);

/** Names a value of a column; most values are names already. */
export function useLevelName(): (column: string, level: string) => string {
  const { t } = useTranslation('mining');
  return (column, level) => {
    if (column === 'rfm_segment') return t(`finding.groups.${level}` as 'finding.groups.new', { defaultValue: level });
    if (column === 'sex' && levels.has(level)) return t(`finding.sexes.${level as 'female' | 'male'}`);
    return level;
  };
}
