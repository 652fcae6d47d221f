// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/options.hpp"

#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/settings/paths.hpp"
#include "client/settings/spoken_language.hpp"
#include "client/words/outcome.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/version.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::client {

namespace {

constexpr std::string_view kConfigFile = "config.toml";
constexpr double kMinSeconds = 0.1;
constexpr double kMaxSeconds = 86'400;

// The words of the command line that finish() converts.
struct Raw {
  std::string target_in_front;  // before the command, or without a command
  std::string target;           // after the command
  std::string name;
  std::vector<std::string> words;
  std::string room;                // of send
  std::vector<std::string> rooms;  // of listen
  std::optional<Bell> bell;        // of an interactive session
  double timeout{30};
  bool no_replay{false};
  wire::Language language{wire::Language::en};  // of error messages
};

// Accepts only the words of `values`, and converts a word into its number. CLI11's own
// CheckedTransformer would show the numbers to the user.
template <class Enum>
CLI::Validator choice(const std::map<std::string, Enum>& values, wire::Language language) {
  const auto convert = [&values, language](std::string& word) {
    const auto found = values.find(word);
    if (found == values.end()) {
      std::string known;
      for (const auto& [name, value] : values) known += (known.empty() ? "" : ", ") + name;
      return words(language, Words::value_one_of, known, word);
    }
    word = std::to_string(static_cast<int>(found->second));
    return std::string{};
  };
  return CLI::Validator{convert, ""};
}

// "en|zh", as --help and the completions show it.
template <class Enum>
std::string words_of(const std::map<std::string, Enum>& values) {
  std::string words;
  for (const auto& [name, value] : values) words += (words.empty() ? "" : "|") + name;
  return words;
}

CLI::Validator is_not_empty(wire::Language language) {
  const auto check = [language](const std::string& value) {
    return std::string{value.empty() ? words(language, Words::value_empty) : ""};
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_fingerprint(wire::Language language) {
  const auto check = [language](const std::string& value) {
    if (crypto::is_fingerprint(value)) return std::string{};
    return words(language, Words::no_fingerprint, value);
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_timeout(wire::Language language) {
  const auto check = [language](const std::string& value) {
    double seconds = 0;
    const bool known = CLI::detail::lexical_cast(value, seconds);
    if (known && seconds >= kMinSeconds && seconds <= kMaxSeconds) return std::string{};
    return words(language, Words::value_from_to, kMinSeconds, kMaxSeconds, value);
  };
  return CLI::Validator{check, ""};
}

// The options of all three modes: talk, send and listen.
void declare_common(CLI::App& app, Options& options, Raw& raw, std::string& target) {
  static const std::map<std::string, wire::Language> kLanguages{{"en", wire::Language::en},
                                                                {"zh", wire::Language::zh}};
  const CLI::Validator not_empty = is_not_empty(raw.language);
  app.add_option("TARGET", target,
                 "Server to connect to, or its alias in config.toml; the default port is 8888")
      ->type_name("[NAME@]HOST[:PORT]");
  app.add_option("--name", raw.name, "Your name in the room; default: your login name")
      ->type_name("NAME")
      ->check(not_empty);
  app.add_option("--password-file", options.password_file,
                 "File with the password of the room in its first line")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--fingerprint", options.fingerprint,
                 "Fingerprint that the server's key must have")
      ->type_name("SHA256:...")
      ->check(is_fingerprint(raw.language));
  app.add_option("--identity", options.identity,
                 "File of your key; it is created if it does not exist")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--language", options.language, "Language of messages; default: from the locale")
      ->type_name(words_of(kLanguages))
      ->transform(choice(kLanguages, raw.language));
}

// The options of an interactive session.
void declare_talk(CLI::App& app, Raw& raw) {
  app.add_option("--bell", raw.bell, "When the terminal bell rings; default: mention")
      ->type_name(words_of(bell_names()))
      ->transform(choice(bell_names(), raw.language));
  app.add_flag("--no-replay", raw.no_replay, "Do not show earlier messages");
}

// The usage lines of --help. CLI11's own formatter would show TARGET before the command, and of
// `send` as optional.
class UsageLines : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    const std::string send = "uchat send [OPTIONS] TARGET TEXT...\n";
    const std::string listen = "uchat listen [OPTIONS] [TARGET]\n";
    if (app->get_name() == "send") return "Usage: " + send;
    if (app->get_name() == "listen") return "Usage: " + listen;
    return "Usage: uchat [OPTIONS] [TARGET]\n       " + send + "       " + listen;
  }
};

struct Commands {
  CLI::App* send;
  CLI::App* listen;
};

Commands declare(CLI::App& app, Options& options, Raw& raw) {
  app.name("uchat");
  app.description("Talk in the room of a chatd.");
  app.formatter(std::make_shared<UsageLines>());
  app.footer("The exit statuses are listed in uchat(1).");
  app.set_version_flag("--version", "uchat " + std::string{kVersion});
  declare_common(app, options, raw, raw.target_in_front);
  declare_talk(app, raw);
  CLI::App* const send =
      app.add_subcommand("send", "Send one message, and wait until it is confirmed");
  send->footer(
      "A uchat of yours that is in the room under the same name ends: give another name,\n"
      "as in build@HOST. The exit statuses are listed in uchat(1).");
  declare_common(*send, options, raw, raw.target);
  send->add_option("--room", raw.room, "Room to send the message to; default: that of the server")
      ->type_name("NAME")
      ->check(is_not_empty(raw.language));
  send->add_option("TEXT", raw.words, "Message; - reads it from standard input")
      ->type_name("TEXT")
      ->expected(-1);
  send->add_option("--timeout", raw.timeout, "Time limit, in seconds; default: 30")
      ->type_name("SECONDS")
      ->check(is_timeout(raw.language));
  CLI::App* const listen = app.add_subcommand("listen", "Print messages, one per line");
  declare_common(*listen, options, raw, raw.target);
  listen->add_flag("--no-replay", raw.no_replay, "Do not show earlier messages");
  CLI::Option* const rooms =
      listen->add_option("--room", raw.rooms, "Room to print the messages of; can be repeated")
          ->type_name("NAME")
          ->allow_extra_args(false)
          ->check(is_not_empty(raw.language));
  listen->add_flag("--all", options.all_rooms, "Print the messages of all rooms")->excludes(rooms);
  listen->add_flag("--json", options.json, "Print one JSON object per line");
  app.require_subcommand(0, 1);
  return {send, listen};
}

int complain(const std::string& what, wire::Language language) {
  std::cerr << "uchat: " << words(language, Words::see_help, safe_text(what)) << '\n';
  return exit_status_of(Outcome::usage);
}

// The lines have the file: no hint at the help is needed.
int report(const ConfigFaults& faults) {
  for (const std::string& line : faults.lines) std::cerr << "uchat: " << safe_text(line) << '\n';
  return exit_status_of(faults.is_unreadable ? Outcome::failed : Outcome::usage);
}

// The message of a parse error, in `language` for the frequent ones: CLI11 has English messages
// only.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error,
                          wire::Language language) {
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return words(language, Words::words_too_many, CLI::detail::join(app.remaining(true), " "));
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return words(language, Words::value_missing, what.substr(0, what.find(':')));
  }
  return what;
}

// "uchat send [NAME@]HOST[:PORT] TEXT"
std::string how_to_write(Options::Mode mode) {
  const std::string target = "[NAME@]HOST[:PORT]";
  if (mode == Options::Mode::send) return "uchat send " + target + " TEXT";
  return (mode == Options::Mode::listen ? "uchat listen " : "uchat ") + target;
}

// The names of the options --room, each without a '#' in front.
std::vector<std::string> rooms_in(const Raw& raw) {
  std::vector<std::string> rooms = raw.rooms;
  if (!raw.room.empty()) rooms.push_back(raw.room);
  for (std::string& room : rooms) {
    if (room.starts_with('#')) room.erase(0, 1);
  }
  return rooms;
}

// The target of the command line, or else the default server of the file. `send` has no default:
// the first word of its text would be read as a target.
Result<std::string> given_target(const Options& options, const Raw& raw, const UserConfig& config) {
  const bool talks = options.mode == Options::Mode::talk;
  // A target before the command is an error. It is not used in place of the target after the
  // command: the message could be sent to the wrong room.
  if (!talks && !raw.target_in_front.empty()) {
    return fail(words(raw.language, Words::say_where_behind, how_to_write(options.mode)));
  }
  const std::string& given = talks ? raw.target_in_front : raw.target;
  if (!given.empty()) return given;
  const std::string how = how_to_write(options.mode);
  if (options.mode == Options::Mode::send) return fail(words(raw.language, Words::say_where, how));
  if (!config.server.empty()) return config.server;
  const std::string file = config_file(kConfigFile);
  return fail(words(raw.language, StartWords::say_where_or_set, how, file));
}

// Takes the values that the command line does not give from the table of the server, or else from
// the top of the file.
void take_choices(Options& options, const Raw& raw, const UserConfig& config,
                  const UserConfig::Server* server) {
  const UserConfig::Choices none;
  const UserConfig::Choices& own = server == nullptr ? none : server->choices;
  const UserConfig::Choices& all = config.choices;
  std::string& name = options.target.name;
  if (name.empty()) name = own.name.empty() ? all.name : own.name;
  if (name.empty()) name = login_name();
  options.bell = raw.bell.value_or(own.bell.value_or(all.bell.value_or(Bell::mention)));
  if (options.mode == Options::Mode::talk) {
    options.rooms = own.rooms.value_or(all.rooms.value_or(std::vector<std::string>{}));
  }
  if (options.password_file.empty() && server != nullptr) {
    options.password_file = server->password_file;
  }
}

Result<> find_server(Options& options, const Raw& raw, const UserConfig& config) {
  const auto given = given_target(options, raw, config);
  if (!given) return fail(given.error());
  auto found = find_destination(config, *given, raw.language);
  if (!found) return fail(std::move(found).error());
  Target& target = found->target;
  if (!raw.name.empty() && !target.name.empty() && raw.name != target.name) {
    return fail(words(raw.language, Words::two_names, raw.name, target.name));
  }
  if (!raw.name.empty()) target.name = raw.name;
  options.target = std::move(target);
  take_choices(options, raw, config, found->server);
  return {};
}

Result<> finish(Options& options, const Raw& raw, const UserConfig& config) {
  options.rooms = rooms_in(raw);
  if (auto done = find_server(options, raw, config); !done) return done;
  for (const std::string& word : raw.words) {
    options.text += (options.text.empty() ? "" : " ") + word;
  }
  if (options.mode == Options::Mode::send && is_blank(options.text)) {
    return fail(words(raw.language, Words::say_what, how_to_write(options.mode)));
  }
  options.replay = !raw.no_replay;
  options.timeout = std::chrono::milliseconds{std::lround(raw.timeout * 1000)};
  return {};
}

}  // namespace

std::expected<Options, int> parse_options(int argc, const char* const* argv) {
  CLI::App app;
  Options options;
  Raw raw;
  raw.language = language_of_words({argv, static_cast<std::size_t>(argc)});
  const Commands commands = declare(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return std::unexpected{app.exit(success)};
  } catch (const CLI::ParseError& error) {
    return std::unexpected{complain(what_is_wrong(app, error, raw.language), raw.language)};
  }
  if (commands.send->parsed()) options.mode = Options::Mode::send;
  if (commands.listen->parsed()) options.mode = Options::Mode::listen;
  const auto config = load_user_config(config_file(kConfigFile), raw.language);
  if (!config) return std::unexpected{report(config.error())};
  if (auto done = finish(options, raw, *config); !done) {
    return std::unexpected{complain(done.error().message(), raw.language)};
  }
  return options;
}

void with_command_line(const std::function<void(const CLI::App&)>& use) {
  CLI::App app;
  Options options;
  Raw raw;
  declare(app, options, raw);
  use(app);
}

}  // namespace chatd::client
