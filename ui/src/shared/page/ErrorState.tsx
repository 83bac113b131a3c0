// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { CloudOff, Lock, RotateCw, SearchX, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/app/api';
import { faultText } from '@/app/faults';
import { isMaskedFault, UnmaskButton } from './UnmaskButton';
import classes from './EmptyState.module.css';

function iconOf(fault: unknown) {
  if (!(fault instanceof ApiError)) return TriangleAlert;
  if (fault.status === 0) return CloudOff;
  if (fault.status === 403) return Lock;
  return fault.status === 404 ? SearchX : TriangleAlert;
}

/** Something failed: says what was wrong and offers to try again. */
export function ErrorState({ fault, onRetry }: { fault: unknown; onRetry?: () => void }) {
  const { t } = useTranslation('shared');
  const Icon = iconOf(fault);
  const masked = isMaskedFault(fault);
  const forbidden = fault instanceof ApiError && fault.status === 403;
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} data-bad>
        <Icon size={22} strokeWidth={1.6} aria-hidden />
      </span>
      <h2>{t(masked ? 'error.masked' : forbidden ? 'error.forbidden' : 'error.title')}</h2>
      <p>{faultText(fault)}</p>
      {masked && (
        <div className={classes.actions}>
          <UnmaskButton />
        </div>
      )}
      {onRetry && !forbidden && (
        <div className={classes.actions}>
          <Button variant="default" leftSection={<RotateCw size={14} />} onClick={onRetry}>
            {t('error.retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
