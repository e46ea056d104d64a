/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include "rows.h"

#include "core/kernel-cmdline.h"

static const struct audits_row {
	const char *name;
	const char *text;
	bool audits;
} audits_rows[] = {
	{"empty", "", false},
	{"a line feed", "\n", false},
	{"not said", "BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet\n", false},
	{"1", "ro audit=1 quiet\n", true},
	{"on", "ro audit=on quiet\n", true},
	{"0", "ro audit=0 quiet\n", false},
	{"off", "ro audit=off quiet\n", false},
	{"the first word", "audit=1 ro\n", true},
	{"the last word", "ro audit=1\n", true},
	{"no line feed", "ro audit=1", true},
	{"nothing else", "audit=on", true},
	{"spaces around it", "  ro   audit=1  \n", true},
	{"0 after 1", "audit=1 ro audit=0\n", false},
	{"1 after 0", "audit=0 ro audit=1\n", true},
	{"off after on", "audit=on audit=off", false},
	{"1 between zeros", "audit=0 audit=1 audit=0\n", false},
	{"another word after it changes nothing", "audit=1 audit_backlog_limit=0\n", true},
	{"another number", "audit=10\n", false},
	{"another number that ends so", "audit=01\n", false},
	{"a word that begins like on", "audit=only\n", false},
	{"no more than o", "audit=o\n", false},
	{"another name that ends like it", "noaudit=1 _audit=1 x.audit=1\n", false},
	{"another name that begins like it", "audit_backlog_limit=1 auditd=1\n", false},
	{"name alone", "audit 1\n", false},
	{"no value", "audit=\n", false},
	{"no value after 1", "audit=1 audit=\n", true},
	{"the value is another word", "audit= 1\n", false},
	{"another equals sign", "audit==1\n", false},
	{"cut within", "ro audi", false},
	{"cut before the value", "ro audit=", false},
	{"in capitals", "AUDIT=1\n", false},
	{"behind -- it is for the first process", "ro quiet -- audit=1\n", false},
	{"before -- it counts", "ro audit=1 -- audit=0 single\n", true},
	{"-- is the first word", "-- audit=1", false},
	{"-- is the last word", "audit=1 --", true},
	{"-- is the last word of a line", "audit=1 --\n", true},
	{"-- behind spaces", "audit=1   --   audit=0\n", true},
	{"a second --", "audit=1 -- x -- audit=0\n", true},
	{"one dash", "audit=0 - audit=1\n", true},
	{"three dashes", "audit=0 --- audit=1\n", true},
	{"a word that begins with dashes", "audit=0 --audit=0 audit=1\n", true},
	{"a word that ends with dashes", "audit=0 x-- audit=1\n", true},
	{"bytes that are not text", "\xff\xfe\x01=1 audit=1\n", true},
};

static void test_audits(void **state)
{
	const struct audits_row *row = *state;

	assert_int_equal(kernel_cmdline_audits(row->text), row->audits);
}

int main(void)
{
	return ROWS_RUN(test_audits, audits_rows);
}
