// SPDX-License-Identifier: Apache-2.0

// Package value estimates what customers will buy and what they are worth.
//
// Words: a history is how often (x), until when (tx) and since when (T) one customer has been seen buying; a model
// is BG/NBD, MBG/NBD or Pareto/NBD, with NBD and one pooled rate to fall back to; alive is the chance that a
// customer still buys; spend is the Gamma-Gamma model of the value of a purchase; lifetime value is discounted
// margin over a horizon; the hold-out is time after the model's end that it is checked against.
// It uses nothing but arithmetic: no files, no database.
// It offers Summarise, FitModel, FitSpend, FitDonations, Predict and RFM quantiles.
package value
