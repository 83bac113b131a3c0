// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** A label that the server gives in both languages. */
export interface Label {
  ko: string;
  en: string;
}

/** Reads such labels in the language of the screen. */
export function useLabel(): (label: Label | undefined) => string {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'ko';
  return useCallback((label) => label?.[language] ?? '', [language]);
}
