// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';

interface SandboxFrameProps {
  /** A whole HTML document, or the inside of a body. */
  html: string;
  title: string;
  height?: number | string;
  width?: number | string;
  /** Load no pictures from outside: what a stranger sent must not tell him that it was read. */
  isOffline?: boolean;
}

/** Links of shown documents must lead nowhere, and nothing may be loaded but pictures. */
const head = (isOffline: boolean) =>
  `<base target="_blank"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${isOffline ? 'data:' : 'https: http: data:'}; style-src 'unsafe-inline'; font-src data:">`;

/** Puts the guards in front of everything else in the document. */
function guarded(html: string, isOffline: boolean): string {
  const guards = head(isOffline);
  const at = /<head[^>]*>/i.exec(html);
  if (at) return html.slice(0, at.index + at[0].length) + guards + html.slice(at.index + at[0].length);
  return `<!doctype html><html><head><meta charset="utf-8">${guards}</head><body>${html}</body></html>`;
}

/** Shows foreign HTML without letting it run anything, send anything or reach the page around it. */
export function SandboxFrame({ html, title, height = 480, width = '100%', isOffline = false }: SandboxFrameProps) {
  const source = useMemo(() => guarded(html, isOffline), [html, isOffline]);
  return (
    <iframe
      title={title}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={source}
      style={{ display: 'block', width, maxWidth: '100%', height, border: 0, background: '#fff', colorScheme: 'light' }}
    />
  );
}
