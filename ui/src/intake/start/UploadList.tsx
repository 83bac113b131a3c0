// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Progress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FileCheck, FileUp, FileWarning, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import { drop, useUploads, type Upload } from '../uploads';
import classes from './Start.module.css';

function UploadLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation('intake');
  const { bytes, percent } = useFormat();
  const Icon = upload.fault ? FileWarning : upload.fileId ? FileCheck : FileUp;
  return (
    <div className={classes.upload}>
      <Icon size={17} strokeWidth={1.75} aria-hidden />
      <span className="ellipsis">
        {upload.name}
        <small>{bytes(upload.size)}</small>
      </span>
      {upload.fileId ? (
        <Button
          size="compact-sm"
          renderRoot={(props) => <Link to="/import/files/$id" params={{ id: String(upload.fileId) }} {...props} />}
        >
          {t('upload.continue')}
        </Button>
      ) : (
        <span className="num dim">{upload.fault ? '' : percent(upload.progress, 0)}</span>
      )}
      <ActionIcon size={28} onClick={() => drop(upload.key)} aria-label={t('upload.drop', { name: upload.name })}>
        <X size={15} />
      </ActionIcon>
      {!upload.fileId && !upload.fault && (
        <Progress className={classes.below} value={upload.progress * 100} aria-label={upload.name} />
      )}
      {upload.fault !== undefined && (
        <p className={`${classes.below} ${classes.bad}`} role="alert">
          {faultText(upload.fault)}
        </p>
      )}
    </div>
  );
}

/** The files of this visit that are on their way or wait to be looked at. */
export function UploadList() {
  const { t } = useTranslation('intake');
  const uploads = useUploads();
  if (uploads.length === 0) return null;
  return (
    <Panel title={t('upload.title')} flush>
      {uploads.map((upload) => (
        <UploadLine key={upload.key} upload={upload} />
      ))}
    </Panel>
  );
}
