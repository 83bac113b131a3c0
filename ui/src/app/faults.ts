// SPDX-License-Identifier: Apache-2.0
import { notifications } from '@mantine/notifications';
import { ApiError } from './api';
import { translate } from './i18n';

/** Where faults of capabilities without a page of their own are put into words. */
const homes = ['customer', 'intake', 'mail', 'campaign', 'app'];

/** Says a fault in the person's language: what was wrong and what to do. */
export function faultText(fault: unknown): string {
  if (!(fault instanceof ApiError)) return fault instanceof Error ? fault.message : String(fault);
  const [capability = 'app', ...rest] = fault.code.split('.');
  const whole = fault.code.replaceAll('.', '_');
  const own = `${capability}:faults.${rest.join('_')}`;
  const keys = [own, ...homes.map((home) => `${home}:faults.${whole}`)];
  for (const key of keys) {
    const text = translate(key, '', fault.fields);
    if (text) return text;
  }
  return fault.message;
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
