// SPDX-License-Identifier: Apache-2.0

// Package mining is models of customers and what they found.
//
// Words: RFM scores how recently, how often and for how much each customer
// bought, in quintiles from 1 to 5 (best); a box is one of the 125 combinations;
// a group is a named set of boxes (champions, at risk …); Pareto is the share
// of revenue that the best customers bring; a line is a business line; a grade is
// earned by rules with versions; a scorecard gives points and a way of contact.
// Uses: warehouse (all models are SQL, written in render.go), cube for the
// company's day and currency, job for the nightly run.
// Offers: RFM, Pareto and verdicts on demand, runs of all models, and what they
// found as fields of customers ("rfm_score", "member_grade") in list and segment.
package mining
