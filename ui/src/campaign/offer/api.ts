// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

export const offerKinds = ['product', 'discount', 'coupon', 'content', 'script'] as const;
export type OfferKind = (typeof offerKinds)[number];

/** What we would like to happen; money in minor units. */
export interface Offer {
  id: number;
  name: string;
  kind: OfferKind;
  category?: string;
  description?: string;
  value: number;
  cost: number;
  currency: string;
  segment_id?: number;
  stock?: number;
  starts_on?: string;
  ends_on?: string;
  is_active: boolean;
  accepted: number;
  declined: number;
  ignored: number;
  shown: number;
  /** Expected chance of acceptance from what was answered so far. */
  rate: number;
  version: number;
}

/** What a person sets of an offer; a stock of −1 is no limit. */
export interface OfferDraft {
  name: string;
  kind: OfferKind;
  category: string;
  description: string;
  value: number;
  cost: number;
  segment_id: number;
  stock: number;
  starts_on: string;
  ends_on: string;
  is_active: boolean;
}

/** How offers are chosen. */
export interface OfferPolicy {
  floor: number;
  pressure_most: number;
  pressure_days: number;
  rest_days: number;
  hold_hours: number;
  ignore_days: number;
}

/** An offer before a person. */
export interface Show {
  id: number;
  offer: Offer;
  at: string;
  is_held: boolean;
  is_explored: boolean;
  /** About something that the person may want by what was bought so far. */
  is_wanted: boolean;
  expected: number;
}

/** The next best offers, or why there is none. */
export interface Next {
  shows: Show[];
  reason?: 'contact_pressure' | 'nothing_eligible';
  /** Products that the person may want, with the purchase that speaks for each. */
  proposals: { product: string; category?: string; because?: string }[];
}

export const offersQuery = queryOptions({
  queryKey: ['offers'],
  queryFn: ({ signal }) => api.get<Page<Offer>>('/api/offers', { signal }),
});

export const offerPolicyQuery = queryOptions({
  queryKey: ['offer-policy'],
  queryFn: ({ signal }) => api.get<OfferPolicy>('/api/offer-policy', { signal }),
});

export const saveOffer = (draft: OfferDraft, offer?: Offer) =>
  offer
    ? api.patch<Offer>('/api/offers/{id}', { path: { id: offer.id }, body: { ...draft, version: offer.version } })
    : api.post<Offer>('/api/offers', { body: draft });

export const saveOfferPolicy = (policy: OfferPolicy) => api.put<OfferPolicy>('/api/offer-policy', { body: policy });

export const askOffers = (customerId: number, place: string, count: number) =>
  api.post<Next>('/api/customers/{id}/offers', { path: { id: customerId }, body: { place, count } });

export const answerOffer = (showId: number, answer: 'accepted' | 'declined') =>
  api.post<Offer>('/api/offer-shows/{id}/answer', { path: { id: showId }, body: { answer } });
