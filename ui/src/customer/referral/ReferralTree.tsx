// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from '@tanstack/react-router';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/app/apiTypes';
import { useFormat } from '@/shared/format';
import classes from './Referral.module.css';

type Node = Schema<'ReferralNode'>;

const WIDTH = 176;
const HEIGHT = 52;
const GAP_X = 48;
const GAP_Y = 12;

interface Placed {
  node: Node;
  x: number;
  y: number;
}

/** Places each node beside its parent; a parent stands in the middle of its children. */
function layOut(nodes: Node[], rootId: number): { placed: Map<number, Placed>; width: number; height: number } {
  const children = new Map<number, Node[]>();
  for (const node of nodes) {
    const parent = node.parent_id ?? 0;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const placed = new Map<number, Placed>();
  let row = 0;
  let deepest = 0;
  const place = (node: Node, depth: number): number => {
    deepest = Math.max(deepest, depth);
    const below = (children.get(node.id) ?? []).map((child) => place(child, depth + 1));
    const y = below.length > 0 ? ((below[0] ?? 0) + (below.at(-1) ?? 0)) / 2 : row++ * (HEIGHT + GAP_Y);
    placed.set(node.id, { node, x: depth * (WIDTH + GAP_X), y });
    return y;
  };
  const root = nodes.find((node) => node.id === rootId);
  if (root) place(root, 0);
  return {
    placed,
    width: (deepest + 1) * (WIDTH + GAP_X) - GAP_X,
    height: Math.max(row, 1) * (HEIGHT + GAP_Y) - GAP_Y,
  };
}

/** The tree as a picture, from the first introducer on the left; every box leads to the tree around it. */
export function ReferralTree({ tree, current }: { tree: Schema<'ReferralTree'>; current: number }) {
  const { t } = useTranslation('customer');
  const { number, moneyCompact } = useFormat();
  const navigate = useNavigate();
  const { placed, width, height } = useMemo(() => layOut(tree.nodes, tree.root_id), [tree]);
  const frame = useRef<HTMLDivElement>(null);
  const seen = placed.get(current);
  useLayoutEffect(() => {
    // A large tree opens where the customer is, not in its empty corner.
    if (!frame.current || !seen) return;
    frame.current.scrollTop = seen.y + HEIGHT / 2 - frame.current.clientHeight / 2;
    frame.current.scrollLeft = seen.x + WIDTH / 2 - frame.current.clientWidth / 2;
  }, [seen]);
  if (tree.nodes.length < 2) return <p className={classes.none}>{t('referral.alone')}</p>;
  return (
    <div ref={frame} className={classes.scroll} role="group" aria-label={t('referral.tree')}>
      <div className={classes.canvas} style={{ width, height }}>
        <svg width={width} height={height} className={classes.lines} aria-hidden>
          {[...placed.values()].map(({ node, x, y }) => {
            const parent = placed.get(node.parent_id ?? 0);
            if (!parent) return null;
            const from = { x: parent.x + WIDTH, y: parent.y + HEIGHT / 2 };
            const middle = (from.x + x) / 2;
            return (
              <path
                key={node.id}
                d={`M${from.x},${from.y} C${middle},${from.y} ${middle},${y + HEIGHT / 2} ${x},${y + HEIGHT / 2}`}
              />
            );
          })}
        </svg>
        {[...placed.values()].map(({ node, x, y }) => (
          <button
            key={node.id}
            type="button"
            className={classes.node}
            data-current={node.id === current || undefined}
            style={{ left: x, top: y, width: WIDTH, height: HEIGHT }}
            title={t('referral.nodeTitle', {
              people: number(node.brought.people),
              revenue: moneyCompact(node.brought.revenue, node.brought.currency),
            })}
            onClick={() => void navigate({ to: '/customers/$id', params: { id: String(node.id) } })}
          >
            <strong className="ellipsis">{node.name || `#${node.id}`}</strong>
            <span className="num">
              {moneyCompact(node.figures.revenue, node.figures.currency)}
              {node.brought.people > 0 && ` · +${number(node.brought.people)}`}
            </span>
          </button>
        ))}
      </div>
      {tree.is_cut && <p className={classes.none}>{t('referral.cut')}</p>}
    </div>
  );
}
