// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';
import { api, ApiError, upload } from '@/app/api';
import { tellFault } from '@/app/faults';
import type { FileView } from './api';

/** A file on its way to the server, or arrived and waiting to be looked at. */
export interface Upload {
  key: number;
  name: string;
  size: number;
  /** 0 to 1. */
  progress: number;
  fileId?: number;
  fault?: unknown;
}

const listeners = new Set<() => void>();
const aborts = new Map<number, AbortController>();
let uploads: Upload[] = [];
let next = 1;

function set(changed: Upload[]) {
  uploads = changed;
  for (const tell of listeners) tell();
}

const patch = (key: number, change: Partial<Upload>) =>
  set(uploads.map((item) => (item.key === key ? { ...item, ...change } : item)));

/** The uploads of this page visit; they go on while the person is elsewhere in the product. */
export function useUploads(): Upload[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => uploads,
  );
}

/** A protected file is kept until its password is given; the fault names it. */
function keptId(fault: unknown): number | undefined {
  const id = fault instanceof ApiError ? fault.fields.file_id : undefined;
  return typeof id === 'number' ? id : undefined;
}

/** Sends one file; resolves to its id, or to nothing when it failed or was given up. */
export async function send(file: File): Promise<number | undefined> {
  const key = next++;
  const abort = new AbortController();
  aborts.set(key, abort);
  set([...uploads, { key, name: file.name, size: file.size, progress: 0 }]);
  const form = new FormData();
  form.append('file', file, file.name);
  try {
    const view = await upload<FileView>('/api/files', form, (share) => patch(key, { progress: share }), abort.signal);
    patch(key, { progress: 1, fileId: view.id });
    return view.id;
  } catch (fault) {
    const kept = keptId(fault);
    if (!abort.signal.aborted) patch(key, kept ? { progress: 1, fileId: kept } : { fault });
    return kept;
  } finally {
    aborts.delete(key);
  }
}

/** Takes an upload off the list: one on its way is given up, one that arrived is deleted from the server. */
export function drop(key: number): void {
  aborts.get(key)?.abort();
  const fileId = uploads.find((item) => item.key === key)?.fileId;
  if (fileId) void api.delete<void>('/api/files/{id}', { path: { id: fileId } }).catch(tellFault);
  set(uploads.filter((item) => item.key !== key));
}

/** Takes the upload of a file off the list, once a batch was made of it. */
export function dropFile(fileId: number): void {
  set(uploads.filter((item) => item.fileId !== fileId));
}
