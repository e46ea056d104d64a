/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "send-story.h"

#include <errno.h>

#include "rows.h"

#define KILL_BY_PARENT .sender = 100, .target = 200, .signal = SIGKILL
#define QUEUE          .class = SIGNAL_CLASS_QUEUE, .code = SI_QUEUE
#define TKILL          .class = SIGNAL_CLASS_TKILL, .code = SI_TKILL
#define FAULT          .class = SIGNAL_CLASS_KERNEL, .code = 1
#define CGROUP_KILL    .class = SIGNAL_CLASS_CGROUP_KILL
#define TO_SELF        .target = 100
#define PIDFD          .route = ROUTE_PIDFD_SEND_SIGNAL
#define OVERFLOW       .result = SIGNAL_RESULT_OVERFLOW

#define FAMILY                                                                                     \
	{BORN, 0, NULL, .sender = 1, .target = 100},                                               \
	{                                                                                          \
		BORN, 0, NULL, .sender = 100, .target = 200                                        \
	}

static const struct story_row {
	const char *name;
	struct step steps[14];
} story_rows[] = {
	/* --- both saw it --- */
	{"one send", {{SEE, 0, "waits"}, {MATCH, 0, "queued @0"},
			     {EXPIRE, 1000, "none", .barrier = 1000}}},
	{"the stamp of the record is early", {{SEE, 9, "waits"}, {MATCH, 0, "queued @9"}}},
	{"every result is told",
		{{SEE, 0, "waits"}, {SEE, 1, "waits", .result = SIGNAL_RESULT_IGNORED},
			{SEE, 2, "waits", .result = SIGNAL_RESULT_ALREADY_PENDING},
			{SEE, 3, "waits", .result = SIGNAL_RESULT_INFO_LOST},
			{MATCH, 0, "queued @0"}, {MATCH, 1, "ignored @1"},
			{MATCH, 2, "already-pending @2"}, {MATCH, 3, "info-lost @3"}}},
	{"first with first", {{SEE, 0, "waits"}, {SEE, 100, "waits"}, {MATCH, 0, "queued @0"},
				     {MATCH, 100, "queued @100"}}},
	{"first with first, as long as there are few",
		{{SEE, 0, "waits"}, {SEE, 1, "waits", .result = SIGNAL_RESULT_IGNORED},
			{SEE, 2, "waits"}, {MATCH, 0, "queued @0"}, {MATCH, 1, "ignored @1"},
			{MATCH, 2, "queued @2"}}},
	{"another target, signal or sender is another send",
		{{SEE, 0, "waits", .target = 201}, {SEE, 1, "waits", .signal = SIGHUP},
			{SEE, 2, "waits", .sender = 101}, {SEE, 3, "waits"},
			{MATCH, 3, "queued @3"}, {MATCH, 3, "unknown missing"},
			{MATCH, 0, "queued @0", .target = 201},
			{MATCH, 1, "queued @1", .signal = SIGHUP},
			{MATCH, 2, "queued @2 by 101", .sender = 101}}},
	{"two threads of a sender change places",
		{{SEE, 0, "waits", .thread = 101}, {SEE, 1, "waits", .thread = 100},
			{MATCH, 1, "queued @0 by 101"}, {MATCH, 0, "queued @1"}}},
	{"kill of a thread's id: audit names its process",
		{{SEE, 0, "waits", .target = NOBODY}, {MATCH, 0, "queued @0"}}},
	{"the sender died in the call: whatever became of it",
		{{SEE, 0, "waits"}, {MATCH, 0, "queued @0", .result_unknown = true}}},
	{"the sender died in the call, before it came to it",
		{{MATCH, 0, "unknown", .result_unknown = true}}},
	/* --- classes --- */
	{"tkill and tgkill, beside kill",
		{{SEE, 0, "waits"}, {SEE, 1, "waits", TKILL}, {SEE, 2, "waits", TKILL},
			{MATCH, 1, "queued @1", .route = ROUTE_TKILL},
			{MATCH, 2, "queued @2", .route = ROUTE_TGKILL}, {MATCH, 0, "queued @0"}}},
	{"what the sender chose is of one class",
		{{SEE, 0, "waits", QUEUE}, {SEE, 1, "waits", QUEUE}, {SEE, 2, "waits", QUEUE},
			{MATCH, 0, "unknown missing"},
			{MATCH, 0, "queued @0", .route = ROUTE_RT_SIGQUEUEINFO},
			{MATCH, 1, "queued @1", .route = ROUTE_RT_TGSIGQUEUEINFO},
			{MATCH, 2, "queued @2", PIDFD, .with_info = true}}},
	{"pidfd_send_signal without data is kill",
		{{SEE, 0, "waits"}, {SEE, 1, "waits", TKILL}, {MATCH, 0, "queued @0", PIDFD},
			{MATCH, 1, "queued @1", .route = ROUTE_TKILL}}},
	{"pidfd_send_signal to a thread", {{SEE, 0, "waits"}, {SEE, 1, "waits", TKILL},
						  {MATCH, 1, "queued @1", PIDFD, .flags = 1}}},
	{"pidfd_send_signal with the descriptor of a thread",
		{{SEE, 1, "waits", TKILL}, {MATCH, 1, "queued @1", PIDFD}}},
	{"pidfd_send_signal to a process, whatever the descriptor",
		{{SEE, 1, "waits", TKILL}, {MATCH, 1, "unknown missing", PIDFD, .flags = 2}}},
	{"pidfd_send_signal to a process group",
		{{SEE, 0, "waits"}, {MATCH, 0, "queued @0", PIDFD, .flags = 4, .n_targets = 2},
			{MATCH, 0, "refused", PIDFD, .flags = 4, .n_targets = 2, .target = 201}}},
	/* --- codes that belong to others --- */
	{"forged to oneself as a fault",
		{{SEE, 0, "waits", FAULT, TO_SELF},
			{MATCH, 0, "queued @0", TO_SELF, .route = ROUTE_RT_SIGQUEUEINFO}}},
	{"forged to oneself as the kernel's",
		{{SEE, 0, "waits", .class = SIGNAL_CLASS_KERNEL, .code = SI_KERNEL, TO_SELF},
			{MATCH, 0, "queued @0", TO_SELF, .route = ROUTE_RT_TGSIGQUEUEINFO}}},
	{"forged to oneself as kill, by pidfd_send_signal",
		{{SEE, 0, "waits", TO_SELF},
			{MATCH, 0, "queued @0", TO_SELF, PIDFD, .with_info = true}}},
	{"forged to oneself: the code that is its own goes first",
		{{SEE, 0, "waits", TO_SELF}, {SEE, 1, "waits", TO_SELF, QUEUE},
			{MATCH, 1, "queued @1", TO_SELF, .route = ROUTE_RT_SIGQUEUEINFO},
			{MATCH, 0, "queued @0", TO_SELF}}},
	{"nobody can forge to others",
		{{SEE, 0, "waits"}, {MATCH, 0, "unknown missing", .route = ROUTE_RT_SIGQUEUEINFO}}},
	{"a fault", {{SEE, 0, "waits", FAULT, TO_SELF}, {EXPIRE, 30, "kernel @0", .barrier = 30}}},
	{"a fault of who cannot forge", {{SEE, 0, "kernel", FAULT, TO_SELF, .blind = true}}},
	{"the kernel to others",
		{{SEE, 0, "kernel", .class = SIGNAL_CLASS_KERNEL, .code = SI_KERNEL}}},
	{"a timer interrupts who has nothing to do with it",
		{{SEE, 0, "kernel", .class = SIGNAL_CLASS_QUEUE, .code = SI_TIMER,
			.interrupt = true}}},
	{"forged as a timer", {{SEE, 0, "waits", .class = SIGNAL_CLASS_QUEUE, .code = SI_TIMER},
				      {MATCH, 0, "queued @0", .route = ROUTE_RT_SIGQUEUEINFO}}},
	{"a message queue's notice",
		{{SEE, 0, "waits", .class = SIGNAL_CLASS_QUEUE, .code = SI_MESGQ},
			{EXPIRE, 30, "kernel @0", .barrier = 30}}},
	{"perhaps a message queue's notice",
		{{SEE, 0, "alone", .class = SIGNAL_CLASS_QUEUE, .code = SI_MESGQ, .blind = true}}},
	{"cgroup.kill has no record", {{SEE, 0, "alone", CGROUP_KILL}}},
	/* --- refused --- */
	{"EPERM, ESRCH and EINVAL have nothing to find",
		{{SEE, 0, "waits"}, {MATCH, 0, "refused", .error = EPERM},
			{MATCH, 0, "unknown", .error = ESRCH},
			{MATCH, 0, "unknown", .error = EINVAL}, {MATCH, 0, "queued @0"}}},
	{"EAGAIN has what overflowed",
		{{SEE, 0, "waits", QUEUE}, {SEE, 1, "waits", QUEUE, OVERFLOW},
			{SEE, 2, "waits", QUEUE},
			{MATCH, 0, "queued @0", .route = ROUTE_RT_SIGQUEUEINFO},
			{MATCH, 1, "overflow @1", .route = ROUTE_RT_SIGQUEUEINFO, .error = EAGAIN},
			{MATCH, 2, "queued @2", .route = ROUTE_RT_SIGQUEUEINFO}}},
	{"a success has nothing that overflowed",
		{{SEE, 0, "waits", QUEUE, OVERFLOW}, {SEE, 1, "waits", QUEUE},
			{MATCH, 1, "queued @1", .route = ROUTE_RT_SIGQUEUEINFO},
			{MATCH, 0, "overflow @0", .route = ROUTE_RT_SIGQUEUEINFO,
				.error = EAGAIN}}},
	{"EAGAIN, and nothing overflowed",
		{{SEE, 0, "waits", QUEUE},
			{MATCH, 0, "unknown missing", .route = ROUTE_RT_SIGQUEUEINFO,
				.error = EAGAIN}}},
	/* --- groups --- */
	{"a group, of which one was out of reach",
		{{SEE, 0, "waits"}, {SEE, 0, "waits", .target = 202},
			{MATCH, 0, "queued @0", .n_targets = 3},
			{MATCH, 0, "refused", .n_targets = 3, .target = 201},
			{MATCH, 0, "queued @0", .n_targets = 3, .target = 202},
			{EXPIRE, 30, "none", .barrier = 30}}},
	{"a group, and the trace lost something",
		{{SEE, 0, "waits"}, {MATCH, 0, "queued @0", .n_targets = 2},
			{MATCH, 0, "unknown", .n_targets = 2, .target = 201, .trace_lossy = true}}},
	{"a group of which nobody was in reach",
		{{MATCH, 0, "refused", .n_targets = 2, .error = EPERM},
			{MATCH, 0, "refused", .n_targets = 2, .error = EPERM, .target = 201}}},
	{"everybody, of whom the last was gone",
		{{SEE, 0, "waits"}, {MATCH, 0, "queued @0", .n_targets = 2, .error = ESRCH},
			{MATCH, 0, "refused", .n_targets = 2, .error = ESRCH, .target = 201}}},
	{"a group, one of which has too many waiting",
		{{SEE, 0, "waits"}, {SEE, 0, "waits", .target = 201, OVERFLOW},
			{MATCH, 0, "queued @0", .n_targets = 2},
			{MATCH, 0, "overflow @0", .n_targets = 2, .target = 201}}},
	{"one target of those that were recorded",
		{{SEE, 0, "waits", OVERFLOW}, {MATCH, 0, "overflow @0", .incomplete = true}}},
	/* --- only the trace saw it --- */
	{"a blind sender is told at once",
		{{SEE, 0, "alone", .blind = true}, {EXPIRE, 900, "none", .barrier = 900}}},
	{"one that may be audited waits for the barrier",
		{{SEE, 10, "waits", .maybe = true}, {EXPIRE, 100, "none", .barrier = 9},
			{EXPIRE, 100, "alone @10", .barrier = 10}}},
	{"one that is audited is a mismatch then",
		{{SEE, 10, "waits"}, {EXPIRE, 100, "none", .barrier = 9},
			{EXPIRE, 100, "mismatch @10", .barrier = 10},
			{EXPIRE, 200, "none", .barrier = 200}}},
	{"but none without the barrier",
		{{SEE, 10, "waits"}, {EXPIRE, 509, "none"}, {EXPIRE, 510, "alone @10"}}},
	{"oldest first", {{SEE, 0, "waits", .target = 203}, {SEE, 1, "waits", .target = 202},
				 {SEE, 30, "waits", .target = 201},
				 {EXPIRE, 100, "mismatch @0, mismatch @1", .barrier = 29},
				 {EXPIRE, 600, "alone @30"}}},
	{"of a sender that is proven to be audited meanwhile",
		{{SEE, 10, "waits", .maybe = true}, {SEE, 11, "waits"},
			{EXPIRE, 100, "alone @10, mismatch @11", .barrier = 11}}},
	{"those that do not differ, together",
		{{SEE, 0, "waits"}, {SEE, 1, "waits"}, {SEE, 2, "waits"}, {MATCH, 0, "queued @0"},
			{EXPIRE, 100, "none", .barrier = 1},
			{EXPIRE, 100, "mismatch @1 x2", .barrier = 2}}},
	{"those that do not differ, but in time",
		{{SEE, 0, "waits"}, {SEE, 20, "waits"}, {SEE, 21, "waits"},
			{EXPIRE, 100, "mismatch @0 x2, mismatch @21", .barrier = 100}}},
	{"those between are taken to be evenly apart",
		{{SEE, 0, "waits"}, {SEE, 1, "waits"}, {SEE, 2, "waits"}, {SEE, 18, "waits"},
			{MATCH, 0, "queued @0"}, {MATCH, 0, "queued @6"}, {MATCH, 0, "queued @12"},
			{MATCH, 0, "queued @18"}, {MATCH, 0, "unknown missing"}}},
	/* --- the record comes late --- */
	{"a late record amends, once", {{SEE, 0, "waits"}, {EXPIRE, 500, "alone @0"},
					       {MATCH, 0, "queued @0 amends 1", .now = 4000},
					       {MATCH, 0, "unknown missing", .now = 4000}}},
	{"a late record of one told at once",
		{{SEE, 0, "alone", .blind = true, .result = SIGNAL_RESULT_IGNORED},
			{MATCH, 0, "ignored @0 amends 1"}}},
	{"late records of one entry for two",
		{{SEE, 0, "waits"}, {SEE, 1, "waits"}, {EXPIRE, 600, "alone @0 x2"},
			{MATCH, 0, "queued @0 amends 1", .now = 700},
			{MATCH, 1, "queued @1 amends 1", .now = 700},
			{MATCH, 1, "unknown missing", .now = 700}}},
	{"who waits goes before who was told",
		{{SEE, 0, "waits"}, {EXPIRE, 500, "alone @0"}, {SEE, 600, "waits"},
			{MATCH, 600, "queued @600"}, {MATCH, 0, "queued @0 amends 1", .now = 700}}},
	{"the oldest that was told goes first",
		{{SEE, 0, "alone", .blind = true}, {SEE, 9, "alone", .blind = true},
			{MATCH, 0, "queued @0 amends 1"}, {MATCH, 9, "queued @9 amends 2"}}},
	{"a record that is later than our memory",
		{{SEE, 0, "alone", .blind = true}, {MATCH, 1, "queued @0 amends 1", .now = 59999},
			{SEE, 10, "alone", .blind = true}, {MATCH, 10, "unknown", .now = 60010}}},
	{"nor do we know of others of that time",
		{{SEE, 10, "alone", .blind = true}, {EXPIRE, 60010, "none"},
			{MATCH, 9, "unknown", .target = 201, .n_targets = 2, .now = 60010},
			{MATCH, 60000, "refused", .target = 201, .n_targets = 2, .now = 60010}}},
	{"a late record of a fault that was none",
		{{SEE, 0, "waits", FAULT, TO_SELF}, {EXPIRE, 600, "kernel @0"},
			{MATCH, 0, "queued @0 amends 1", TO_SELF, .route = ROUTE_RT_SIGQUEUEINFO,
				.now = 700}}},
	/* --- time --- */
	{"what was long before is no partner",
		{{SEE, 0, "waits"}, {MATCH, 5006, "unknown missing"}, {MATCH, 5004, "queued @0"}}},
	{"what was long after is no partner",
		{{SEE, 6001, "waits"}, {MATCH, 0, "unknown missing", .now = 6001},
			{MATCH, 1, "queued @6001", .now = 6001}}},
	{"the next one may be",
		{{SEE, 0, "waits"}, {SEE, 6000, "waits"}, {MATCH, 6000, "queued @6000"}}},
	/* --- a pid that was given to another --- */
	{"the sender had ended before",
		{{BORN, 0, NULL, .sender = 1, .target = 100}, {SEE, 100, "waits"},
			{ENDS, 200, NULL, .target = 100},
			{BORN, 300, NULL, .sender = 1, .target = 100}, {SEE, 400, "waits"},
			{MATCH, 400, "queued @400"}, {MATCH, 400, "unknown missing"},
			{MATCH, 100, "queued @100"}}},
	{"the sender was born after",
		{{BORN, 3000, NULL, .sender = 1, .target = 100}, {SEE, 3100, "waits"},
			{MATCH, 1900, "unknown missing", .now = 3100},
			{MATCH, 3100, "queued @3100"}}},
	{"the target had ended before",
		{{BORN, 0, NULL, .sender = 1, .target = 200}, {SEE, 100, "waits"},
			{ENDS, 101, NULL, .target = 200},
			{BORN, 300, NULL, .sender = 1, .target = 200}, {SEE, 400, "waits"},
			{MATCH, 400, "queued @400"}}},
	{"it ends in the same moment",
		{{BORN, 0, NULL, .sender = 1, .target = 200}, {SEE, 100, "waits"},
			{ENDS, 101, NULL, .target = 200}, {MATCH, 100, "queued @100"}}},
	/* --- a thread that nobody knows --- */
	{"the only one", {{SEE, 0, "waits", .sender = NOBODY, .thread = 105},
				 {MATCH, 0, "queued @0 by 105 guessed"}}},
	{"the only one, more than once",
		{{SEE, 0, "waits", .sender = NOBODY, .thread = 105},
			{SEE, 100, "waits", .sender = NOBODY, .thread = 105},
			{MATCH, 0, "queued @0 by 105 guessed"},
			{MATCH, 0, "queued @100 by 105 guessed"}}},
	{"one of two", {{SEE, 0, "waits", .sender = NOBODY, .thread = 105},
			       {SEE, 1, "waits", .sender = NOBODY, .thread = 106},
			       {MATCH, 0, "unknown"}, {MATCH, 0, "unknown", .n_targets = 2},
			       {EXPIRE, 600, "alone @0 by 105, alone @1 by 106"}}},
	{"of two, one is too long ago",
		{{SEE, 0, "waits", .sender = NOBODY, .thread = 105},
			{SEE, 6000, "waits", .sender = NOBODY, .thread = 106},
			{MATCH, 6000, "queued @6000 by 106 guessed"}}},
	{"who is known goes first",
		{{SEE, 0, "waits", .sender = NOBODY, .thread = 105}, {SEE, 1, "waits"},
			{MATCH, 1, "queued @1"}, {MATCH, 1, "queued @0 by 105 guessed"}}},
	{"also when it was told already",
		{{SEE, 0, "alone", .blind = true},
			{SEE, 1, "waits", .sender = NOBODY, .thread = 105},
			{MATCH, 1, "queued @0 amends 1"}, {MATCH, 1, "queued @1 by 105 guessed"}}},
	{"late", {{SEE, 0, "waits", .sender = NOBODY, .thread = 105, .maybe = true},
			 {EXPIRE, 500, "alone @0 by 105"},
			 {MATCH, 0, "queued @0 by 105 guessed amends 1", .now = 600}}},
	/* --- the sender is the parent of the target --- */
	{"a parent that ends",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT}, {ENDS, 102, NULL, .target = 100},
			{EXPIRE, 119, "none", .barrier = 119},
			{EXPIRE, 120, "parent's death @100", .barrier = 120}}},
	{"a parent that ends, after its child was given to another",
		{{BORN, 0, NULL, .sender = 1, .target = 100},
			{BORN, 0, NULL, .sender = 1, .target = 200, .thread = 100},
			{SEE, 100, "waits", KILL_BY_PARENT}, {ENDS, 102, NULL, .target = 100},
			{EXPIRE, 120, "parent's death @100", .barrier = 120}}},
	{"a parent that had ended before",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT}, {ENDS, 98, NULL, .target = 100},
			{EXPIRE, 120, "mismatch @100", .barrier = 120}}},
	{"a blind parent that ends",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT, .blind = true}, {EXPIRE, 119, "none"},
			{ENDS, 105, NULL, .target = 100}, {EXPIRE, 120, "parent's death @100"}}},
	{"a blind parent that does not end",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{EXPIRE, 120, "alone @100"}}},
	{"a blind parent that ends later",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{ENDS, 106, NULL, .target = 100}, {EXPIRE, 120, "alone @100"}}},
	{"a blind parent that was audited after all, and ends",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{ENDS, 102, NULL, .target = 100},
			{MATCH, 100, "queued @100", .signal = SIGKILL}, {EXPIRE, 120, "none"}}},
	{"a parent that kills and ends has a record",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT}, {ENDS, 102, NULL, .target = 100},
			{MATCH, 100, "queued @100", .signal = SIGKILL, .result_unknown = true},
			{EXPIRE, 700, "none", .barrier = 700}}},
	{"a parent that goes on must have one",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT},
			{EXPIRE, 130, "mismatch @100", .barrier = 120}}},
	{"but for a thread of it, which may have ended",
		{FAMILY, {SEE, 100, "waits", KILL_BY_PARENT, .thread = 107},
			{EXPIRE, 130, "alone @100 by 107", .barrier = 120}}},
	{"who ends is not the parent",
		{{BORN, 0, NULL, .sender = 1, .target = 100},
			{BORN, 0, NULL, .sender = 1, .target = 200},
			{SEE, 100, "waits", KILL_BY_PARENT}, {ENDS, 102, NULL, .target = 100},
			{EXPIRE, 130, "mismatch @100", .barrier = 120}}},
	{"a blind one that is not the parent waits for nothing",
		{{BORN, 0, NULL, .sender = 1, .target = 100},
			{BORN, 0, NULL, .sender = 1, .target = 200},
			{SEE, 100, "alone", KILL_BY_PARENT, .blind = true}}},
	{"a parent's tgkill is its own",
		{FAMILY, {SEE, 100, "alone", KILL_BY_PARENT, TKILL, .blind = true}}},
	{"who waits for a parent's end holds nobody up",
		{FAMILY, {SEE, 95, "waits", .target = 201, .maybe = true},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{SEE, 101, "waits", .target = 202, .maybe = true},
			{EXPIRE, 120, "alone @100"},
			{EXPIRE, 120, "alone @95, alone @101", .barrier = 120}}},
	{"oldest first, whatever they wait for",
		{FAMILY, {SEE, 95, "waits", .target = 201, .maybe = true},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{SEE, 101, "waits", .target = 202, .maybe = true},
			{EXPIRE, 120, "alone @95, alone @100, alone @101", .barrier = 120}}},
	/* --- born into a control group that is being killed --- */
	{"born to be killed",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 90, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 100, "waits", KILL_BY_PARENT},
			{SEE, 101, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{ENDS, 102, NULL, .target = 100},
			{EXPIRE, 130, "cgroup.kill @100", .barrier = 120}}},
	{"born where that is not known: where its parent is",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 90, NULL, .sender = 100, .target = 200},
			{SEE, 99, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{EXPIRE, 130, "cgroup.kill @100", .barrier = 120}}},
	{"born long before",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 30, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 99, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{EXPIRE, 130, "alone @100"}}},
	{"another control group is being killed",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 90, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 99, "alone", .sender = 300, .target = 300, .signal = SIGKILL,
				.cgroup = "/db", CGROUP_KILL},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{EXPIRE, 130, "alone @100"}}},
	{"it was killed long before",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{SEE, 99, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{BORN, 1090, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 1100, "waits", KILL_BY_PARENT, .blind = true},
			{EXPIRE, 1130, "alone @1100"}}},
	{"it was killed long after",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 90, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 100, "waits", KILL_BY_PARENT, .blind = true},
			{SEE, 1101, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{EXPIRE, 1130, "alone @100"}}},
	{"another signal is the parent's",
		{{BORN, 0, NULL, .sender = 1, .target = 100, .cgroup = "/web"},
			{BORN, 90, NULL, .sender = 100, .target = 200, .cgroup = "/web"},
			{SEE, 99, "alone", .sender = 300, .target = 100, .signal = SIGKILL,
				CGROUP_KILL},
			{SEE, 100, "waits", .blind = true}, {EXPIRE, 130, "alone @100"}}},
};

/* Who is seen is accounted for, once. */
static void assert_counts(const struct send_join *join)
{
	const struct send_join_counts *counts = send_join_counts(join);
	uint64_t settled = counts->matched + counts->late + counts->mismatched + counts->by_kernel;

	assert_int_equal(counts->seen, counts->at_once + counts->waited);
	if (send_join_waiting(join) == 0)
		assert_int_equal(counts->waited, settled);
	else
		assert_true(counts->waited > settled);
	assert_int_equal(counts->targets, counts->matched + counts->amended + counts->refused +
						  counts->not_reached + counts->missing +
						  counts->unknown);
}

static void test_story(void **state)
{
	const struct story_row *row = *state;
	struct story story;

	story_begin(&story);
	for (const struct step *step = row->steps; step->kind; step++)
		story_step(&story, step);
	assert_counts(story.join);
	story_end(&story);
}

static void test_waiting(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story);
	assert_int_equal(send_join_waiting(story.join), 0);
	story_step(&story, &(struct step){SEE, 7, "waits"});
	story_step(&story, &(struct step){SEE, 8, "waits"});
	assert_int_equal(send_join_waiting(story.join), story_nsec(7));
	story_step(&story, &(struct step){MATCH, 7, "queued @7"});
	assert_int_equal(send_join_waiting(story.join), story_nsec(8));
	story_step(&story, &(struct step){EXPIRE, 600, "alone @8"});
	assert_int_equal(send_join_waiting(story.join), 0);
	story_end(&story);
}

static void test_counts(void **state)
{
	static const struct story_row row = {
		"all of them",
		{{SEE, 0, "waits", FAULT, TO_SELF},
			{SEE, 1, "waits", .sender = NOBODY, .thread = 105},
			{SEE, 2, "alone", .blind = true}, {SEE, 3, "waits", .target = 201},
			{MATCH, 0, "queued @0", TO_SELF, .route = ROUTE_RT_SIGQUEUEINFO},
			{MATCH, 2, "queued @2 amends 1"}, {MATCH, 1, "queued @1 by 105 guessed"},
			{MATCH, 3, "refused", .error = EPERM},
			{MATCH, 3, "refused", .n_targets = 2}, {MATCH, 3, "unknown missing"},
			{MATCH, 3, "unknown", .trace_lossy = true},
			{EXPIRE, 9, "mismatch @3", .barrier = 9}},
	};
	static const struct send_join_counts expected = {
		.seen = 4,
		.at_once = 1,
		.waited = 3,
		.matched = 2,
		.mismatched = 1,
		.targets = 7,
		.amended = 1,
		.refused = 1,
		.not_reached = 1,
		.missing = 1,
		.unknown = 1,
		.guessed = 1,
		.forged = 1,
	};
	struct story story;

	(void)state;
	story_begin(&story);
	for (const struct step *step = row.steps; step->kind; step++)
		story_step(&story, step);
	assert_memory_equal(send_join_counts(story.join), &expected, sizeof(expected));
	story_end(&story);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_counts),
	};

	return ROWS_RUN(test_story, story_rows) + cmocka_run_group_tests(tests, NULL, NULL);
}
