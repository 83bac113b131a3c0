// SPDX-License-Identifier: Apache-2.0
import { Button, FileButton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Bot, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLabel as useText } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, Status, tell } from '@/shared/page';
import { importModel, modelsQuery, type ModelInUse } from './api';

/** Models whose scores everybody sees: how they do, and which no longer fit. */
export function ModelsPage() {
  const { t } = useTranslation('mining');
  const can = useCan();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const models = useQuery(modelsQuery);
  const take = useMutation({
    mutationFn: async (file: File) => importModel(JSON.parse(await file.text()) as unknown),
    onError: (error) => tellFault(error instanceof SyntaxError ? new Error(t('models.noJson')) : error),
    onSuccess: async (m) => {
      tell(t(m.challenger ? 'models.importedRival' : 'models.imported'));
      await cache.invalidateQueries({ queryKey: modelsQuery.queryKey });
      await navigate({ to: '/models/$event', params: { event: m.event } });
    },
  });
  return (
    <Page
      title={t('models.title')}
      actions={
        <>
          {can('mining:update') && (
            <FileButton accept="application/json,.json" onChange={(file) => file && take.mutate(file)}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<Upload size={15} />} loading={take.isPending}>
                  {t('models.import')}
                </Button>
              )}
            </FileButton>
          )}
          <Button component={Link} to="/prediction">
            {t('models.new')}
          </Button>
        </>
      }
    >
      <Query result={models}>
        {(page) =>
          (page.items ?? []).length === 0 ? (
            <EmptyState icon={Bot} title={t('models.none')} text={t('models.noneText')}>
              <Button component={Link} to="/prediction">
                {t('models.new')}
              </Button>
            </EmptyState>
          ) : (
            <Panel title={t('models.list')} flush>
              <List models={page.items ?? []} />
            </Panel>
          )
        }
      </Query>
    </Page>
  );
}

function List({ models }: { models: ModelInUse[] }) {
  const { t } = useTranslation('mining');
  const text = useText();
  const { number, dateTime } = useFormat();
  const navigate = useNavigate();
  return (
    <SimpleTable
      label={t('models.list')}
      rows={models}
      rowKey={(m) => m.id}
      stack
      onOpen={(m) => void navigate({ to: '/models/$event', params: { event: m.event } })}
      columns={[
        {
          id: 'q',
          header: t('models.question'),
          cell: (m) => (
            <Link to="/models/$event" params={{ event: m.event }}>
              {text(m.champion.target)}
            </Link>
          ),
        },
        {
          id: 'm',
          header: t('finding.prediction.model'),
          cell: (m) => t(`finding.models.${m.champion.model}` as 'finding.models.boost'),
        },
        {
          id: 'a',
          header: t('models.auc'),
          align: 'end',
          cell: (m) =>
            m.latest?.past?.auc === undefined
              ? number(m.champion.test.auc, 3)
              : `${number(m.champion.test.auc, 3)} → ${number(m.latest.past.auc, 3)}`,
        },
        {
          id: 'p',
          header: 'PSI',
          align: 'end',
          cell: (m) => (m.latest ? number(m.latest.now.score.psi, 3) : '–'),
        },
        {
          id: 's',
          header: t('models.state'),
          cell: (m) => (
            <>
              <Status tone={m.latest?.should_retrain ? 'amber' : 'teal'}>
                {t(m.latest?.should_retrain ? 'models.drifted' : 'models.fits')}
              </Status>{' '}
              {m.challenger && <Status tone="cyan">{t('models.hasChallenger')}</Status>}
            </>
          ),
        },
        { id: 'w', header: t('models.scoredAt'), cell: (m) => (m.scored_at ? dateTime(m.scored_at) : '–') },
      ]}
    />
  );
}
