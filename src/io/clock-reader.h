/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#pragma once

#include "core/clocks.h"

struct clocks clocks_now(void);
