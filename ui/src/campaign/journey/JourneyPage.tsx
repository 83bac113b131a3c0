// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, CircleStop, Pause, Rocket, Save } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Page, Query, Status } from '@/shared/page';
import {
  journeyQuery,
  saveJourney,
  simulateJourney,
  stepJourney,
  type Graph,
  type Journey,
  type Simulation,
  type StepKind,
} from './api';
import { Canvas } from './Canvas';
import { ENTRY, insert, type Way } from './drawing';
import { RulesPanel } from './RulesPanel';
import { ProblemsPanel, RunsPanel, SimulateButton, SimulationPanel } from './SidePanels';
import { StepPanel } from './StepPanel';
import { stateTones } from './words';
import styles from './Journey.module.css';

/** The draft of a drawing and what can be done with it. */
function useJourney(journey: Journey) {
  const queries = useQueryClient();
  const [graph, setGraph] = useState(journey.graph);
  const [name, setName] = useState(journey.name);
  const [chosen, choose] = useState<string | undefined>(ENTRY);
  const [simulation, setSimulation] = useState<Simulation>();
  const isDirty = JSON.stringify(graph) !== JSON.stringify(journey.graph) || name !== journey.name;
  const keep = (saved: Journey) => {
    queries.setQueryData(['journeys', journey.id], saved);
    void queries.invalidateQueries({ queryKey: ['journeys'], exact: true });
    return saved;
  };
  const save = useMutation({
    mutationFn: async () => (isDirty ? keep(await saveJourney(journey, graph, name)) : journey),
    onSuccess: (saved) => {
      setGraph(saved.graph);
      setName(saved.name);
    },
  });
  const step = useMutation({
    mutationFn: async (to: 'start' | 'pause' | 'end') => {
      if (to === 'start') await save.mutateAsync();
      return keep(await stepJourney(journey.id, to));
    },
    onSuccess: () => setSimulation(undefined),
  });
  const simulate = useMutation({
    mutationFn: async () => {
      await save.mutateAsync();
      return simulateJourney(journey.id);
    },
    onSuccess: setSimulation,
  });
  const change = (next: Graph) => {
    setGraph(next);
    setSimulation(undefined);
  };
  return {
    graph,
    change,
    name,
    setName,
    chosen,
    choose,
    simulation,
    setSimulation,
    isDirty,
    save,
    step,
    simulate,
    keep,
  };
}

function Actions({ journey, work }: { journey: Journey; work: ReturnType<typeof useJourney> }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const { save, step, simulate, isDirty } = work;
  const start = async () => {
    const isAgain = journey.state === 'running';
    const sure = await confirm({
      title: t(isAgain ? 'journey.publishAsk' : 'journey.startAsk', { name: journey.name }),
      text: t(isAgain ? 'journey.publishText' : 'journey.startText', { shown: number(journey.counts.active) }),
      action: t(isAgain ? 'journey.publish' : 'journey.start'),
    });
    if (sure) step.mutate('start');
  };
  const end = async () => {
    const sure = await confirm({
      title: t('journey.endAsk', { name: journey.name }),
      text: t('journey.endText', { shown: number(journey.counts.active) }),
      action: t('journey.end'),
      danger: true,
    });
    if (sure) step.mutate('end');
  };
  if (journey.state === 'ended') return null;
  const mayStart = journey.state !== 'running' || isDirty || journey.is_changed;
  return (
    <>
      <SimulateButton
        onClick={() => simulate.mutate()}
        loading={simulate.isPending}
        disabled={!can('campaign:update')}
      />
      {can('campaign:update') && (
        <Button
          variant="default"
          leftSection={<Save size={14} />}
          disabled={!isDirty}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('journey.save')}
        </Button>
      )}
      {can('campaign:send') && journey.state === 'running' && (
        <Button variant="default" leftSection={<Pause size={14} />} onClick={() => step.mutate('pause')}>
          {t('pause')}
        </Button>
      )}
      {can('campaign:send') && mayStart && (
        <Button leftSection={<Rocket size={14} />} loading={step.isPending} onClick={() => void start()}>
          {t(journey.state === 'running' ? 'journey.publish' : 'journey.start')}
        </Button>
      )}
      {can('campaign:send') && journey.state !== 'draft' && (
        <Button variant="subtle" color="red" leftSection={<CircleStop size={14} />} onClick={() => void end()}>
          {t('journey.end')}
        </Button>
      )}
    </>
  );
}

function Numbers({ journey }: { journey: Journey }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const { counts } = journey;
  if (journey.number === 0) return null;
  return (
    <span className={styles.numbers}>
      {(['entered', 'active', 'goal', 'done', 'control'] as const).map((name) => (
        <span key={name}>
          {t(`journey.numbers.${name}`)} <strong className="num">{number(counts[name])}</strong>
        </span>
      ))}
      {can('performance:read') && (
        <Link to="/journeys/$id/result" params={{ id: String(journey.id) }}>
          {t('journey.toResult')}
        </Link>
      )}
      {counts.older > 0 && <span>{t('journey.older', { shown: number(counts.older) })}</span>}
    </span>
  );
}

function Editor({ journey }: { journey: Journey }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const queries = useQueryClient();
  const work = useJourney(journey);
  const { graph, change, chosen, choose, simulation, setSimulation } = work;
  useLive<Journey>(journey.state === 'running' ? `journey:${journey.id}` : undefined, (news) => {
    queries.setQueryData<Journey>(['journeys', journey.id], (old) =>
      old ? { ...old, counts: news.counts, state: news.state } : old,
    );
  });
  const isFixed = journey.state === 'ended' || !can('campaign:update');
  const step = graph.steps.find((one) => one.id === chosen);
  const add = (way: Way, kind: StepKind) => {
    const grown = insert(graph, way, kind);
    change(grown.graph);
    choose(grown.id);
  };
  return (
    <Page
      title={work.name || journey.name}
      before={
        <ActionIcon aria-label={t('back')} renderRoot={(props) => <Link to="/journeys" {...props} />}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={<Status tone={stateTones[journey.state]}>{t(`journey.state.${journey.state}`)}</Status>}
      actions={<Actions journey={journey} work={work} />}
      bar={journey.number > 0 ? <Numbers journey={journey} /> : undefined}
      body="fill"
    >
      <div className={styles.frame}>
        <Canvas
          journey={journey}
          graph={graph}
          simulation={simulation}
          chosen={chosen}
          isFixed={isFixed}
          onChoose={choose}
          onAdd={add}
        />
        <aside className={styles.side}>
          {simulation && <SimulationPanel simulation={simulation} onClose={() => setSimulation(undefined)} />}
          {step ? (
            <StepPanel
              key={step.id}
              graph={graph}
              step={step}
              news={journey.counts.steps[step.id]}
              isFixed={isFixed}
              onChange={change}
              onGone={() => choose(ENTRY)}
            />
          ) : (
            <>
              <TextInput
                label={t('journey.name')}
                maxLength={200}
                disabled={isFixed}
                value={work.name}
                onChange={(event) => work.setName(event.currentTarget.value)}
              />
              <RulesPanel graph={graph} isFixed={isFixed} onChange={change} />
            </>
          )}
          {!work.isDirty && <ProblemsPanel journey={journey} onChoose={choose} />}
          {journey.number > 0 && <RunsPanel journey={journey} />}
        </aside>
      </div>
    </Page>
  );
}

/** A journey: its drawing with live counts, and everything that can be done with it. */
export function JourneyPage() {
  const id = Number(useParams({ from: '/shell/journeys/$id' }).id);
  const result = useQuery(journeyQuery(id));
  return <Query result={result}>{(journey) => <Editor key={journey.id} journey={journey} />}</Query>;
}
