// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ErrorState, Loading, Page } from '@/shared/page';
import { useFormat } from '@/shared/format';
import { createBatch, fileQuery, type FileView } from '../api';
import { applyCorrections, gapsOf, problemsOf } from '../mapping';
import { ImportSteps } from '../ImportSteps';
import { dropFile } from '../uploads';
import { useDraft, type Draft } from './draft';
import { FileStep } from './FileStep';
import { MappingStep } from './MappingStep';
import { needsPassword, PasswordPrompt } from './PasswordPrompt';
import classes from './File.module.css';

type Change = (change: Partial<Draft>) => void;

function FoundFile({ view, draft, change }: { view: FileView; draft: Draft; change: Change }) {
  const { t } = useTranslation('intake');
  const { step } = useSearch({ from: '/shell/import/files/$id' });
  const navigate = useNavigate();
  const mapping = applyCorrections(view.mapping, draft.corrections);
  const problems = problemsOf(mapping);
  const blocked = problems.size > 0 || gapsOf(mapping).length > 0;
  const go = (to: 'map' | undefined) => void navigate({ to: '.', search: to ? { step: to } : {} });
  const check = useMutation({
    mutationFn: () =>
      createBatch({
        file_id: view.id,
        source: draft.source.trim(),
        kind: mapping.kind,
        mapping,
        options: draft.reading,
        dry_run: true,
      }),
    onSuccess: (batch) => {
      dropFile(view.id);
      void navigate({ to: '/import/batches/$id', params: { id: String(batch.id) } });
    },
  });
  const named = draft.source.trim() !== '';

  return (
    <div className={classes.frame}>
      <div className={classes.body}>
        {step === 'map' ? (
          <MappingStep
            view={view}
            mapping={mapping}
            problems={problems}
            draft={draft}
            onCorrections={(corrections) => change({ corrections })}
          />
        ) : (
          <FileStep view={view} draft={draft} change={change} />
        )}
      </div>
      <footer className={classes.foot}>
        {step === 'map' ? (
          <>
            <Button variant="default" leftSection={<ArrowLeft size={14} />} onClick={() => go(undefined)}>
              {t('step.file')}
            </Button>
            <span className={classes.hint}>{t('map.dryHint')}</span>
            <Button
              rightSection={<ArrowRight size={14} />}
              disabled={blocked || !named}
              loading={check.isPending}
              onClick={() => check.mutate()}
            >
              {t('map.check')}
            </Button>
          </>
        ) : (
          <>
            <span className={classes.hint}>{named ? '' : t('file.needSource')}</span>
            <Button rightSection={<ArrowRight size={14} />} disabled={!named} onClick={() => go('map')}>
              {t('file.next')}
            </Button>
          </>
        )}
      </footer>
    </div>
  );
}

/** The first two steps of an import: is the file understood, and what do its columns mean. */
export function FilePage() {
  const { t } = useTranslation('intake');
  const id = Number(useParams({ from: '/shell/import/files/$id' }).id);
  const { step } = useSearch({ from: '/shell/import/files/$id' });
  const navigate = useNavigate();
  const { bytes } = useFormat();
  const [draft, change] = useDraft(id);
  const [source] = useDebouncedValue(draft.source.trim(), 400);
  const file = useQuery(fileQuery(id, { reading: draft.reading, source: source || undefined, kind: draft.kind }));
  const named = draft.source.trim() !== '';
  return (
    <Page
      title={file.data?.name ?? t('title')}
      aside={file.data && <span className="num">{bytes(file.data.size)}</span>}
      body="fill"
      bar={
        <ImportSteps
          current={step === 'map' ? 'map' : 'file'}
          onStep={(to) => void navigate({ to: '.', search: to === 'map' ? { step: 'map' } : {} })}
          canGo={(to) => to === 'file' || (to === 'map' && named)}
        />
      }
    >
      {file.data ? (
        <FoundFile view={file.data} draft={draft} change={change} />
      ) : needsPassword(file.error) ? (
        <PasswordPrompt
          fault={file.error}
          onPassword={(password) => change({ reading: { ...draft.reading, password } })}
        />
      ) : file.isError ? (
        <ErrorState fault={file.error} onRetry={() => void file.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
