// SPDX-License-Identifier: GPL-3.0-or-later
// chatd: reads the configuration, opens everything, detaches if asked, and becomes the
// supervisor. The only place that knows all roles.
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/standard_descriptors.hpp"
#include "common/base/version.hpp"
#include "common/crypto/keys.hpp"
#include "common/io/unix_socket.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/handover/take_over.hpp"
#include "daemon/options.hpp"
#include "daemon/service.hpp"
#include "daemon/service_end.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/daemonize.hpp"
#include "daemon/sys/log_choice.hpp"
#include "daemon/sys/notify.hpp"
#include "daemon/sys/process_title.hpp"
#include "daemon/sys/succession.hpp"
#include "daemon/sys/usable_cores.hpp"
#include "daemon/warnings.hpp"
#include "daemon/worker/worker.hpp"

namespace chatd {
namespace {

// On the terminal of whoever starts it. A successor in an upgrade has none but the log, and
// the journal takes the priority in front.
int give_up(std::string_view why, int status = kExitFailed) {
  if (sys::is_successor()) {
    log(LogLevel::critical, "the sessions are lost: " + std::string{why});
  } else {
    std::cerr << (sys::notify::keeps_descriptors() ? "<3>" : "") << "chatd: " << why << '\n';
  }
  return status;
}

// A closed pipe or a full disk must not look like success.
int say(const std::string& text) {
  std::cout << text << std::flush;
  return std::cout ? EXIT_SUCCESS : give_up("standard output cannot be written");
}

// To write more than `ulimit -f` allows is an error of the one who writes, and not a death that
// leaves half a file.
void let_files_end() { (void)std::signal(SIGXFSZ, SIG_IGN); }

// As setlocale(3) looks for it; the messages' category.
wire::Language language_of(const config::Config& config) {
  if (config.text.language == config::LanguageChoice::en) return wire::Language::en;
  if (config.text.language == config::LanguageChoice::zh) return wire::Language::zh;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = ::getenv(variable);
    if (value != nullptr && *value != '\0') return wire::language_of_locale(value);
  }
  return wire::Language::en;
}

std::uint32_t worker_count(const config::Config& config) {
  // More than four workers share one room's sending no better; see ARCHITECTURE.md.
  constexpr std::uint32_t kMostByItself = 4;
  if (config.workers.count != 0) return config.workers.count;
  return std::min(kMostByItself, static_cast<std::uint32_t>(sys::usable_cores()));
}

Result<> make_shared_state(Service& service) {
  std::uint64_t epoch = 0;
  if (::getrandom(&epoch, sizeof epoch, 0) != ssize_t{sizeof epoch}) {
    return fail(Error::from_errno("getrandom"));
  }
  std::vector<Endpoint> sockets;
  for (const auto& socket : service.resources.sockets) sockets.push_back(socket.where);
  auto begin = handover::take_over({.state = std::move(service.resources.kept_state),
                                    .keys = std::move(service.resources.kept_keys),
                                    .snapshot = std::move(service.resources.kept_snapshot)},
                                   {.geometry = {.sessions = service.config.limits.sessions,
                                                 .ring_bytes = service.config.room.ring_bytes},
                                    .sockets = sockets,
                                    .epoch = epoch,
                                    .now = wall_now()});
  if (!begin) return fail(begin.error());
  if (begin->is_lost) {
    log(LogLevel::warning, begin->words, {{"CHATD_EVENT", "state_lost"}});
  } else if (!begin->words.empty()) {
    log(LogLevel::notice, begin->words,
        {{"CHATD_EVENT", "state_adopted"}, {"CHATD_MEMBERS", std::to_string(begin->members)}});
  }
  service.state = std::move(begin->state);
  service.keys = std::move(begin->keys);
  let_manager_keep(service, *begin);
  for (std::uint32_t i = 0; i < worker_count(service.config); ++i) {
    service.bells.emplace_back(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!service.bells.back().is_open()) return fail(Error::from_errno("eventfd"));
  }
  return {};
}

supervisor::Role gateway_role(const Service& service) {
  std::vector<int> descriptors{service.state.get(), service.keys.get(),
                               service.resources.control.get()};
  for (const auto& socket : service.resources.sockets) descriptors.push_back(socket.fd.get());
  for (const auto& bell : service.bells) descriptors.push_back(bell.get());
  const auto run = [&service](process::PipeEnd& supervisor, const config::Config& config) {
    gateway::Inheritance inheritance{.state = service.state.get(),
                                     .keys = service.keys.get(),
                                     .control = service.resources.control.get(),
                                     .sockets = {},
                                     .bells = {},
                                     .supervisor = &supervisor,
                                     .supervisor_pid = service.supervisor_pid,
                                     .config = &config,
                                     .config_file = service.options.config_file,
                                     .language = language_of(config),
                                     .identity = service.identity,
                                     .password = service.password_key};
    for (const auto& socket : service.resources.sockets) {
      inheritance.sockets.push_back({.fd = socket.fd.get(), .where = socket.where});
    }
    for (const auto& bell : service.bells) inheritance.bells.push_back(bell.get());
    return gateway::run(inheritance);
  };
  return {.name = "gateway", .descriptors = std::move(descriptors), .run = run};
}

supervisor::Role worker_role(Service& service, std::uint32_t index) {
  const int bell = service.bells[index].get();
  std::vector<int> descriptors{service.state.get(), service.keys.get(), bell};
  for (const auto& socket : service.resources.sockets) descriptors.push_back(socket.fd.get());
  const auto run = [&service, index, bell](process::PipeEnd& supervisor,
                                           const config::Config& config) {
    service.identity.secret = {};
    service.password_key.reset();
    worker::Inheritance inheritance{
        .index = index,
        .workers = static_cast<std::uint32_t>(service.bells.size()),
        .state = service.state.get(),
        .keys = service.keys.get(),
        .bell = bell,
        .sockets = {},
        .supervisor = &supervisor,
        .language = language_of(config),
        .unproved_bytes_per_second = config.text.listeners_bytes_per_second};
    for (const auto& socket : service.resources.sockets) {
      inheritance.sockets.push_back(socket.fd.get());
    }
    return worker::run(inheritance);
  };
  return {
      .name = fmt::format("worker {}", index), .descriptors = std::move(descriptors), .run = run};
}

Result<> announce_ready(const Service& service, sys::StartupReport& report) {
  std::string listen;
  for (const auto& socket : service.resources.sockets) listen += " " + to_text(socket.where);
  log(LogLevel::notice,
      fmt::format("ready: {} workers, listening on{}", service.bells.size(), listen),
      {{"CHATD_EVENT", "ready"}});
  if (auto done = sys::notify::ready("ready"); !done) return done;
  return report.ready();
}

Result<int> supervise(Service& service, sys::StartupReport& report) {
  service.supervisor_pid = ::getpid();
  if (auto done = make_shared_state(service); !done) return fail(done.error());
  auto view = state::StateView::map(service.state.get(), state::Access::writer);
  if (!view) return fail(view.error());

  supervisor::Plan plan{.config = service.config,
                        .read_config = [&service] { return read_config_again(service); },
                        .warnings =
                            [&service](const config::Config& config) {
                              return warnings(config, service.options, service.resources);
                            },
                        .without_effect = without_effect(service.resources),
                        .gateway = gateway_role(service),
                        .workers = {},
                        .on_ready = [&] { return announce_ready(service, report); },
                        .sessions_are_kept = sys::notify::keeps_descriptors(),
                        .successor = service.successor};
  for (std::uint32_t i = 0; i < service.bells.size(); ++i) {
    plan.workers.push_back(worker_role(service, i));
  }
  auto supervisor = supervisor::Supervisor::create(std::move(plan), std::move(*view));
  if (!supervisor) return fail(supervisor.error());
  const auto ending = (*supervisor)->run();
  if (!ending) return fail(ending.error());
  return end_service(service, *ending);
}

void say_warnings(const std::vector<config::Problem>& warnings) {
  for (const auto& warning : warnings) std::cerr << "chatd: warning: " << to_text(warning) << '\n';
}

int check_config(const config::Config& config, const Options& options) {
  if (sys::is_successor_check()) {
    if (auto done = check_successor(options, config); !done) return give_up(done.error().message());
  }
  say_warnings(check_warnings(config, options));
  return say("The configuration is fine.\n");
}

// Before the fork, so that the errors come on the user's terminal.
int serve(Service& service) {
  if (auto done = open_service(service); !done) return give_up(done.error().message());
  sys::StartupReport report;
  const auto doubts = warnings(service.config, service.options, service.resources);
  if (service.options.daemon && !sys::is_successor()) {
    say_warnings(doubts);
    auto detached = sys::daemonize();
    if (!detached) return give_up(detached.error().message());
    report = std::move(*detached);
    let_files_end();  // the signals are at their defaults again
    if (auto done = io::listen_as_this_process(service.resources.control.get()); !done) {
      report.failed("chatd: control socket: " + done.error().message());
      return kExitFailed;
    }
  }
  set_log_sink(sys::choose_log_sink(service.options.daemon));
  if (service.pid_file) {
    if (auto done = service.pid_file->write_own_pid(); !done) {
      report.failed(done.error().message());
      return kExitFailed;
    }
  }
  log(LogLevel::notice, "chatd " + std::string{kVersion} + " starts", {{"CHATD_EVENT", "start"}});
  for (const auto& doubt : doubts) {
    log(LogLevel::warning, to_text(doubt), {{"CHATD_EVENT", "config_warning"}});
  }
  const auto status = supervise(service, report);
  if (status) return *status;
  log(LogLevel::critical, "cannot go on: " + status.error().message());
  report.failed("chatd: " + status.error().message());
  return kExitFailed;
}

int run_program(int argc, char** argv) {
  open_standard_descriptors();
  // Before anything looks at the environment, which it takes a word out of.
  const bool is_successor = sys::is_successor();
  // What others may do with a file is said where the file is made.
  ::umask(S_IRWXG | S_IRWXO);
  let_files_end();
  const std::string program = sys::own_program(argc > 0 ? argv[0] : "");
  auto options = parse_options(argc, argv);
  if (!options) return options.error();
  sys::init_process_title(argc, argv);
  if (options->daemon && !is_successor) {
    if (auto done = sys::keep_standard_descriptors_only(); !done) {
      return give_up(done.error().message());
    }
  }
  if (is_successor) set_log_sink(sys::choose_log_sink(options->daemon));
  auto config = read_config(*options);
  if (!config) {
    for (const auto& problem : config.error()) (void)give_up(to_text(problem));
    return kExitConfig;
  }
  switch (options->action) {
    case Options::Action::check_config:
      return check_config(*config, *options);
    case Options::Action::print_config:
      say_warnings(check_warnings(*config, *options));
      return say(config::print(*config));
    case Options::Action::run:
      break;
  }
  set_log_level(config->log.level);
  Service service;
  service.program = program;
  service.options = std::move(*options);
  service.config = std::move(*config);
  return serve(service);
}

}  // namespace
}  // namespace chatd

int main(int argc, char** argv) { return chatd::run_program(argc, argv); }
