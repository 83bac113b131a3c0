// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"dangol/internal/platform/fault"
)

// Fault maps an error of either engine to a fault and leaves faults, cancellations and others as they are.
func Fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.As(err); ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite sqlite3.Error
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.Wrap(err, fault.NotFound, "database.no_row", "The row does not exist.")
	case errors.As(err, &lite):
		return faultOfSQLite(err, lite)
	case errors.As(err, &pg):
		return faultOfPostgres(err, pg)
	case isLostConnection(err):
		return unavailable(err)
	}
	return err
}

func faultOfSQLite(err error, e sqlite3.Error) error {
	switch e.Code {
	case sqlite3.ErrFull:
		return diskFull(err)
	case sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrPerm:
		if strings.Contains(e.SystemErrno.Error(), "no space left") {
			return diskFull(err)
		}
		return fault.Wrap(err, fault.Unavailable, "database.io",
			"The database file cannot be read or written. Nothing of this request was saved; check the disk.")
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fault.Wrap(err, fault.Unavailable, "database.corrupt",
			"The database file is damaged. Stop the server and restore the last backup.")
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return busy(err)
	case sqlite3.ErrConstraint:
		switch e.ExtendedCode {
		case sqlite3.ErrConstraintNotNull, sqlite3.ErrConstraintCheck:
			return breaksRule(err)
		}
		return conflict(err)
	case sqlite3.ErrTooBig:
		return fault.Wrap(err, fault.TooLarge, "database.too_large", "The value is too large to be stored.")
	}
	return err
}

func faultOfPostgres(err error, e *pgconn.PgError) error {
	switch {
	case e.Code == "23505" || e.Code == "23503" || e.Code == "23P01":
		return conflict(err)
	case e.Code == "23502" || e.Code == "23514":
		return breaksRule(err)
	case e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03":
		return busy(err)
	case e.Code == "53100":
		return diskFull(err)
	case e.Code == "57014": // query_canceled: the cause is in the ctx of the caller
		return err
	case e.Code == "54000":
		return fault.Wrap(err, fault.TooLarge, "database.too_large", "The value is too large to be stored.")
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58", "28", "3D":
		return unavailable(err)
	}
	return err
}

func isLostConnection(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, pgx.ErrTxClosed) ||
		strings.Contains(err.Error(), "conn closed")
}

func conflict(err error) error {
	return fault.Wrap(err, fault.Conflict, "database.conflict",
		"The same entry exists already, or another one still refers to it.")
}

func breaksRule(err error) error {
	return fault.Wrap(err, fault.Invalid, "database.breaks_rule", "A required value is missing or outside its limits.")
}

func busy(err error) error {
	return fault.Wrap(err, fault.Busy, "database.busy", "The database is busy. Nothing was saved; try again.")
}

func diskFull(err error) error {
	return fault.Wrap(err, fault.Unavailable, "database.disk_full",
		"The disk of the database is full. Nothing of this request was saved; free some space and try again.")
}

func unavailable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "database.unreachable",
		"The database server does not answer. Nothing is known to be saved; check that it runs and try again.")
}
