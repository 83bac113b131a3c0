// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { Page, Query } from '@/shared/page';
import { batchQuery, isActive, type Batch } from '../api';
import { draftOf, keepDraft } from '../file/draft';
import { ImportSteps, type ImportStep } from '../ImportSteps';
import { takeNews, type BatchNews } from '../news';
import { BatchStatus } from './BatchStatus';
import { DryRun } from './DryRun';
import { Result } from './Result';
import { Working } from './Working';

function BatchContent({ batch, onMap }: { batch: Batch; onMap: () => void }) {
  if (isActive(batch.state)) return <Working batch={batch} />;
  if (batch.state === 'tried') return <DryRun batch={batch} onMap={onMap} />;
  return <Result batch={batch} onMap={onMap} />;
}

const isCheck = (batch: Batch | undefined) => ['prepared', 'trying', 'tried'].includes(batch?.state ?? 'prepared');

/** One batch: its dry run, its progress or its result, whatever is due. */
export function BatchPage() {
  const { t } = useTranslation('intake');
  const { id } = useParams({ from: '/shell/import/batches/$id' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const result = useQuery(batchQuery(Number(id)));
  const batch = result.data;
  useLive<BatchNews>(batch && isActive(batch.state) ? `batch:${id}` : undefined, (news) =>
    takeNews(queries, { ...news, id: Number(id) }),
  );
  const toFile = (step: ImportStep) => {
    if (!batch) return;
    keepDraft(batch.file_id, draftOf(batch));
    void navigate({
      to: '/import/files/$id',
      params: { id: String(batch.file_id) },
      search: step === 'map' ? { step: 'map' } : {},
    });
  };
  const started = batch !== undefined && !isCheck(batch);
  return (
    <Page
      title={batch?.file_name || t('title')}
      aside={
        batch && (
          <>
            <BatchStatus state={batch.state} />
            <span className="ellipsis">
              #{batch.id} · {batch.source_label ?? batch.source} · {t(`kind.${batch.kind}`)}
            </span>
          </>
        )
      }
      body="fill"
      bar={
        <ImportSteps
          current={started ? 'load' : 'check'}
          finished={batch?.state === 'done'}
          onStep={started ? undefined : toFile}
          canGo={(step) => step === 'file' || step === 'map'}
        />
      }
    >
      <Query result={result}>{(found) => <BatchContent batch={found} onMap={() => toFile('map')} />}</Query>
    </Page>
  );
}
