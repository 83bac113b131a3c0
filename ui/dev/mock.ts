// SPDX-License-Identifier: Apache-2.0
// A stand-in for the server while it is being written: invented data, nothing is kept.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { answers, type Ask } from './answers.ts';

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function reply(request: IncomingMessage, response: ServerResponse, url: URL) {
  const ask: Ask = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: await bodyOf(request),
  };
  for (const [route, answer] of answers) {
    const [method, pattern = ''] = route.split(' ');
    if (method !== ask.method) continue;
    const names = [...pattern.matchAll(/{(\w+)}/g)].map((m) => m[1] ?? '');
    const hit = new RegExp(`^${pattern.replace(/{\w+}/g, '([^/]+)')}$`).exec(url.pathname);
    if (!hit) continue;
    const values = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(hit[i + 1] ?? '')]));
    const { status = 200, ...rest } = answer({ ...ask, values }) as { status?: number; body?: unknown };
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json');
    response.end(rest.body === undefined ? '' : JSON.stringify(rest.body));
    return;
  }
  response.statusCode = 404;
  response.setHeader('Content-Type', 'application/problem+json');
  response.end(
    JSON.stringify({ status: 404, code: 'http.404', detail: `The mock knows no ${ask.method} ${ask.path}.` }),
  );
}

/** Answers /api from invented data inside the dev server. */
export function mockServer(): Plugin {
  return {
    name: 'dangol-mock',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://mock');
        if (!url.pathname.startsWith('/api/')) return next();
        if (url.pathname === '/api/live') {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' });
          response.write(': connected\n\n');
          return undefined;
        }
        setTimeout(() => void reply(request, response, url).catch(() => response.destroy()), 15);
        return undefined;
      });
    },
  };
}
