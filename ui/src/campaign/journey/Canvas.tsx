// SPDX-License-Identifier: Apache-2.0
import { Menu } from '@mantine/core';
import { Plus, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { stepKinds, type Graph, type Journey, type Simulation, type Step, type StepKind } from './api';
import { arrange, ENTRY, type Box, type Line, type Way } from './drawing';
import { entryIcons, stepIcons, useWords } from './words';
import styles from './Journey.module.css';

const WIDTH = 208;
const HEIGHT = 58;
const GAP_X = 28;
const GAP_Y = 58;
const EDGE = 24;

const left = (box: Box) => EDGE + box.x * (WIDTH + GAP_X);
const top = (box: Box) => EDGE + box.y * (HEIGHT + GAP_Y);

function pathOf({ from, to }: Line): string {
  const [x1, y1] = [left(from) + WIDTH / 2, top(from) + HEIGHT];
  const [x2, y2] = [left(to) + WIDTH / 2, top(to)];
  const middle = y1 + GAP_Y / 2;
  return `M${x1} ${y1} V${middle} H${x2} V${y2}`;
}

interface AddProps {
  way: Way;
  x: number;
  y: number;
  label: string;
  onAdd: (way: Way, kind: StepKind) => void;
}

/** The "+" of a way. */
function Add({ way, x, y, label, onAdd }: AddProps) {
  const { t } = useTranslation('campaign');
  return (
    <Menu position="bottom" withinPortal>
      <Menu.Target>
        <button
          type="button"
          className={styles.add}
          style={{ left: x - 12, top: y - 12 }}
          aria-label={label}
          title={label}
        >
          <Plus size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {stepKinds.map((kind) => {
          const Icon = stepIcons[kind];
          return (
            <Menu.Item key={kind} leftSection={<Icon size={14} />} onClick={() => onAdd(way, kind)}>
              {t(`journey.kind.${kind}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

interface CanvasProps {
  journey: Journey;
  graph: Graph;
  simulation?: Simulation;
  chosen?: string;
  isFixed: boolean;
  onChoose: (id: string) => void;
  onAdd: (way: Way, kind: StepKind) => void;
}

/** The drawing of a journey; it arranges itself, and each box and each "+" is a button. */
export function Canvas({ journey, graph, simulation, chosen, isFixed, onChoose, onAdd }: CanvasProps) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const words = useWords();
  const { boxes, lines, columns, rows } = useMemo(() => arrange(graph), [graph]);
  const frame = useRef<HTMLDivElement>(null);
  // A narrow screen begins at the entry, wherever the drawing has put it.
  useEffect(() => {
    const box = frame.current;
    if (box) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }, []);
  const titleOf = (id?: string) => {
    const step = graph.steps.find((one) => one.id === id);
    return step?.name || (step ? words.stepText(step, () => '') : t('journey.unchosen'));
  };
  const wayLabel = (way: Way): string | undefined => {
    const step = graph.steps.find((one) => one.id === way.from);
    if (step?.kind === 'condition') return t(way.slot === 'next' ? 'journey.yes' : 'journey.no');
    if (step?.kind === 'split') return String.fromCharCode(65 + Number(way.slot));
    return undefined;
  };
  const counts = (id: string): string => {
    if (simulation) {
      const taken = id === ENTRY ? simulation.entered : (simulation.steps[id]?.taken ?? 0);
      return t('journey.wouldTake', { shown: number(taken) });
    }
    if (journey.number === 0) return '';
    if (id === ENTRY) return t('journey.entered', { shown: number(journey.counts.entered) });
    const news = journey.counts.steps[id];
    const taken = t('journey.taken', { shown: number(news?.taken ?? 0) });
    return news?.waiting ? `${taken} · ${t('journey.waiting', { shown: number(news.waiting) })}` : taken;
  };
  const node = (box: Box, step?: Step) => {
    const Icon = step ? stepIcons[step.kind] : entryIcons[graph.entry.kind];
    const title = step ? step.name || t(`journey.kind.${step.kind}`) : t(`journey.entry.${graph.entry.kind}`);
    const hasFault = journey.problems.some((problem) => (problem.step ?? '') === box.id);
    return (
      <button
        key={box.id || 'entry'}
        type="button"
        className={styles.box}
        data-kind={step?.kind ?? 'entry'}
        data-fault={hasFault || undefined}
        aria-pressed={chosen === box.id}
        style={{ left: left(box), top: top(box), width: WIDTH, height: HEIGHT }}
        onClick={() => onChoose(box.id)}
      >
        <span className={styles.icon}>{hasFault ? <TriangleAlert size={15} /> : <Icon size={15} aria-hidden />}</span>
        <span className={styles.text}>
          <strong>{title}</strong>
          <small>{step ? words.stepText(step, titleOf) : words.entry(graph.entry)}</small>
          <small className="num">{counts(box.id)}</small>
        </span>
      </button>
    );
  };
  const size = { width: 2 * EDGE + columns * (WIDTH + GAP_X) - GAP_X, height: 2 * EDGE + rows * (HEIGHT + GAP_Y) };
  return (
    <div ref={frame} className={styles.canvas} role="group" aria-label={t('journey.drawing')}>
      <div className={styles.sheet} style={size}>
        <svg {...size} aria-hidden className={styles.lines}>
          {lines.map((line) => (
            <path key={`${line.way.from} ${line.way.slot}`} d={pathOf(line)} />
          ))}
        </svg>
        {boxes.map((box) => (box.end ? null : node(box, box.step)))}
        {boxes.map((box) =>
          box.end ? (
            <span key={box.id} className={styles.end} style={{ left: left(box), top: top(box), width: WIDTH }}>
              {t('journey.endOfWay')}
            </span>
          ) : null,
        )}
        {lines.map(({ way, from, to }) => {
          const label = wayLabel(way);
          const x = left(to) + WIDTH / 2;
          const y = top(from) + HEIGHT + GAP_Y / 2;
          return (
            <div key={`${way.from} ${way.slot}`}>
              {label && (
                <span className={styles.way} style={{ left: x + 15, top: y - 10 }}>
                  {label}
                </span>
              )}
              {!isFixed && (
                <Add way={way} x={x} y={y} label={t('journey.addAfter', { step: titleOf(way.from) })} onAdd={onAdd} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
