/**
 * The one way to the server. `path` is below /api/v1; state changes carry the CSRF token, creating POSTs
 * an Idempotency-Key (kept for retries of the same tap); failures are thrown as `Problem`.
 */
import { boot } from '$lib/boot';
import { sessionEnded } from '$lib/session';
import type { PathWith } from './paths.ts';
import { problemOf, unreachable } from './problem.ts';

export { Problem } from './problem.ts';
export type * from './types.ts';

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Options {
  readonly query?: Query;
  readonly body?: unknown;
  /** Further headers, such as `If-Match` or `X-Purpose-Of-Use`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Give the same key to every retry of one act; `newKey()` makes one. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** Let the page handle 401 itself: the sign-in form does. */
  readonly anonymous?: boolean;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
}

export interface Answer<T> {
  readonly data: T;
  readonly etag: string | null;
  readonly status: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const newKey = (): string => crypto.randomUUID();

function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

function headersOf(method: Method, options: Options): Headers {
  const headers = new Headers(options.headers);
  headers.set('Accept', 'application/json');
  headers.set('Accept-Language', boot.language);
  if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  if (method !== 'GET' && boot.csrf_token) headers.set('X-CSRF-Token', boot.csrf_token);
  if (method === 'POST') headers.set('Idempotency-Key', options.key ?? newKey());
  return headers;
}

async function send(method: Method, path: string, options: Options): Promise<Response> {
  const init: RequestInit = { method, headers: headersOf(method, options), credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  try {
    return await fetch(address(path, options.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
}

/** Send and read; the answer with its ETag, for documents that two people may edit. */
export async function call<T>(method: Method, path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await send(method, path, options);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && !options.anonymous) sessionEnded();
    throw problem;
  }
  const data = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  return { data: data as T, etag: response.headers.get('ETag'), status: response.status };
}

const only = async <T>(method: Method, path: string, options: Options): Promise<T> => (await call<T>(method, path, options)).data;

export const api = {
  get: <T>(path: PathWith<'get'>, query?: Query, options: Options = {}): Promise<T> => only<T>('GET', path, { ...options, query }),
  post: <T = void>(path: PathWith<'post'>, body: unknown = {}, options: Options = {}): Promise<T> => only<T>('POST', path, { ...options, body }),
  put: <T = void>(path: PathWith<'put'>, body: unknown, options: Options = {}): Promise<T> => only<T>('PUT', path, { ...options, body }),
  patch: <T = void>(path: PathWith<'patch'>, body: unknown, options: Options = {}): Promise<T> => only<T>('PATCH', path, { ...options, body }),
  delete: (path: PathWith<'delete'>, options: Options = {}): Promise<void> => only<void>('DELETE', path, options),
};
