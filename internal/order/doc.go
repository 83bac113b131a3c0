// SPDX-License-Identifier: Apache-2.0

// Package order keeps what customers bought: products, orders with their lines,
// returns and cancellations, and the history of promotions and coupons that
// other systems ran.
//
// Words: a Fact is one row of a file as intake hands it over; a Line is one
// product of an order; a line that came again with other content is replaced,
// one whose batch was undone is withdrawn; a line counts when it is paid or refunded.
// Uses: database, journal, auth; customers only through record links.
// Offers: Writer (facts of intake into tables, with undo), lists and details of
// orders and products, the timeline of a customer, Purchases for performance.
package order
