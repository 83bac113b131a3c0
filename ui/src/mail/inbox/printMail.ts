// SPDX-License-Identifier: Apache-2.0
import type { TFunction } from 'i18next';
import { api } from '@/app/api';
import type { ReceivedMessage } from '../api';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** How long a hidden frame is kept for the dialog of the printer. */
const frameLife = 120_000;

/** Prints one mail. That it is printed is written down first, with whose data it is. */
export async function printMail(mail: ReceivedMessage, t: TFunction<'mail'>): Promise<void> {
  await api.post('/api/mail/inbox/{id}/print', { path: { id: mail.id }, body: {} });
  const facts = [
    [t('inbox.sender'), [mail.sender_name, mail.sender].filter(Boolean).join(' · ')],
    [t('inbox.to'), mail.to.join(', ')],
    [t('inbox.at'), new Date(mail.received_at).toLocaleString()],
    [t('inbox.files'), mail.files.map((file) => file.name).join(', ')],
  ].filter(([, value]) => value);
  const rows = facts.map(([name = '', value = '']) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('');
  const body = mail.html || `<pre>${escaped(mail.text)}</pre>`;
  const frame = document.createElement('iframe');
  // Same origin so that it can be printed, but nothing in it runs or is loaded.
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
  frame.style.cssText = 'position:fixed;width:0;height:0;border:0;inset:auto 0 0 auto';
  frame.srcdoc = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><title>${escaped(mail.subject)}</title><style>body{font:13px/1.5 sans-serif}h1{font-size:18px}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;border-bottom:1px solid #999;padding-bottom:8px}dd{margin:0}pre{white-space:pre-wrap;font:inherit}</style><h1>${escaped(mail.subject)}</h1><dl>${rows}</dl>${body}`;
  frame.addEventListener('load', () => frame.contentWindow?.print());
  document.body.append(frame);
  setTimeout(() => frame.remove(), frameLife);
}
