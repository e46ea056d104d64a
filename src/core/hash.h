/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * uthash, but a failed allocation ends no process: after HASH_ADD() of an element that could not be
 * added its hh.tbl is NULL. It iterates in the order of insertion.
 */
#pragma once

#define HASH_NONFATAL_OOM 1
#include <uthash.h> /* IWYU pragma: export */
