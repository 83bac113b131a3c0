// SPDX-License-Identifier: Apache-2.0
import { notifications } from '@mantine/notifications';
import { ApiError } from './api';
import { translate } from './i18n';

/** Where faults of capabilities without a page of their own are put into words. */
const homes = ['customer', 'intake', 'mail', 'campaign', 'app'];

/** Says a fault in the person's language: what was wrong and what to do. */
export function faultText(fault: unknown): string {
  if (!(fault instanceof ApiError)) return fault instanceof Error ? fault.message : String(fault);
  return codedText(fault);
}

/** Something the server says with a code, in the reader's language. */
export function codedText(said: { code?: string; message: string; fields?: Record<string, unknown> }): string {
  const code = said.code ?? '';
  const [capability = 'app', ...rest] = code.split('.');
  const own = `${capability}:faults.${rest.join('_')}`;
  const keys = [own, ...homes.map((home) => `${home}:faults.${code.replaceAll('.', '_')}`)];
  for (const key of code ? keys : []) {
    const text = translate(key, '', said.fields);
    if (text) return text;
  }
  return said.message;
}

/** Shows a fault as a toast. */
export function tellFault(fault: unknown): void {
  if (fault instanceof DOMException && fault.name === 'AbortError') return;
  notifications.show({
    color: 'red',
    title: translate('app:faults.title'),
    message: faultText(fault),
    autoClose: 8000,
  });
}
