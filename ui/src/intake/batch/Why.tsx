// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { currentLanguage, translate } from '@/app/i18n';
import type { Finding } from '../api';
import { fieldLabel } from '../file/targets';
import classes from './Batch.module.css';

/** The name of a finding in the person's language; the server's sentence when it is not known here. */
export function codeLabel(code: string, fallback?: string): string {
  return translate(`intake:code.${code.replaceAll('.', '_')}`, fallback ?? code);
}

/** What to do about a finding: translated where known, the server's sentence in English otherwise. */
export function remedyOf(code: string, remedy: string | undefined): string {
  return translate(`intake:fix.${code.replaceAll('.', '_')}`, currentLanguage() === 'en' ? (remedy ?? '') : '');
}

const FEW = 2;

/** The findings of one row in short. */
export function Why({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation('intake');
  if (findings.length === 0) return null;
  return (
    <div className={classes.why}>
      {findings.slice(0, FEW).map((finding) => (
        <span key={`${finding.column} ${finding.code}`}>
          {fieldLabel(finding.column)}: {codeLabel(finding.code, finding.message)}
        </span>
      ))}
      {findings.length > FEW && <small>{t('rows.more', { count: findings.length - FEW })}</small>}
    </div>
  );
}
