/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SPDX-FileCopyrightText: The killauditd authors */

#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/audit-guard.h"
#include "core/audit-rules.h"
#include "core/buffer.h"
#include "daemon/config-loader.h"
#include "daemon/kernel-setup.h"
#include "daemon/log.h"
#include "daemon/manager.h"
#include "daemon/status.h"

enum command {
	COMMAND_WATCH,
	COMMAND_LOAD_RULES,
	COMMAND_UNLOAD_RULES,
	COMMAND_PRINT_RULES,
	COMMAND_CHECK_CONFIG,
	COMMAND_HELP,
	COMMAND_VERSION,
};

struct arguments {
	enum command command;
	const char *watch_option; /* that goes with the watch only, and was given */
	const char *config_path; /* NULL: the usual one */
	const char *input; /* NULL: as the configuration says */
	struct manager_options options;
};

static enum status usage_error(void)
{
	fprintf(stderr, "Try 'killauditd --help'.\n");
	return STATUS_USAGE;
}

/* One command, and options of the watch only with the watch. */
static enum status set_command(struct arguments *arguments, enum command command, const char *name)
{
	if (arguments->command != COMMAND_WATCH && arguments->command != command) {
		log_message("%s does not go with another command", name);
		return usage_error();
	}
	arguments->command = command;
	return STATUS_OK;
}

static enum status set_input(struct arguments *arguments, const char *name)
{
	enum config_input input;

	arguments->watch_option = "--input";
	arguments->input = name;
	if (config_input_from_name(name, &input) == 0)
		return STATUS_OK;
	log_message("--input %s: this version reads the kernel's multicast group only (auto or "
		    "multicast)",
		name);
	return usage_error();
}

static enum status set_output(struct arguments *arguments, const char *name)
{
	arguments->watch_option = "--output";
	if (output_mode_from_name(name, &arguments->options.output) == 0)
		return STATUS_OK;
	log_message("--output %s: not one of journal, text, json, null", name);
	return usage_error();
}

static enum status parse_arguments(int argc, char *argv[], struct arguments *arguments)
{
	enum {
		ARG_INPUT = 256,
		ARG_CONFIG,
		ARG_CHECK_CONFIG,
		ARG_OUTPUT,
		ARG_KEEP_RULES,
		ARG_LOAD_RULES,
		ARG_UNLOAD_RULES,
		ARG_PRINT_RULES,
		ARG_HELP,
		ARG_VERSION,
	};
	static const struct option options[] = {
		{"config", required_argument, NULL, ARG_CONFIG},
		{"check-config", no_argument, NULL, ARG_CHECK_CONFIG},
		{"input", required_argument, NULL, ARG_INPUT},
		{"output", required_argument, NULL, ARG_OUTPUT},
		{"keep-rules", no_argument, NULL, ARG_KEEP_RULES},
		{"load-rules", no_argument, NULL, ARG_LOAD_RULES},
		{"unload-rules", no_argument, NULL, ARG_UNLOAD_RULES},
		{"print-rules", no_argument, NULL, ARG_PRINT_RULES},
		{"help", no_argument, NULL, ARG_HELP},
		{"version", no_argument, NULL, ARG_VERSION},
		{},
	};
	enum status status = STATUS_OK;
	int option, index = 0;

	while (status == STATUS_OK &&
		(option = getopt_long(argc, argv, "", options, &index)) != -1) {
		switch (option) {
		case ARG_INPUT:
			status = set_input(arguments, optarg);
			break;
		case ARG_CONFIG:
			arguments->config_path = optarg;
			break;
		case ARG_CHECK_CONFIG:
			status = set_command(arguments, COMMAND_CHECK_CONFIG, "--check-config");
			break;
		case ARG_OUTPUT:
			status = set_output(arguments, optarg);
			break;
		case ARG_KEEP_RULES:
			arguments->options.keep_rules = true;
			arguments->watch_option = "--keep-rules";
			break;
		case ARG_LOAD_RULES:
			status = set_command(arguments, COMMAND_LOAD_RULES, "--load-rules");
			break;
		case ARG_UNLOAD_RULES:
			status = set_command(arguments, COMMAND_UNLOAD_RULES, "--unload-rules");
			break;
		case ARG_PRINT_RULES:
			status = set_command(arguments, COMMAND_PRINT_RULES, "--print-rules");
			break;
		case ARG_HELP:
			arguments->command = COMMAND_HELP;
			return STATUS_OK;
		case ARG_VERSION:
			arguments->command = COMMAND_VERSION;
			return STATUS_OK;
		default: /* getopt has named the option */
			return usage_error();
		}
	}
	if (status == STATUS_OK && optind < argc) {
		log_message("%s: killauditd takes options only", argv[optind]);
		return usage_error();
	}
	if (status == STATUS_OK && arguments->command != COMMAND_WATCH && arguments->watch_option) {
		log_message("%s does not go with a command", arguments->watch_option);
		return usage_error();
	}
	return status;
}

static enum status print_help(void)
{
	puts("Usage: killauditd [OPTION...]\n"
	     "Watches who sends which signal to whom and writes it to the journal.\n"
	     "\n"
	     "  --output journal|text|json|null\n"
	     "                       where entries go (journal); the others are for standard\n"
	     "                       output\n"
	     "  --input auto|multicast\n"
	     "                       where records come from: the socket that the service\n"
	     "                       manager passes, if there is one, or always our own (auto)\n"
	     "  --config FILE        instead of " CONFIG_PATH "; with FILE.d/*.conf\n"
	     "  --keep-rules         on exit, leave the audit rules that this run added\n"
	     "\n"
	     "  --load-rules         add what is missing of killauditd's audit rules, and end\n"
	     "  --unload-rules       remove killauditd's audit rules, put back the audit\n"
	     "                       settings that killauditd changed, and end\n"
	     "  --print-rules        print the rules as auditctl -R reads them, and end\n"
	     "  --check-config       say what is wrong in the configuration, and end\n"
	     "  --help               this text\n"
	     "  --version            the version\n"
	     "\n"
	     "Status: 0 done, 1 failed, 64 wrong usage, 69 nothing can be watched here,\n"
	     "77 privilege is missing, 78 wrong configuration.");
	return STATUS_OK;
}

static enum status print_rules(void)
{
	struct buffer text = {};
	bool written;

	audit_rules_print(&text);
	written = !text.failed && fwrite(text.data, 1, text.len, stdout) == text.len;
	buffer_done(&text);
	return written ? STATUS_OK : STATUS_OTHER;
}

static enum status load_rules(void)
{
	enum status status = kernel_setup_load(false, 0);
	struct audit_state state;

	if (status == STATUS_OK && kernel_setup_read(&state) == 0 && state.missing_rules)
		log_message(
			"the audit rules are locked until the next boot: %d of ours are not loaded",
			__builtin_popcount(state.missing_rules));
	return status;
}

static enum status watch(struct arguments *arguments)
{
	struct config *config = &arguments->options.config;
	enum status status = config_load(arguments->config_path, config);

	if (status != STATUS_OK)
		return status;
	if (arguments->input)
		config_input_from_name(arguments->input, &config->input);
	return manager_run(&arguments->options);
}

static enum status run(struct arguments *arguments)
{
	switch (arguments->command) {
	case COMMAND_WATCH:
		return watch(arguments);
	case COMMAND_LOAD_RULES:
		return load_rules();
	case COMMAND_UNLOAD_RULES:
		return kernel_setup_unload();
	case COMMAND_PRINT_RULES:
		return print_rules();
	case COMMAND_CHECK_CONFIG:
		return config_load(arguments->config_path, &arguments->options.config);
	case COMMAND_HELP:
		return print_help();
	case COMMAND_VERSION:
		puts(PACKAGE_STRING);
		return STATUS_OK;
	}
	return STATUS_OTHER;
}

/* Otherwise the next file that is opened becomes standard output, and entries go into it. */
static bool standard_descriptors_open(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char *argv[])
{
	struct arguments arguments = {.options.output = OUTPUT_JOURNAL};
	enum status status;

	/* A reader of our output that goes is an error of the write, not our end. */
	signal(SIGPIPE, SIG_IGN);
	argv[0] = (char[]){"killauditd"}; /* by which getopt names us in its messages */
	if (!standard_descriptors_open())
		return STATUS_OTHER;
	status = parse_arguments(argc, argv, &arguments);
	if (status == STATUS_OK)
		status = run(&arguments);
	if (fflush(stdout) != 0) {
		log_message("cannot write to standard output: %s", strerror(errno));
		if (status == STATUS_OK)
			status = STATUS_OTHER;
	}
	return status;
}
