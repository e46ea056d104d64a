/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* What every unit test begins with: cmocka, with the headers that it asks for before it. */
#pragma once

#include <setjmp.h> /* IWYU pragma: keep */
#include <stdarg.h> /* IWYU pragma: keep */
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* after the others: it needs their types */

#define ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
