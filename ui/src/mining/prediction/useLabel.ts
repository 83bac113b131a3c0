// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Names a column of a model as people say it. */
export function useLabel(labels: Record<string, [string, string]> | undefined): (column: string) => string {
  const { i18n } = useTranslation();
  const isKorean = i18n.language.startsWith('ko');
  return useCallback((column) => labels?.[column]?.[isKorean ? 0 : 1] ?? column, [labels, isKorean]);
}
