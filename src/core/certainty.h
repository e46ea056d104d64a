/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* How sure a statement is, and why it is not surer. */
#pragma once

#include <stdint.h>

enum certainty { /* the higher is the weaker, and the weakest part makes the whole */
	CERTAINTY_CERTAIN,
	CERTAINTY_LIKELY,
	CERTAINTY_UNKNOWN,
};

/* X(name, text, the certainty that is left). A name is PART-REASON; the list is closed. Reasons
 * that leave `certain` tell what a field that is left out, or comes from elsewhere, is due to. */
#define REASONS(X)                                                                                 \
	X(SENDER_SEED, "sender-seed", LIKELY)                                                      \
	X(SENDER_GONE, "sender-gone", UNKNOWN)                                                     \
	X(SENDER_START_CLOSE, "sender-start-close", LIKELY)                                        \
	X(SENDER_CGROUP_UNKNOWN, "sender-cgroup-unknown", UNKNOWN)                                 \
	X(SENDER_COMM_UNKNOWN, "sender-comm-unknown", LIKELY)                                      \
	X(SENDER_EXE_UNKNOWN, "sender-exe-unknown", CERTAIN)                                       \
	X(SENDER_CMDLINE_TITLE, "sender-cmdline-title", CERTAIN)                                   \
	X(SENDER_CMDLINE_CUT, "sender-cmdline-cut", CERTAIN)                                       \
	X(SENDER_ANCESTRY_INCOMPLETE, "sender-ancestry-incomplete", CERTAIN)                       \
	X(SENDER_ANCESTRY_SEED, "sender-ancestry-seed", CERTAIN)                                   \
	X(SENDER_ANCESTRY_REPARENTED, "sender-ancestry-reparented", CERTAIN)                       \
	X(SENDER_NAMES_SEED, "sender-names-seed", CERTAIN)                                         \
	X(SENDER_EXE_PASSED, "sender-exe-passed", CERTAIN)                                         \
	X(SENDER_IDS_EARLIER, "sender-ids-earlier", LIKELY)                                        \
	X(SENDER_THREAD_UNKNOWN, "sender-thread-unknown", LIKELY)                                  \
	X(SENDER_CODE_CHOSEN, "sender-chosen-code", LIKELY)                                        \
	X(TARGET_SEED, "target-seed", LIKELY)                                                      \
	X(TARGET_GONE, "target-gone", UNKNOWN)                                                     \
	X(TARGET_START_CLOSE, "target-start-close", LIKELY)                                        \
	X(TARGET_CGROUP_UNKNOWN, "target-cgroup-unknown", UNKNOWN)                                 \
	X(TARGET_COMM_CHANGED, "target-comm-changed", CERTAIN)                                     \
	X(TARGET_NAMES_SEED, "target-names-seed", CERTAIN)                                         \
	X(TARGET_EXE_PASSED, "target-exe-passed", CERTAIN)                                         \
	X(TARGET_IDS_EARLIER, "target-ids-earlier", LIKELY)                                        \
	X(TARGET_DELIVERY_UNKNOWN, "target-delivery-unknown", LIKELY)                              \
	X(TARGET_LIST_INCOMPLETE, "target-list-incomplete", LIKELY)                                \
	X(CAUSE_RESULT_UNKNOWN, "cause-result-unknown", LIKELY)

enum reason {
#define X(name, text, left) REASON_##name,
	REASONS(X)
#undef X
		N_REASONS,
};

#define REASON_BIT(name) (UINT32_C(1) << REASON_##name)

const char *certainty_name(enum certainty certainty);
const char *reason_name(enum reason reason);

/* What is left of certainty when all of these (bits 1 << enum reason) hold. */
enum certainty reasons_certainty(uint32_t reasons);
