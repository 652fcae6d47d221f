// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/run.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <langinfo.h>

#include "client/find.hpp"
#include "client/script/json_lines.hpp"
#include "client/script/script.hpp"
#include "client/script/script_run.hpp"
#include "client/servers.hpp"
#include "client/session/known_users.hpp"
#include "client/session/session.hpp"
#include "client/session/session_process.hpp"
#include "client/session/terminal_modes.hpp"
#include "client/session/trust.hpp"
#include "client/settings/commands.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/spoken_language.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/terminal/history_file.hpp"
#include "client/terminal/log_file.hpp"
#include "client/terminal/name_color.hpp"
#include "client/terminal/outlet.hpp"
#include "client/terminal/terminal.hpp"
#include "client/words/file_words.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/standard_descriptors.hpp"

namespace chatd::client {

namespace {

using Mode = Options::Mode;

int refuse(Outcome outcome, std::string_view why) {
  complain(why);
  return exit_status_of(outcome);
}

// Selects the locale of the environment. If that is not a UTF-8 locale, LC_CTYPE is "C.UTF-8":
// terminals use UTF-8, also if no locale is set.
void choose_locale() {
  (void)std::setlocale(LC_ALL, "");
  if (std::string_view{::nl_langinfo(CODESET)} != "UTF-8")
    (void)std::setlocale(LC_CTYPE, "C.UTF-8");
}

// Disables core dumps and ptrace(2). The identity's secret key, the session's keys and a password
// are in the memory of both processes. A core dump would write them to a file or send them to a
// crash collector, and another program of the same user could read them by ptrace(2). The session
// process inherits the setting. The report of a crash does not change.
void keep_keys_out_of_core_dumps() { (void)::prctl(PR_SET_DUMPABLE, 0); }

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

Colors terminal_colors(UseOfColors use) {
  if (use == UseOfColors::off) return Colors::none;
  const char* const no_color = use == UseOfColors::on ? nullptr : std::getenv("NO_COLOR");
  return colors_of(no_color, std::getenv("TERM"), std::getenv("COLORTERM"));
}

// Bytes that are read from standard input for `send`. It is more than any server accepts: a longer
// text is refused as too long in any case.
constexpr std::size_t kMaxStdinText = 65'536;

std::string text_from_stdin() {
  std::string text(kMaxStdinText, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// True if its session lasts some seconds.
bool is_brief(const Options& options) {
  return is_limited(options.mode) && !(options.mode == Mode::own && options.own.waits());
}

Result<SessionSettings> session_settings(const Options& options, wire::Language language) {
  const std::string identity = config_file("identity");
  if (identity.empty()) return fail(std::string{words(language, Words::no_folder)});
  SessionSettings settings{.target = options.target,
                           .identity = options.identity.empty() ? identity : options.identity,
                           .makes_folder = options.identity.empty(),
                           .known_servers = config_file("known_servers"),
                           .fingerprint = options.fingerprint,
                           .confirms_key = options.strict,
                           .replay = options.replay && !is_limited(options.mode),
                           .is_brief = is_brief(options),
                           .wants_saved = options.saved,
                           .reads_direct = !is_limited(options.mode),
                           .waits_for_server = options.waits,
                           .tries_again = options.waits,
                           .language = language};
  if (options.timeout) {
    settings.handshake_timeout = std::min(settings.handshake_timeout, *options.timeout);
  }
  return settings;
}

// Checks that the file of known servers can be read before the server is contacted: an error of the
// file is a local error, and not one of the server's key. With --strict, a server that is not in
// the file, and whose key the user does not give, is not contacted. Returns the exit status of an
// error, which is printed.
std::optional<int> check_known_servers(const SessionSettings& settings, const Options& options) {
  const std::string server = to_text(settings.target);
  const auto found = KnownServers{settings.known_servers, settings.language}.find(server);
  if (!found) return refuse(Outcome::failed, file_error(settings.language, found.error()));
  if (*found || !options.strict || settings.fingerprint) return std::nullopt;
  const std::string why =
      words(settings.language, StartWords::strictly_unknown, server, settings.known_servers);
  if (options.mode == Mode::listen && options.json) {
    std::cout << json_line(Ended{.reason = Outcome::unconfirmed_key, .text = why}, wall_now())
              << std::flush;
  }
  return refuse(Outcome::unconfirmed_key, why);
}

// Prints what the target was probably meant to be, if nothing is there.
void propose(const Options& options, Outcome outcome, wire::Language language) {
  if (outcome == Outcome::no_such_host && !options.meant.empty()) {
    complain(words(language, StartWords::host_meant, options.meant));
  }
  const bool is_nowhere = outcome == Outcome::no_such_host ||
                          outcome == Outcome::nothing_listening || outcome == Outcome::no_answer;
  const std::string meant = is_nowhere ? port_meant(options.target) : std::string{};
  if (!meant.empty()) complain(words(language, StartWords::port_meant, meant));
}

// The first lines of the files that the options name.
struct Secrets {
  std::optional<std::string> password{};
  std::optional<std::string> code{};
};

Result<Secrets> read_secrets(const Options& options, wire::Language language) {
  Secrets secrets;
  if (!options.password_file.empty()) {
    auto password = read_password(options.password_file, language);
    if (!password) return fail(std::move(password).error());
    secrets.password = std::move(*password);
  }
  if (!options.code_file.empty()) {
    auto code = read_code(options.code_file, language);
    if (!code) return fail(std::move(code).error());
    secrets.code = std::move(*code);
  }
  return secrets;
}

int talk(const Options& options, SessionSettings settings, Secrets secrets) {
  const auto modes = TerminalModes::save(STDIN_FILENO);
  if (!modes) return refuse(Outcome::failed, modes.error().message());
  settings.terminal = *modes;
  settings.waits_for_server = true;
  settings.confirms_key = true;
  settings.rooms = options.rooms;
  if (options.save_users) settings.known_users = state_file("known_users");
  // Before the session process starts, which would report an end of this one as a crash.
  std::optional<LogFile> log;
  if (!options.log.empty()) {
    auto opened = LogFile::open(options.log, settings.language);
    if (!opened) return refuse(Outcome::failed, file_error(settings.language, opened.error()));
    log = std::move(*opened);
  }
  auto session = SessionProcess::start(
      [&](process::PipeEnd link) { return run_session(settings, std::move(link)); });
  if (!session) return refuse(Outcome::failed, session.error().message());
  const std::string crashed =
      fmt::format("uchat: {}\r\n", words(settings.language, Words::terminal_crashed));
  restore_on_crash(*modes, crashed);
  Dialogue dialogue{{.name = options.target.name,
                     .host = to_text(options.target),
                     .password = secrets.password,
                     .code = secrets.code,
                     .language = settings.language,
                     .colors = terminal_colors(options.colors),
                     .alerts = {.bell = options.bell,
                                .notify = options.notify,
                                .notifier = notifier_of(&variable)},
                     .ignore = options.ignore,
                     .quiet = options.quiet,
                     .logs = log.has_value(),
                     .device = device_label()}};
  wipe(secrets.password);
  wipe(secrets.code);
  const HistoryFile history{options.save_history ? state_file("history") : std::string{}};
  const KnownUsers users{settings.known_users};
  const Outcome outcome = run_terminal(*session, dialogue, history, users, log ? &*log : nullptr);
  propose(options, outcome, settings.language);
  return exit_status_of(outcome);
}

int run_in_script(const Options& options, const SessionSettings& settings, Secrets secrets) {
  std::string text = options.text == "-" ? text_from_stdin() : options.text;
  if (options.mode == Mode::send && is_blank(text)) {
    return refuse(Outcome::usage, words(settings.language, Words::stdin_empty));
  }
  auto session = SessionProcess::start(
      [&](process::PipeEnd link) { return run_session(settings, std::move(link)); });
  if (!session) return refuse(Outcome::failed, session.error().message());
  Script script{{.mode = options.mode,
                 .name = options.target.name,
                 .host = to_text(options.target),
                 .text = std::move(text),
                 .rooms = options.mode == Mode::talk ? std::vector<std::string>{} : options.rooms,
                 .all_rooms = options.all_rooms,
                 .json = options.json,
                 .saved = options.saved,
                 .quiet = options.wants_quiet,
                 .count = options.count,
                 .since = options.since,
                 .history = options.history,
                 .own = options.own,
                 .device = device_label(),
                 .password = secrets.password,
                 .code = secrets.code,
                 .language = settings.language}};
  wipe(secrets.password);
  wipe(secrets.code);
  const bool has_input = options.mode == Mode::talk;
  const Outcome outcome =
      run_script(*session, script,
                 {.timeout = options.timeout,
                  .progress = has_input ? std::optional{settings.language} : std::nullopt});
  propose(options, outcome, settings.language);
  return exit_status_of(outcome);
}

}  // namespace

int run(const Options& options) {
  choose_locale();
  keep_keys_out_of_core_dumps();
  const wire::Language language = options.language.value_or(language_of_environment());
  if (options.mode != Mode::send && !is_open_for_writing(STDOUT_FILENO)) {
    return refuse(Outcome::failed, words(language, Words::stdout_closed));
  }
  if (options.mode == Mode::servers) return run_servers(options, language);
  if (options.mode == Mode::find) return run_find(options, language, &search_here);
  auto secrets = read_secrets(options, language);
  if (!secrets) return refuse(Outcome::failed, file_error(language, secrets.error()));
  auto settings = session_settings(options, language);
  if (!settings) return refuse(Outcome::failed, settings.error().message());
  if (const auto status = check_known_servers(*settings, options)) return *status;
  const bool on_terminal =
      options.mode == Mode::talk && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  if (options.wants_log && !on_terminal) {
    return refuse(Outcome::usage, kLogWithoutTerminal.in(language));
  }
  return on_terminal ? talk(options, std::move(*settings), std::move(*secrets))
                     : run_in_script(options, *settings, std::move(*secrets));
}

}  // namespace chatd::client
