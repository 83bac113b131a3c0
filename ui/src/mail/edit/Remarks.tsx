// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import type { Remark } from '@/app/preview';
import styles from './Editor.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** Lists of words are read as one text. */
function readable(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.map((word) => translate(`mail:lint.word.${String(word)}`, String(word))).join(', ')
        : value,
    ]),
  );
}

/** What the check of a template found, with what to do. */
export function Remarks({ remarks }: { remarks: Remark[] }) {
  const { t } = useTranslation('mail');
  if (remarks.length === 0) {
    return (
      <ul className={styles.lint}>
        <li>
          <CircleCheck size={15} aria-hidden />
          <span>{t('lint.none')}</span>
        </li>
      </ul>
    );
  }
  return (
    <ul className={styles.lint}>
      {remarks.map((item) => {
        const Icon = icons[item.severity];
        const key = item.code.split('.').at(-1) ?? '';
        const remedy = translate(`mail:lint.fix.${key}`, '');
        return (
          <li key={item.code} data-severity={item.severity}>
            <Icon size={15} aria-hidden />
            <span>{translate(`mail:lint.code.${key}`, item.message, readable(item.fields))}</span>
            {remedy && <small>{remedy}</small>}
          </li>
        );
      })}
    </ul>
  );
}
