// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/app/api';
import { tellFault } from '@/app/faults';
import { tell } from '@/shared/page';
import { decidePair, pairQuery, pairsQuery, undoDecision, type PairAsk } from '../api';

/** How many pairs are loaded ahead, so that the next one is there when the key is pressed. */
const AHEAD = 3;

/** The review queue: where one stands, what is decided at once on the screen and sent behind it. */
export function useQueue(ask: PairAsk) {
  const { t } = useTranslation('match');
  const queries = useQueryClient();
  const list = useQuery(pairsQuery(ask));
  const [at, setAt] = useState(0);
  const [gone, setGone] = useState<Set<number>>(new Set());
  const [decided, setDecided] = useState<{ pair: number; decision: Promise<number | undefined> }[]>([]);
  const pairs = useMemo(() => (list.data?.items ?? []).filter((pair) => !gone.has(pair.id)), [list.data, gone]);
  const current = pairs[Math.min(at, pairs.length - 1)];
  const index = current ? pairs.indexOf(current) : 0;

  useEffect(() => {
    for (const pair of pairs.slice(index + 1, index + 1 + AHEAD)) void queries.prefetchQuery(pairQuery(pair.id));
  }, [pairs, index, queries]);

  const reload = useCallback(async () => {
    await queries.invalidateQueries({ queryKey: ['match', 'pairs'] });
    setGone(new Set());
    setAt(0);
  }, [queries]);

  useEffect(() => {
    if (list.data && list.data.items.length > 0 && pairs.length === 0) {
      void Promise.all(decided.map((one) => one.decision)).then(reload);
    }
  }, [list.data, pairs.length, decided, reload]);

  const back = (pair: number) => setGone((was) => new Set([...was].filter((id) => id !== pair)));

  const decide = (decision: 'same' | 'different' | 'later') => {
    if (!current) return;
    const pair = current.id;
    setGone((was) => new Set(was).add(pair));
    setAt(index);
    const sent = decidePair(pair, decision).then(
      (answer) => {
        void queries.invalidateQueries({ queryKey: ['match', 'decisions'] });
        return answer.id || undefined;
      },
      (fault: unknown) => {
        tellFault(fault);
        // Decided by somebody else meanwhile: it stays away; anything else comes back.
        if (!(fault instanceof ApiError && fault.status === 409)) back(pair);
        return undefined;
      },
    );
    setDecided((was) => [...was, { pair, decision: sent }]);
  };

  const undo = async () => {
    const last = decided.at(-1);
    if (!last) return;
    setDecided((was) => was.slice(0, -1));
    const id = await last.decision;
    try {
      if (id) await undoDecision(id);
      back(last.pair);
      const place = (list.data?.items ?? []).filter((pair) => !gone.has(pair.id) || pair.id === last.pair);
      setAt(
        Math.max(
          0,
          place.findIndex((pair) => pair.id === last.pair),
        ),
      );
      void queries.invalidateQueries({ queryKey: ['match', 'pair', last.pair] });
      tell(t('review.takenBack'));
    } catch (fault) {
      tellFault(fault);
    }
  };

  return {
    result: list,
    current,
    place: index + 1,
    left: Math.max(0, (list.data?.total?.count ?? 0) - gone.size),
    capped: list.data?.total?.capped ?? false,
    decided: decided.length,
    decide,
    undo,
    go: (step: number) => setAt(Math.max(0, Math.min(pairs.length - 1, index + step))),
    reload,
  };
}
