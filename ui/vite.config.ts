// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockServer } from './dev/mock.ts';

/** The Go server that the dev server passes /api to; without it a small mock answers. */
const api = process.env.DANGOL_API;
const passed = ['/api', '/openapi.json', '/healthz', '/readyz', '/u/', '/t/'];

export default defineConfig({
  plugins: [react(), ...(api ? [] : [mockServer()])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: api ? Object.fromEntries(passed.map((path) => [path, { target: api, changeOrigin: true }])) : undefined,
  },
  build: {
    target: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
