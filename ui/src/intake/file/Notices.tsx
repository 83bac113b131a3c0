// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { translate } from '@/app/i18n';
import type { Notice } from '../api';
import classes from './File.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** What the server noticed about a file or its mapping, with the remedy. */
export function Notices({ notices }: { notices: Notice[] }) {
  return (
    <ul className={classes.notices}>
      {notices.map((notice) => {
        const Icon = icons[notice.severity];
        const values = { ...notice };
        const key = notice.code.replaceAll('.', '_');
        return (
          <li
            key={`${notice.code} ${notice.column ?? ''} ${notice.row ?? ''}`}
            className={classes.notice}
            data-severity={notice.severity}
          >
            <Icon size={15} aria-hidden />
            <span>{translate(`intake:notice.${key}`, notice.message, values)}</span>
            {notice.remedy && <small>{translate(`intake:remedy.${key}`, notice.remedy, values)}</small>}
          </li>
        );
      })}
    </ul>
  );
}
