/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

/* nothing: the cheapest program that there is to exec. */
int main(void)
{
	return 0;
}
