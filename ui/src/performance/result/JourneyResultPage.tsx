// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Query } from '@/shared/page';
import { journeyNameQuery, journeyResultQuery, type JourneyResult } from '../api';
import { Arms } from './Arms';
import { Headline, ResultAge } from './ResultPage';
import { Sentence } from './Sentence';

const spans = [7, 14, 30, 60, 90, 180];

function Body({ result }: { result: JourneyResult }) {
  const { t } = useTranslation('performance');
  const { number } = useFormat();
  if (!result.window.from) {
    return <EmptyState icon={UsersRound} title={t('journey.nobody')} text={t('journey.nobodyText')} />;
  }
  return (
    <>
      <Sentence result={result} />
      {result.open > 0 && (
        <p className="dim">{t('journey.open', { shown: number(result.open), days: result.window.days })}</p>
      )}
      <Headline result={result} />
      <Arms result={result} />
    </>
  );
}

/** What a journey brought, against those who were drawn to be led nowhere. */
export function JourneyResultPage() {
  const { t } = useTranslation('performance');
  const id = Number(useParams({ from: '/shell/journeys/$id/result' }).id);
  const [days, setDays] = useState(30);
  const result = useQuery({ ...journeyResultQuery(id, days), placeholderData: keepPreviousData });
  const { data: journey } = useQuery(journeyNameQuery(id));
  const { data } = result;
  return (
    <Page
      title={journey ? t('resultOf', { name: journey.name }) : t('result')}
      before={
        <ActionIcon
          aria-label={t('journey.back')}
          renderRoot={(props) => <Link to="/journeys/$id" params={{ id: String(id) }} {...props} />}
        >
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={data && <ResultAge result={data} />}
      actions={
        <Select
          aria-label={t('journey.days')}
          w={190}
          allowDeselect={false}
          data={spans.map((span) => ({ value: String(span), label: t('journey.daysOf', { days: span }) }))}
          value={String(days)}
          onChange={(value) => value && setDays(Number(value))}
        />
      }
    >
      <Query result={result}>{(found) => <Body result={found} />}</Query>
    </Page>
  );
}
