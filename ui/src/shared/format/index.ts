// SPDX-License-Identifier: Apache-2.0
export { actorName } from './actor';
export { Ago } from './Ago';
export { Initial } from './Initial';
export { choseongOf, matchesHangul } from './hangul';
export { Highlight } from './Highlight';
export { Masked, maskedLooks } from './Masked';
export { formatPhone } from './phone';
export { formatters, type Formatters } from './formatters';
export { useFormat } from './useFormat';
export { reasonText } from './reason';
