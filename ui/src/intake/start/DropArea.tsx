// SPDX-License-Identifier: Apache-2.0
import { Dropzone } from '@mantine/dropzone';
import { Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './Start.module.css';

interface DropAreaProps {
  onFiles: (files: File[]) => void;
  openRef: React.RefObject<(() => void) | null>;
}

/** The place to drop files on; a file may be dropped anywhere else on the page as well. */
export function DropArea({ onFiles, openRef }: DropAreaProps) {
  const { t } = useTranslation('intake');
  return (
    <>
      <Dropzone
        unstyled
        className={classes.drop}
        onDrop={onFiles}
        openRef={openRef}
        aria-label={t('drop.title')}
        inputProps={{ 'aria-label': t('drop.choose') }}
      >
        <span className={classes.icon} style={{ marginInline: 'auto' }}>
          <Upload size={22} strokeWidth={1.6} aria-hidden />
        </span>
        <strong>{t('drop.title')}</strong>
        <p>{t('drop.formats')}</p>
        <p>{t('drop.clever')}</p>
      </Dropzone>
      <Dropzone.FullScreen active onDrop={onFiles} zIndex={400}>
        <div className={classes.over}>
          <Upload size={40} strokeWidth={1.5} aria-hidden />
          {t('drop.over')}
        </div>
      </Dropzone.FullScreen>
    </>
  );
}
