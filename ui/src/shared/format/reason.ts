// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';

/** What the server says of why an engine answered, by what it begins or ends with. */
const reasons: [RegExp, string][] = [
  [/every column of the question/, 'inImage'],
  [/too many different values/, 'manyValues'],
  [/too many cells/, 'manyCells'],
  [/too wide a range|too many periods|more than \d+ rules/, 'tooWide'],
  [/computed anew and are being taken in/, 'takingIn'],
  [/is not kept|other columns are to be kept|look-up tables/, 'notKept'],
  [/is no whole number|moments are not grouped| is an /, 'kind'],
  [/not in the order of/, 'order'],
  [/belong to no customer/, 'noCustomer'],
  [/mixes customers and their rows/, 'mixed'],
  [/leaves values out/, 'leftOut'],
  [/fiscal years/, 'fiscal'],
  [/free questions/, 'free'],
  [/chooses which rows/, 'cut'],
  [/there is no customer image/, 'none'],
  [/a moment behind|has moved on/, 'behind'],
  [/not been built yet|tried again|being built/, 'building'],
  [/damaged/, 'damaged'],
  [/has no time/, 'noTime'],
];

/** Why an engine answered, in the reader's language; what nobody has words for stays as it was said. */
export function reasonText(why: string): string {
  const key = reasons.find(([pattern]) => pattern.test(why))?.[1];
  return key ? translate(`shared:reason.${key}`, why) : why;
}
