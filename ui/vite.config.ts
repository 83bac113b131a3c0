// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockServer } from './dev/mock.ts';

/** The Go server that the dev server passes calls to; DANGOL_MOCK=1 answers from dev/mock.ts instead. */
const api = process.env.DANGOL_API ?? 'http://127.0.0.1:8080';
const mocked = process.env.DANGOL_MOCK === '1';
const passed = ['/api', '/openapi.json', '/healthz', '/readyz', '/metrics', '^/u/', '^/t/'];

const proxy = Object.fromEntries(passed.map((path) => [path, api]));

/** Lays the font for PDF files beside the pages; the server reads it out of the program. */
const paperFont = {
  name: 'paper-font',
  apply: 'build' as const,
  generateBundle(this: { emitFile: (file: { type: 'asset'; fileName: string; source: Uint8Array }) => string }) {
    const path = './node_modules/pretendard/dist/public/static/alternative/Pretendard-Regular.ttf';
    const source = readFileSync(fileURLToPath(new URL(path, import.meta.url)));
    this.emitFile({ type: 'asset', fileName: 'fonts/Pretendard-Regular.ttf', source });
  },
};

export default defineConfig({
  plugins: [react(), paperFont, ...(mocked ? [mockServer()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: Number(process.env.PORT ?? 5173),
    proxy: mocked ? undefined : proxy,
  },
  preview: { proxy },
  build: {
    target: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
