// SPDX-License-Identifier: Apache-2.0

// Package forecast continues time series.
//
// Words: a series is values at equal distances with a period (12 for months); a method is one way to continue it
// (naive, seasonal naive, ETS, Theta, ARIMA, combination); the horizon is how far; an origin is a point of the past
// from which a method is tried; MASE compares an error with that of the seasonal naive method within the sample.
// It uses nothing but arithmetic.
// It offers Forecast, Backtest, Clean, Period and Reconcile.
package forecast
