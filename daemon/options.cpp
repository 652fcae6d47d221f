// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/options.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "common/base/version.hpp"
#include "daemon/config/password.hpp"
#include "daemon/sys/account.hpp"

namespace chatd {

namespace {

constexpr std::string_view kNoWeb = "off";

// A daemon changes to "/", and reads its file again later.
std::string absolute(const std::string& path) {
  if (path.empty()) return path;
  std::error_code ignored;
  const auto full = std::filesystem::absolute(path, ignored);
  return ignored ? path : full.lexically_normal().string();
}

std::string check_endpoint(const std::string& text) {
  const auto endpoint = parse_endpoint(text);
  return endpoint ? std::string{} : endpoint.error().message();
}

// An unset variable of a shell script must not select the daemon of the system.
std::string check_not_empty(const std::string& text) {
  return text.empty() ? std::string{"is empty"} : std::string{};
}

std::string check_web(const std::string& text) {
  return text == kNoWeb ? std::string{} : check_endpoint(text);
}

// Instead of web.enabled and web.listen.
void apply_web(const std::vector<std::string>& web, config::Config& config) {
  if (web.empty()) return;
  config.web.enabled = std::ranges::find(web, kNoWeb) == web.end();
  config.web.closed_by_door = false;
  if (!config.web.enabled) return;
  config.web.listen.clear();
  for (const auto& text : web) config.web.listen.push_back(parse_endpoint(text).value());
}

// The setting's own check has the range; this one refuses a text that is no number.
std::string check_workers(const std::string& text) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return {};
  return "\"" + text +
         "\" is no number of workers: write 1 to 16, or 0 for as many as usable cores";
}

struct RawOptions {
  std::vector<std::string> listen;
  bool foreground{false};
  bool check{false};
  bool print{false};
};

// The options in place of settings.
void declare_overrides(CLI::App& app, Options& options, RawOptions& raw) {
  const CLI::Validator not_empty{&check_not_empty, ""};
  app.add_option("--listen", raw.listen,
                 "Serve on this UDP address instead of network.listen; repeatable")
      ->type_name("ADDRESS:PORT")
      ->take_all()
      ->check(CLI::Validator{&check_endpoint, ""});
  app.add_option("--web", options.web,
                 "Serve the page on this TCP address instead of web.listen, or nowhere; repeatable")
      ->type_name("ADDRESS:PORT|off")
      ->take_all()
      ->check(CLI::Validator{&check_web, ""});
  app.add_option("--control", options.control, "Control socket instead of control.path")
      ->type_name("PATH")
      ->check(not_empty);
  app.add_option("--state-dir", options.state_directory, "Directory instead of state.directory")
      ->type_name("DIR")
      ->check(not_empty);
  app.add_option("--workers", options.workers, "Worker processes instead of workers.count")
      ->type_name("N")
      ->check(CLI::Validator{&check_workers, ""});
}

void declare(CLI::App& app, Options& options, RawOptions& raw) {
  app.name("chatd");
  app.description("A group-chat room on UDP. Administer it with chatctl(1).");
  app.footer(
      "Exit status: 0 done, 1 failed, 2 wrong command line, 75 handed over, 78 bad configuration.\n"
      "See chatd(8) and chatd.toml(5).");
  app.set_version_flag("-V,--version", "chatd " + std::string{kVersion});
  const CLI::Validator not_empty{&check_not_empty, ""};
  app.add_option("--config", options.config_file, "Read this configuration file")
      ->type_name("FILE")
      ->check(not_empty);
  auto* foreground = app.add_flag("--foreground", raw.foreground,
                                  "Stay in the foreground and log to standard error (default)");
  app.add_flag("--daemon", options.daemon,
               "Detach by a double fork; returns 0 when every process is ready")
      ->excludes(foreground);
  app.add_option("--pid-file", options.pid_file, "Write the pid here, and refuse a second instance")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option(
         "--user", options.user,
         "Started as root: become this user once all is open (" + std::string{kServiceUser} + ")")
      ->type_name("NAME")
      ->check(not_empty);
  auto* check = app.add_flag("--check-config", raw.check, "Check the configuration and exit");
  app.add_flag("--print-config", raw.print, "Print the effective configuration and exit")
      ->excludes(check);
  auto* identity = app.add_option("--identity", options.identity_file,
                                  "The file identity.key of the server, for --certify")
                       ->type_name("FILE")
                       ->check(not_empty);
  auto* certify = app.add_option("--certify", options.request,
                                 "Print a certificate for this request of chatctl key renew")
                      ->type_name("REQUEST")
                      ->check(not_empty)
                      ->needs(identity)
                      ->excludes(check)
                      ->excludes("--print-config");
  identity->needs(certify);
  declare_overrides(app, options, raw);
}

}  // namespace

std::expected<Options, int> parse_options(int argc, const char* const* argv) {
  CLI::App app;
  Options options;
  RawOptions raw;
  declare(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    const int status = app.exit(success);
    if (std::cout.flush()) return std::unexpected{status};
    std::cerr << "chatd: standard output cannot be written\n";
    return std::unexpected{kExitFailed};
  } catch (const CLI::ParseError& error) {
    std::cerr << "chatd: " << error.what() << "\nTry 'chatd --help'.\n";
    return std::unexpected{kExitUsage};
  }
  for (const auto& text : raw.listen) options.listen.push_back(parse_endpoint(text).value());
  options.config_file = absolute(options.config_file);
  options.pid_file = absolute(options.pid_file);
  options.control = absolute(options.control);
  options.state_directory = absolute(options.state_directory);
  if (raw.check) options.action = Options::Action::check_config;
  if (raw.print) options.action = Options::Action::print_config;
  if (!options.request.empty()) options.action = Options::Action::certify;
  return options;
}

std::vector<std::string> to_arguments(const Options& options) {
  std::vector<std::string> arguments{options.daemon ? "--daemon" : "--foreground"};
  const auto add = [&arguments](std::string_view option, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {std::string{option}, value});
  };
  add("--config", options.config_file);
  add("--pid-file", options.pid_file);
  add("--user", options.user);
  for (const auto& where : options.listen) add("--listen", to_text(where));
  for (const auto& where : options.web) add("--web", where);
  add("--control", options.control);
  add("--state-dir", options.state_directory);
  if (options.workers) add("--workers", std::to_string(*options.workers));
  return arguments;
}

void with_command_line(const std::function<void(const CLI::App&)>& use) {
  CLI::App app;
  Options options;
  RawOptions raw;
  declare(app, options, raw);
  use(app);
}

std::expected<std::optional<std::string>, config::Problem> read_password(
    const Options& options, const config::Config& config) {
  std::optional<gid_t> group;
  if (::geteuid() == 0 && !config.room.password_file.empty()) {
    const auto account = sys::find_account(options.user.empty() ? kServiceUser : options.user);
    if (account) group = account->gid;
  }
  return config::read_password(config, options.config_file, group);
}

std::expected<config::Config, std::vector<config::Problem>> read_config(const Options& options) {
  config::Config config;
  if (!options.config_file.empty()) {
    auto loaded = config::load(options.config_file);
    if (!loaded) return loaded;
    config = std::move(*loaded);
  }
  if (!options.listen.empty()) config.network.listen = options.listen;
  apply_web(options.web, config);
  if (!options.control.empty()) config.control.path = options.control;
  if (!options.state_directory.empty()) config.state.directory = options.state_directory;
  if (options.workers) config.workers.count = *options.workers;
  if (auto problems = config::validate(config, "command line"); !problems.empty()) {
    return std::unexpected{std::move(problems)};
  }
  if (auto password = read_password(options, config); !password) {
    return std::unexpected{std::vector{std::move(password).error()}};
  }
  return config;
}

}  // namespace chatd
