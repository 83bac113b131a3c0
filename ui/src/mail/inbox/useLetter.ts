// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, upload, type Page } from '@/app/api';
import { tellFault } from '@/app/faults';

/** A file that goes along with a letter. */
export interface LetterFile {
  id: number;
  name: string;
  size: number;
}

/** Names a letter once, so that pressing twice sends once; also where there is no randomUUID (plain http). */
export function letterKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The content of a letter that is being written: subject, text, files, and templates to begin with. */
export function useLetter(initial: { subject: string; text: string }, customerId: number | undefined) {
  const [key] = useState(letterKey);
  const [subject, setSubject] = useState(initial.subject);
  const [text, setText] = useState(initial.text);
  const [files, setFiles] = useState<LetterFile[]>([]);
  const [uploading, setUploading] = useState(false);
  const templates = useQuery({
    queryKey: ['mail', 'letter-templates'],
    queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/mail/letters/templates', { signal }),
    staleTime: 60_000,
  });
  const begin = useMutation({
    mutationFn: (template_id: number) =>
      api.post<{ subject: string; text: string; missing: string[] }>('/api/mail/letters/draft', {
        body: { template_id, customer_id: customerId },
      }),
    onSuccess: (draft) => {
      setText((before) => `${draft.text}\n${before}`);
      setSubject((before) => before || draft.subject);
    },
    onError: tellFault,
  });
  const attach = async (list: File[]) => {
    setUploading(true);
    try {
      for (const file of list) {
        const form = new FormData();
        form.append('file', file, file.name);
        const kept = await upload<LetterFile>('/api/mail/letters/files', form);
        setFiles((before) => [...before, kept]);
      }
    } catch (fault) {
      tellFault(fault);
    } finally {
      setUploading(false);
    }
  };
  return {
    body: { key, subject, text, file_ids: files.map((file) => file.id) },
    subject,
    setSubject,
    text,
    setText,
    files,
    remove: (id: number) => setFiles((before) => before.filter((file) => file.id !== id)),
    attach,
    uploading,
    templates: templates.data?.items ?? [],
    begin,
  };
}

export type LetterState = ReturnType<typeof useLetter>;
