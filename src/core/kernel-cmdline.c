/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "core/kernel-cmdline.h"

#include <string.h>

static bool word_is(const char *at, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(at, word, len) == 0;
}

bool kernel_cmdline_audits(const char *text)
{
	bool audits = false;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (word_is(text, len, "--"))
			break; /* the rest is for the first process */
		if (len > 6 && memcmp(text, "audit=", 6) == 0)
			audits =
				word_is(text + 6, len - 6, "1") || word_is(text + 6, len - 6, "on");
		text += len;
		text += strspn(text, " \n");
	}
	return audits;
}
