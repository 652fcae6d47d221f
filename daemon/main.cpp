// SPDX-License-Identifier: GPL-3.0-or-later
// chatd: reads the configuration, opens everything, detaches if asked, and becomes the
// supervisor.
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
#include "common/crypto/random.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/io/unix_socket.hpp"
#include "daemon/cold_start.hpp"
#include "daemon/handover/take_over.hpp"
#include "daemon/options.hpp"
#include "daemon/role_table.hpp"
#include "daemon/service.hpp"
#include "daemon/service_end.hpp"
#include "daemon/service_keys.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/daemonize.hpp"
#include "daemon/sys/log_choice.hpp"
#include "daemon/sys/notify.hpp"
#include "daemon/sys/process_title.hpp"
#include "daemon/sys/succession.hpp"
#include "daemon/warnings.hpp"

namespace chatd {
namespace {

// Errors go to the terminal of the user who starts the service. A successor in an upgrade has only
// the log. The journal reads the priority at the beginning of the line.
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

// A write beyond `ulimit -f` then returns an error; SIGXFSZ would end the process in the middle of
// a file.
void let_files_end() { (void)std::signal(SIGXFSZ, SIG_IGN); }

std::expected<void, Failure> make_shared_state(Service& service) {
  std::uint64_t history_id = 0;
  if (::getrandom(&history_id, sizeof history_id, 0) != ssize_t{sizeof history_id}) {
    return std::unexpected{Failure{Error::from_errno("getrandom")}};
  }
  crypto::SecretKey reset_secret;
  crypto::fill_random(reset_secret.bytes());
  const auto former_secret = crypto::former_reset_secret(service.server.key.secret);
  std::vector<Endpoint> sockets;
  for (const auto& socket : service.resources.sockets) sockets.push_back(socket.where);
  const std::uint32_t web_sessions =
      service.resources.web.empty() ? 0 : service.config.web.sessions;
  auto begin =
      handover::take_over({.state = std::move(service.resources.kept_state),
                           .keys = std::move(service.resources.kept_keys),
                           .snapshot = std::move(service.resources.kept_snapshot)},
                          {.geometry = {.sessions = service.config.limits.sessions + web_sessions,
                                        .ring_bytes = service.config.room.ring_bytes,
                                        .rooms = service.config.limits.rooms,
                                        .room_ring_bytes = service.config.rooms.ring_bytes,
                                        .names = service.config.limits.names,
                                        .web_sessions = web_sessions},
                           .sockets = sockets,
                           .history_id = history_id,
                           .reset_secret = reset_secret.bytes(),
                           .former_reset_secret = former_secret.bytes(),
                           .now = wall_now()});
  if (!begin) return std::unexpected{Failure{begin.error()}};
  if (begin->is_lost) {
    log(LogLevel::warning, begin->words, {{"CHATD_EVENT", "state_lost"}});
  } else if (!begin->words.empty()) {
    log(LogLevel::notice, begin->words,
        {{"CHATD_EVENT", "state_adopted"}, {"CHATD_MEMBERS", std::to_string(begin->sessions)}});
  }
  if (begin->is_cold) {
    if (auto done = load_from_disk(service, begin->state.get()); !done) return done;
  }
  service.state = std::move(begin->state);
  service.keys = std::move(begin->keys);
  // A service that dies before has kept nothing: its successor reads the disk, too.
  let_manager_keep(service, *begin);
  return {};
}

Result<> announce_ready(const Service& service, sys::StartupReport& report) {
  std::string listen;
  for (const auto& socket : service.resources.sockets) listen += " " + to_text(socket.where);
  log(LogLevel::notice,
      fmt::format("ready: {} workers, listening on{}",
                  roles::count_of(roles::kWorker, service.processes.list), listen),
      {{"CHATD_EVENT", "ready"}});
  if (auto done = sys::notify::ready("ready"); !done) return done;
  return report.ready();
}

Result<int> supervise(Service& service, sys::StartupReport& report) {
  auto view = state::StateView::map(service.state.get(), state::Access::writer);
  if (!view) return fail(view.error());
  auto table = role_table(service);
  auto processes = roles::make_processes(table);
  if (!processes) return fail(processes.error());
  service.processes = std::move(*processes);

  supervisor::Plan plan{
      .config = service.config,
      .read_config = [&service] { return read_config_again(service); },
      .change_key =
          [&service](const sys::AskKey& asked, const config::Config& config) {
            return change_key(service, asked, config);
          },
      .renew_certificate =
          [&service](const config::Config& config) { return renew_certificate(service, config); },
      .warnings =
          [&service](const config::Config& config) {
            return warnings(config, service.options, service.resources);
          },
      .without_effect = without_effect(service.resources),
      .roles = std::move(table),
      .processes = service.processes.list,
      .inheritance =
          [&service](const roles::Role& role, const roles::Process& process) {
            return inheritance_of(service, role, process);
          },
      .on_ready = [&] { return announce_ready(service, report); },
      .sessions_are_kept = sys::notify::keeps_descriptors(),
      .successor = service.successor};
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

// Reads no configuration: the machine that has the identity need not be a server.
int print_certificate(const Options& options) {
  const auto certificate = certify(options.request, options.identity_file, wall_now());
  return certificate ? say(*certificate + "\n") : give_up(certificate.error().message());
}

// Goes on in the background. Errors: the exit status; the user has been told why.
std::expected<sys::StartupReport, int> detach(const Service& service) {
  auto report = sys::daemonize();
  if (!report) return std::unexpected{give_up(report.error().message())};
  let_files_end();  // the signals are at their defaults again
  if (auto done = io::listen_as_this_process(service.resources.control.get()); !done) {
    report->failed("control socket: " + done.error().message());
    return std::unexpected{kExitFailed};
  }
  return std::move(*report);
}

void log_start(const std::vector<config::Problem>& doubts) {
  log(LogLevel::notice, "chatd " + std::string{kVersion} + " starts", {{"CHATD_EVENT", "start"}});
  for (const auto& doubt : doubts) {
    log(LogLevel::warning, to_text(doubt), {{"CHATD_EVENT", "config_warning"}});
  }
}

// Before the fork, so that the errors come on the user's terminal.
int serve(Service& service) {
  if (auto done = open_service(service); !done) return give_up(done.error().message());
  sys::StartupReport report;
  const auto doubts = warnings(service.config, service.options, service.resources);
  if (service.options.daemon && !sys::is_successor()) {
    say_warnings(doubts);
    auto detached = detach(service);
    if (!detached) return detached.error();
    report = std::move(*detached);
  }
  set_log_sink(sys::choose_log_sink(service.options.daemon));
  if (service.pid_file) {
    if (auto done = service.pid_file->write_own_pid(); !done) {
      report.failed(done.error().message());
      return kExitFailed;
    }
  }
  log_start(doubts);
  service.supervisor_pid = ::getpid();
  const auto give_up_here = [&report](const Failure& failure) {
    log(LogLevel::critical, "cannot go on: " + failure.error.message());
    report.failed(failure.error.message(), failure.status);
    return failure.status;
  };
  if (auto made = make_shared_state(service); !made) return give_up_here(made.error());
  const auto status = supervise(service, report);
  return status ? *status : give_up_here({status.error()});
}

// The action of the options, with the configuration that they name.
int act(Options options, std::string program) {
  auto config = read_config(options);
  if (!config) {
    for (const auto& problem : config.error()) (void)give_up(to_text(problem));
    return kExitConfig;
  }
  switch (options.action) {
    case Options::Action::check_config:
      return check_config(*config, options);
    case Options::Action::print_config:
      say_warnings(check_warnings(*config, options));
      return say(config::print(*config));
    case Options::Action::certify:
    case Options::Action::run:
      break;
  }
  set_log_level(config->log.level);
  set_log_addresses(config->log.addresses);
  Service service;
  service.program = std::move(program);
  service.options = std::move(options);
  service.config = std::move(*config);
  return serve(service);
}

int run_program(int argc, char** argv) {
  open_standard_descriptors();
  // Before any other use of the environment, from which it removes a variable.
  const bool is_successor = sys::is_successor();
  // The permissions for others are given where a file is made.
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
  if (options->action == Options::Action::certify) return print_certificate(*options);
  return act(std::move(*options), program);
}

}  // namespace
}  // namespace chatd

int main(int argc, char** argv) { return chatd::run_program(argc, argv); }
