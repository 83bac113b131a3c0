// SPDX-License-Identifier: Apache-2.0
import dayjs from 'dayjs';
import 'dayjs/locale/ko';
import { josa } from 'es-hangul';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

/** The languages of the product. */
export type Language = 'ko' | 'en';

export const languages: { code: Language; label: string }[] = [
  { code: 'ko', label: '한국어' },
  { code: 'en', label: 'English' },
];

const KEY = 'dangol-language';

type Catalogue = Record<string, Record<string, unknown>>;

async function load(language: Language): Promise<Catalogue> {
  const module = language === 'ko' ? await import('./messages.ko') : await import('./messages.en');
  return module.messages;
}

function preferred(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'ko' || kept === 'en') return kept;
  return navigator.languages.some((code) => code.startsWith('ko')) ? 'ko' : 'en';
}

function apply(language: Language) {
  document.documentElement.lang = language;
  dayjs.locale(language);
  localStorage.setItem(KEY, language);
}

/** Starts i18next with the kept or preferred language; called once before the first render. */
export async function startI18n(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'app',
    resources: { [language]: await load(language) },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  type Particle = Parameters<typeof josa>[1];
  i18next.services.formatter?.add('josa', (value: unknown, _, options: { p?: Particle }) =>
    options.p ? josa(String(value), options.p) : String(value),
  );
  apply(language);
}

/** Changes the language of the whole screen without a reload. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'app')) {
    for (const [namespace, texts] of Object.entries(await load(language))) {
      i18next.addResourceBundle(language, namespace, texts);
    }
  }
  await i18next.changeLanguage(language);
  apply(language);
}

/** The language shown now. */
export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'ko';
}

/** Translates a key that is only known at run time ("namespace:path"), or gives the fallback. */
export function translate(key: string, fallback?: string, values?: Record<string, unknown>): string {
  const t = i18next.t as unknown as (key: string, options: Record<string, unknown>) => string;
  return t(key, { ...values, defaultValue: fallback ?? key });
}
