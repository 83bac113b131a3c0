// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { translate } from '@/app/i18n';
import type { Remark } from '@/app/preview';
import styles from './Edit.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** What has to be mended before the message may go, or is worth knowing. */
export function PlanRemarks({ remarks }: { remarks: Remark[] }) {
  return (
    <ul className={styles.remarks}>
      {remarks.map((remark) => {
        const Icon = icons[remark.severity];
        const key = remark.code.split('.').at(-1) ?? '';
        return (
          <li key={remark.code} data-severity={remark.severity}>
            <Icon size={15} aria-hidden />
            <span>{translate(`mail:lint.code.${key}`, remark.message, remark.fields)}</span>
          </li>
        );
      })}
    </ul>
  );
}
