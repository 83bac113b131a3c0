// SPDX-License-Identifier: Apache-2.0
import { NumberInput, PasswordInput, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reading, Shape } from '../api';
import classes from './File.module.css';

const encodings = ['utf-8', 'cp949', 'utf-16le', 'utf-16be'] as const;
const delimiters = [',', '\t', ';', '|'] as const;

interface ReadingControlsProps {
  shape: Shape;
  reading: Reading;
  onRead: (reading: Partial<Reading>) => void;
}

/** How the file is read: what was found out, and everything of it can be overruled. */
export function ReadingControls({ shape, reading, onRead }: ReadingControlsProps) {
  const { t } = useTranslation('intake');
  const [password, setPassword] = useState(reading.password ?? '');
  const text = shape.format === 'csv' || shape.format === 'tsv';
  const isProtected = shape.notices?.some((notice) => notice.code.includes('password')) || reading.password;
  return (
    <div className={classes.controls}>
      {shape.encoding && (
        <Select
          label={t('file.encoding')}
          description={shape.has_bom ? t('file.bom') : undefined}
          allowDeselect={false}
          data={encodings.map((value) => ({ value, label: t(`encoding.${value}`) }))}
          value={shape.encoding}
          onChange={(encoding) => encoding && onRead({ encoding })}
        />
      )}
      {text && (
        <Select
          label={t('file.delimiter')}
          allowDeselect={false}
          data={delimiters.map((value) => ({ value, label: t(`delimiter.${value === '\t' ? 'tab' : value}`) }))}
          value={shape.delimiter ?? ','}
          onChange={(delimiter) => delimiter && onRead({ delimiter })}
        />
      )}
      {shape.sheets && shape.sheets.length > 0 && (
        <Select
          label={t('file.sheet')}
          allowDeselect={false}
          data={shape.sheets}
          value={shape.sheet ?? shape.sheets[0]}
          onChange={(sheet) => sheet && onRead({ sheet, header_row: undefined })}
        />
      )}
      {isProtected && (
        <PasswordInput
          label={t('file.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          onBlur={() => onRead({ password })}
          onKeyDown={(event) => event.key === 'Enter' && onRead({ password })}
        />
      )}
      {shape.format !== 'vcard' && (
        <NumberInput
          label={t('file.header')}
          description={t('file.headerHint')}
          min={0}
          max={50}
          value={shape.header_row}
          onChange={(row) => typeof row === 'number' && onRead({ header_row: row === 0 ? -1 : row })}
        />
      )}
    </div>
  );
}
