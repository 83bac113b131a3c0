// SPDX-License-Identifier: Apache-2.0
import type { Plugin } from 'vite';

export function mockServer(): Plugin {
  return { name: 'dangol-mock' };
}
