// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '@/app/session';
import { formatters, type Formatters } from './formatters';

const made = new Map<string, Formatters>();

/** The writers for the person's language and the company's zone and currency. */
export function useFormat(): Formatters {
  const { i18n } = useTranslation();
  const { data } = useQuery({ ...sessionQuery, enabled: false });
  const language = i18n.language === 'en' ? 'en' : 'ko';
  const key = `${language} ${data?.company.zone} ${data?.company.currency}`;
  let kept = made.get(key);
  if (!kept) made.set(key, (kept = formatters(language, data?.company.zone, data?.company.currency)));
  return kept;
}
