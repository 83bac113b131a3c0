// SPDX-License-Identifier: Apache-2.0
import type { OptionsOf, PathOf, ResultOf, Verb } from './apiTypes';

/** A fault as the server tells it (RFC 9457 with a stable code and values for translation). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, unknown>;

  constructor(status: number, code: string, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** The page shape of every list of the API. */
export interface Page<Item> {
  items: Item[];
  next_cursor?: string;
  total?: Total;
}

/** A count that stops at a cap, so that a list never waits for an exact number. */
export interface Total {
  count: number;
  capped: boolean;
}

/** Money as the API writes it: whole minor units of an ISO currency. */
export interface Money {
  amount: number;
  currency: string;
}

type Value = string | number | boolean | undefined | null;

/** What a call may carry: path values, query values (objects are sent as JSON), a body and a signal. */
export interface CallOptions {
  path?: Record<string, string | number>;
  query?: Record<string, Value | object>;
  body?: unknown;
  signal?: AbortSignal;
  /** Polled without a person asking; does not keep the session alive. */
  background?: boolean;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Builds the address of a call; also used for downloads that the browser fetches by itself. */
export function address(path: string, options: Pick<CallOptions, 'path' | 'query'> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(options.path?.[name] ?? '')),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  fields?: Record<string, unknown>;
  errors?: { message: string; location?: string }[];
}

async function faultOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const details = problem.errors?.map((e) =>
    [e.location?.replace(/^body\./, ''), e.message].filter(Boolean).join(': '),
  );
  const message = [problem.detail ?? problem.title ?? response.statusText, ...(details ?? [])].join(' · ');
  return new ApiError(response.status, problem.code ?? `http.${response.status}`, message, problem.fields);
}

async function call<Result>(method: Method, path: string, options: CallOptions = {}): Promise<Result> {
  const form = options.body instanceof FormData;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Dangol'] = '1';
  if (options.background) headers['X-Dangol-Background'] = '1';
  if (options.body !== undefined && !form) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(address(path, options), {
      method,
      headers,
      body: form ? (options.body as FormData) : options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'network', 'The server cannot be reached.');
  }
  if (!response.ok) throw await faultOf(response);
  const type = response.headers.get('Content-Type') ?? '';
  if (response.status === 204 || !type.includes('json')) return undefined as Result;
  return (await response.json()) as Result;
}

/** A verb of the API: typed by the OpenAPI document when the address is in it, else by the caller. */
interface Call<V extends Verb> {
  <P extends PathOf<V>>(
    path: P,
    ...options: OptionsOf<P, V> extends { path?: undefined; body?: undefined } ? [OptionsOf<P, V>?] : [OptionsOf<P, V>]
  ): Promise<ResultOf<P, V>>;
  <Result>(path: string, options?: CallOptions): Promise<Result>;
}

function verb<V extends Verb>(method: Uppercase<V>): Call<V> {
  const send = (path: string, options?: CallOptions) => call(method as Method, path, options);
  return send as Call<V>;
}

/** The five verbs of the API; every answer that is not 2xx throws an ApiError. */
export const api = {
  get: verb<'get'>('GET'),
  post: verb<'post'>('POST'),
  patch: verb<'patch'>('PATCH'),
  put: verb<'put'>('PUT'),
  delete: verb<'delete'>('DELETE'),
};

/** Uploads a form with progress (fetch tells none). */
export function upload<Result>(
  path: string,
  form: FormData,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('X-Dangol', '1');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, 'network', 'The server cannot be reached.'));
    request.onload = () => {
      const response = new Response(request.responseText, { status: request.status || 500 });
      if (!response.ok) void faultOf(response).then(reject);
      else resolve(JSON.parse(request.responseText) as Result);
    };
    signal?.addEventListener('abort', () => {
      request.abort();
      reject(new DOMException('aborted', 'AbortError'));
    });
    request.send(form);
  });
}

/** Posts a query and saves the answered file under the name that the server gives. */
export async function download(
  path: string,
  options: CallOptions & { method?: Method; name?: string } = {},
): Promise<void> {
  const method = options.method ?? 'GET';
  const response = await fetch(address(path, options), {
    method,
    headers: method === 'GET' ? {} : { 'X-Dangol': '1', 'Content-Type': 'application/json' },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    credentials: 'same-origin',
  }).catch(() => {
    throw new ApiError(0, 'network', 'The server cannot be reached.');
  });
  if (!response.ok) throw await faultOf(response);
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const starred = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = starred ? decodeURIComponent(starred) : (plain ?? options.name ?? 'dangol');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
