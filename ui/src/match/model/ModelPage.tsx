// SPDX-License-Identifier: Apache-2.0
import { Button, FileButton, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ellipsis, SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiError, download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { EmptyState, Page, Query, tell } from '@/shared/page';
import { importModel, modelQuery, retrainModel, runsQuery, type Model } from '../api';
import { MatchTabs } from '../MatchTabs';
import runClasses from '../run/Run.module.css';
import { Comparisons } from './Comparisons';
import { QualityPanel } from './QualityPanel';
import { Rules } from './Rules';
import { Thresholds } from './Thresholds';
import { Versions } from './Versions';

/** The model: what it compares, how it weighs, from where it links, and what people's decisions say of it. */
export function ModelPage() {
  const { t } = useTranslation('match');
  const result = useQuery(modelQuery);
  const isMissing = result.error instanceof ApiError && result.error.status === 404;
  return (
    <Page
      title={t('model.title')}
      aside={result.data && t('model.number', { id: result.data.id })}
      actions={result.data && <ModelActions />}
      bar={<MatchTabs value="model" />}
    >
      {isMissing ? (
        <EmptyState icon={SlidersHorizontal} title={t('model.emptyTitle')} text={t('model.emptyText')}>
          <Button renderRoot={(props) => <Link to="/match" {...props} />}>{t('review.toRuns')}</Button>
        </EmptyState>
      ) : (
        <Query result={result}>{(model) => <Body model={model} />}</Query>
      )}
    </Page>
  );
}

function Body({ model }: { model: Model }) {
  const runs = useQuery(runsQuery);
  const run = runs.data?.items.find((one) => one.figures.customers > 0);
  return (
    <div className={runClasses.stack}>
      <Thresholds key={model.id} model={model} runId={run?.id} />
      <QualityPanel />
      <Comparisons key={`c${model.id}`} model={model} />
      <Rules model={model} />
      <Versions />
    </div>
  );
}

function ModelActions() {
  const { t } = useTranslation('match');
  const can = useCan();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['match'] });
  const retrain = useMutation({
    mutationFn: retrainModel,
    onSuccess: () => {
      tell(t('model.retrained'));
      return refresh();
    },
  });
  const take = useMutation({
    mutationFn: async (file: File) => importModel(JSON.parse(await file.text()) as unknown),
    onSuccess: () => {
      tell(t('model.imported'));
      return refresh();
    },
  });
  return (
    <>
      {can('match:configure') && (
        <Button variant="default" loading={retrain.isPending} onClick={() => retrain.mutate()}>
          {t('model.retrain')}
        </Button>
      )}
      <FileButton accept="application/json,.json" onChange={(file) => file && take.mutate(file)}>
        {(props) => (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" aria-label={t('model.more')} px={8}>
                <Ellipsis size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => void download('/api/match/model/file', { name: 'model.json' }).catch(tellFault)}
              >
                {t('model.export')}
              </Menu.Item>
              {can('match:configure') && <Menu.Item onClick={props.onClick}>{t('model.import')}</Menu.Item>}
            </Menu.Dropdown>
          </Menu>
        )}
      </FileButton>
    </>
  );
}
