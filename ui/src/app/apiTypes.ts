// SPDX-License-Identifier: Apache-2.0
import type { components, paths } from './api.gen';

/** A shape of the API by its name in the OpenAPI document. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export type Verb = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** The addresses of the API that answer to a verb. */
export type PathOf<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, V extends Verb> = paths[P] extends Record<V, infer O> ? O : never;
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined;
type Good<Responses> = Responses[keyof Responses & (200 | 201 | 202 | 204)];

/** What a call answers. */
export type ResultOf<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { responses: infer Responses } ? Json<Good<Responses>> : never;

type Parameters<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { parameters: infer All } ? All : Record<never, never>;
type PathPart<All> = All extends { path: infer Values } ? { path: Values } : { path?: undefined };
// Texts may be given as objects: they are sent as JSON (rule trees).
type Sendable<Values> = { [Name in keyof Values]?: string extends Values[Name] ? Values[Name] | object : Values[Name] };
type QueryPart<All> = All extends { query?: infer Values } ? { query?: Sendable<Values> } : { query?: undefined };
type BodyPart<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { requestBody: infer Request } ? { body: Json<Request> } : { body?: undefined };

/** What a call takes: values of the path and the query, and a body. */
export type OptionsOf<P extends keyof paths, V extends Verb> = PathPart<Parameters<P, V>> &
  QueryPart<Parameters<P, V>> &
  BodyPart<P, V> & { signal?: AbortSignal; background?: boolean };
