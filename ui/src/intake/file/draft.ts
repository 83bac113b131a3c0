// SPDX-License-Identifier: Apache-2.0
import { useCallback, useState } from 'react';
import type { Batch, Kind, Reading } from '../api';
import type { Correction } from '../mapping';

/** What a person has decided about a file so far. */
export interface Draft {
  reading: Reading;
  source: string;
  kind?: Kind;
  corrections: Record<string, Correction>;
}

const empty: Draft = { reading: {}, source: '', corrections: {} };
const keyOf = (fileId: number) => `dangol-import-${fileId}`;

function load(fileId: number): Draft {
  try {
    return { ...empty, ...(JSON.parse(sessionStorage.getItem(keyOf(fileId)) ?? '{}') as Partial<Draft>) };
  } catch {
    return empty;
  }
}

/** Keeps decisions about a file before its page is opened. */
export function keepDraft(fileId: number, draft: Draft): void {
  // A password of a file is not written anywhere.
  const { password: _, ...reading } = draft.reading;
  sessionStorage.setItem(keyOf(fileId), JSON.stringify({ ...draft, reading }));
}

/** The decisions that were taken for a batch, to be changed or used again for a mended file. */
export function draftOf(batch: Batch): Draft {
  const columns = batch.mapping?.columns ?? [];
  return {
    reading: batch.options ?? {},
    source: batch.source,
    kind: batch.kind,
    corrections: Object.fromEntries(
      columns.map(({ header, field, scheme, attribute, format, currency }) => [
        header,
        { field, scheme, attribute, format, currency },
      ]),
    ),
  };
}

/** The decisions about a file; they outlive a reload and a look at another page. */
export function useDraft(fileId: number): [Draft, (change: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => load(fileId));
  const change = useCallback(
    (part: Partial<Draft>) =>
      setDraft((old) => {
        const next = { ...old, ...part };
        keepDraft(fileId, next);
        return next;
      }),
    [fileId],
  );
  return [draft, change];
}
