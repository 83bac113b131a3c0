// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import { kinds, type FileView, type Kind, type Reading } from '../api';
import type { Draft } from './draft';
import { Notices } from './Notices';
import { RawPreview } from './RawPreview';
import { ReadingControls } from './ReadingControls';
import { SourcePicker } from './SourcePicker';
import classes from './File.module.css';

interface FileStepProps {
  view: FileView;
  draft: Draft;
  change: (change: Partial<Draft>) => void;
}

/** Step 1: where the file is from, what it holds and how it is read, beside its first rows. */
export function FileStep({ view, draft, change }: FileStepProps) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const read = (reading: Partial<Reading>) => change({ reading: { ...draft.reading, ...reading } });
  const { shape, mapping } = view;
  return (
    <div className={classes.split}>
      <div className={classes.controls}>
        <Panel title={t('file.what')}>
          <div className={classes.controls}>
            <SourcePicker value={draft.source} onChange={(source) => change({ source })} />
            <Select
              label={t('file.kind')}
              description={draft.kind ? undefined : t('file.kindGuess')}
              allowDeselect={false}
              data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              value={draft.kind ?? mapping.kind}
              onChange={(kind) => change({ kind: kind as Kind, corrections: {} })}
            />
          </div>
        </Panel>
        <Panel title={t('file.how')} aside={t(`format.${shape.format as 'csv'}`, shape.format)}>
          <ReadingControls shape={shape} reading={draft.reading} onRead={read} />
        </Panel>
        {shape.notices && shape.notices.length > 0 && (
          <Panel title={t('file.notices')}>
            <Notices notices={shape.notices} />
          </Panel>
        )}
      </div>
      <Panel
        flush
        title={t('file.preview')}
        aside={t('file.size', { columns: number(shape.columns.length), rows: number(shape.rows_about) })}
        actions={
          shape.encoding && (
            <SegmentedControl
              aria-label={t('file.encoding')}
              value={shape.encoding}
              onChange={(encoding) => read({ encoding })}
              data={encodingChoices(shape.encoding).map((value) => ({ value, label: value.toUpperCase() }))}
            />
          )
        }
      >
        <RawPreview view={view} reading={draft.reading} onHeader={(row) => read({ header_row: row })} />
      </Panel>
    </div>
  );
}

function encodingChoices(current: string): string[] {
  return [...new Set(['utf-8', 'cp949', current])];
}
