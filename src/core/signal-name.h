/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* Names of signals and of the errors that a send can meet. */
#pragma once

#include <stdbool.h>

#define SIGNAL_NAME_SIZE 24

/* "SIGKILL", "SIGRTMIN+3" (counted from the C library's SIGRTMIN, as kill -l does), "SIG32" for the
 * two that the C library keeps for itself, and for any other number "SIGn". */
const char *signal_name(int signal, char buf[static SIGNAL_NAME_SIZE]);

/* Signals that are told one by one wherever they go: those that end or stop a process by default
 * and that people send for it, and those that stand for a fault. */
bool signal_is_fatal(int signal);

#define SIGNAL_CODE_NAME_SIZE 16

/* "SI_USER" and its like: the codes that stand for a way of sending; the number for others, whose
 * meaning depends on the signal. See sigaction(2). */
const char *signal_code_name(int code, char buf[static SIGNAL_CODE_NAME_SIZE]);

#define ERROR_NAME_SIZE 24

/* "EPERM" and its like; "errno 512" for a number that has no name here. */
const char *error_name(int error, char buf[static ERROR_NAME_SIZE]);
