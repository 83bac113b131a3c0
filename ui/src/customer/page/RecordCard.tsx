// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Split, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { Status } from '@/shared/page';
import type { CustomerRecord, Value } from '../api';
import { fieldText } from '../FieldValue';
import { useCustomerFields } from '../fields';
import classes from './Records.module.css';

interface RecordCardProps {
  record: CustomerRecord;
  select?: ReactNode;
  onSeparate?: () => void;
}

/** One source record: where it came from, why it belongs here, and its values as given. */
export function RecordCard({ record, select, onSeparate }: RecordCardProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const fields = useCustomerFields();
  const [original, setOriginal] = useState(false);
  const order = (name: string) => fields.findIndex((field) => field.name === name) + 1 || fields.length + 1;
  const values = Object.entries(record.values)
    .filter(([, value]) => value !== '' && value !== null)
    .sort(([a], [b]) => order(a) - order(b));
  const given = Object.entries(record.given ?? {}).filter(([, value]) => value !== '');
  const textOf = (name: string, value: unknown) => {
    const field = original ? undefined : fields.find((one) => one.name === name);
    return field ? fieldText(field, value as Value, format) : String(value);
  };
  return (
    <article className={classes.card} data-withdrawn={record.withdrawn_at ? true : undefined}>
      <header className={classes.cardHead}>
        {select}
        <strong>{record.source}</strong>
        {record.source_key && <code>{record.source_key}</code>}
        <span className="dim">{format.dateTime(record.received_at)}</span>
        {record.withdrawn_at ? (
          <Status tone="grey">{t('record.withdrawn')}</Status>
        ) : (
          <span className={classes.reason}>
            {t('record.linkedBy', {
              reason: translate(`customer:reason.${record.reason.replaceAll('+', '_')}`, record.reason),
            })}
          </span>
        )}
        {given.length > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-pressed={original}
            onClick={() => setOriginal(!original)}
          >
            {t(original ? 'record.showValues' : 'record.showGiven')}
          </Button>
        )}
        {onSeparate && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<Split size={13} />}
            onClick={onSeparate}
          >
            {t('record.separate')}
          </Button>
        )}
      </header>
      {values.length === 0 && <p className={classes.hidden}>{t('record.hidden')}</p>}
      <dl className={classes.values}>
        {(original ? given : values).map(([name, value]) => (
          <div key={name}>
            <dt>{fields.find((field) => field.name === name)?.label ?? name}</dt>
            <dd>{textOf(name, value)}</dd>
          </div>
        ))}
      </dl>
      {record.findings?.map((finding) => (
        <p key={`${finding.field}:${finding.rule}`} className={classes.finding}>
          <TriangleAlert size={13} aria-hidden />
          <span>
            {fields.find((field) => field.name === finding.field)?.label ?? finding.field}:{' '}
            {translate(`intake:code.${finding.code.replaceAll('.', '_')}`, finding.message)}
          </span>
          <span className="dim">{finding.rule}</span>
        </p>
      ))}
    </article>
  );
}
