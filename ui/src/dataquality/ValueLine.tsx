// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { Status } from '@/shared/page';
import type { IssueValue } from './api';
import classes from './Quality.module.css';
import { shownValue } from './shownValue';

interface ValueLineProps {
  value: IssueValue;
  busy: boolean;
  onChoose?: () => void;
}

/** What one source says, and the button that makes it the value that holds. */
export function ValueLine({ value, busy, onChoose }: ValueLineProps) {
  const { t } = useTranslation('dataquality');
  const { date } = useFormat();
  return (
    <div className={classes.value} data-golden={value.is_golden || undefined}>
      <span>
        {value.source}
        <small className="dim">
          {value.department && `${value.department} · `}
          {date(value.received_at)}
        </small>
      </span>
      <span>
        {shownValue(value.value)} {value.is_golden && <Status tone="accent">{t('golden')}</Status>}
        {value.code && (
          <small style={{ color: 'var(--warn-text)' }}>
            {translate(`intake:code.${value.code.replaceAll('.', '_')}`, value.message ?? value.code)}
          </small>
        )}
      </span>
      {onChoose && value.value !== '' && !value.is_refused && (
        <Button size="compact-sm" variant={value.is_golden ? 'default' : 'light'} disabled={busy} onClick={onChoose}>
          {t('choose')}
        </Button>
      )}
    </div>
  );
}
