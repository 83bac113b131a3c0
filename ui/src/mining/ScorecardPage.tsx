// SPDX-License-Identifier: Apache-2.0
import { Checkbox, NumberInput, TagsInput } from '@mantine/core';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { minorDigits } from '@/shared/format/formatters';
import { EventFields, eventSettings, usualEvent } from './EventFields';
import { FindingFrame } from './FindingFrame';
import { ScorecardResult, type Card, type Scorecard } from './ScorecardResult';

const names = ['mail', 'call', 'visit'] as const;

/** Points per answer and behaviour: learned, or changed by hand; a cut by expected profit. */
export function ScorecardPage() {
  const { t } = useTranslation('mining');
  const { company } = useSession();
  const unit = 10 ** minorDigits(company.currency);
  const [event, setEvent] = useState(usualEvent);
  const [answers, setAnswers] = useState<string[]>([]);
  const [gain, setGain] = useState(50_000);
  const [ways, setWays] = useState({
    mail: { cost: 100, effect: 0.1 },
    call: { cost: 3000, effect: 0.25 },
    visit: { cost: 20_000, effect: 0.5 },
  });
  const [deploy, setDeploy] = useState(true);
  const [card, setCard] = useState<Card>();
  const foreseen = eventSettings(event);
  const settings = foreseen && {
    ...foreseen,
    answers,
    gain: Math.round(gain * unit),
    ways: names.map((name) => ({ name, cost: Math.round(ways[name].cost * unit), effect: ways[name].effect })),
    deploy,
    card,
  };
  return (
    <FindingFrame<Scorecard>
      kind="scorecard"
      icon={ListChecks}
      settings={settings}
      form={
        <>
          <EventFields label={t('finding.scorecard.event')} ask={event} onChange={setEvent} />
          <NumberInput
            label={t('finding.scorecard.gain')}
            value={gain}
            min={0}
            thousandSeparator
            onChange={(v) => typeof v === 'number' && setGain(v)}
            w={150}
          />
          {names.map((name) => (
            <span key={name} style={{ display: 'inline-flex', gap: 4 }}>
              <NumberInput
                label={t('finding.scorecard.cost', { way: t(`finding.scorecard.ways.${name}`) })}
                value={ways[name].cost}
                min={0}
                thousandSeparator
                onChange={(v) => typeof v === 'number' && setWays({ ...ways, [name]: { ...ways[name], cost: v } })}
                w={110}
              />
              <NumberInput
                label={t('finding.scorecard.effect')}
                suffix=" %"
                value={Math.round(ways[name].effect * 100)}
                min={0}
                max={100}
                onChange={(v) =>
                  typeof v === 'number' && setWays({ ...ways, [name]: { ...ways[name], effect: v / 100 } })
                }
                w={90}
              />
            </span>
          ))}
          <TagsInput
            label={t('finding.scorecard.answers')}
            placeholder={t('finding.scorecard.answersHint')}
            value={answers}
            onChange={setAnswers}
            w={230}
          />
          <Checkbox
            label={t('finding.prediction.deploy')}
            checked={deploy}
            onChange={(e) => setDeploy(e.currentTarget.checked)}
            pb={6}
          />
          {card && (
            <Checkbox label={t('finding.scorecard.useHand')} checked onChange={() => setCard(undefined)} pb={6} />
          )}
        </>
      }
    >
      {(result, run) => <ScorecardResult key={run.id} result={result} onCard={setCard} />}
    </FindingFrame>
  );
}
