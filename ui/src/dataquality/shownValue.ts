// SPDX-License-Identifier: Apache-2.0
import { formatPhone } from '@/shared/format';

const looksLikePhone = /^\+\d{8,}$/;

/** A value of any field as people write it. */
export const shownValue = (value: string) => (looksLikePhone.test(value) ? formatPhone(value) : value) || '–';
