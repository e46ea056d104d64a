/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/*
 * To be preloaded: while the file that CUT_SHORT names is there, killauditd gets one record at a
 * time, and ends by force when it asks for the one behind a SYSCALL record of a SIGUSR2. So it
 * crashes in the middle of an event, which chance would seldom do.
 */
#include <dlfcn.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int (*receive_function)(
	int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout);

static int begins(const struct mmsghdr *message)
{
	const struct nlmsghdr *header = message->msg_hdr.msg_iov->iov_base;

	return header->nlmsg_type == AUDIT_SYSCALL &&
	       memmem(header, message->msg_len, " a1=c ", strlen(" a1=c ")) &&
	       memmem(header, message->msg_len, "key=\"killauditd\"", strlen("key=\"killauditd\""));
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	static receive_function receive;
	static int begun;
	const char *armed = getenv("CUT_SHORT");
	int received;

	if (!receive)
		receive = (receive_function)dlsym(RTLD_NEXT, "recvmmsg");
	if (!armed || access(armed, F_OK) < 0)
		return receive(fd, messages, n, flags, timeout);
	if (begun) {
		unlink(armed);
		_exit(1);
	}
	received = receive(fd, messages, 1, flags, timeout);
	begun = received == 1 && begins(messages);
	return received;
}
