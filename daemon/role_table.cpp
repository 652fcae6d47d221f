// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/role_table.hpp"

#include <algorithm>
#include <cstdlib>

#include "daemon/archive/archive.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/page.hpp"
#include "daemon/sys/usable_cores.hpp"
#include "daemon/web/web.hpp"
#include "daemon/worker/worker.hpp"

namespace chatd {

namespace {

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
  // More than four workers do not make the sending of one room faster; see ARCHITECTURE.md.
  constexpr std::uint32_t kMaxByDefault = 4;
  if (config.workers.count != 0) return config.workers.count;
  return std::min(kMaxByDefault, static_cast<std::uint32_t>(sys::usable_cores()));
}

int run_gateway(const Service& service, const roles::Process& self, process::PipeEnd& supervisor,
                const config::Config& config) {
  gateway::Inheritance inheritance{.state = service.state.get(),
                                   .keys = service.keys.get(),
                                   .control = service.resources.control.get(),
                                   .archive = service.archive.gateway.get(),
                                   .web_channel = service.web_channel.gateway.get(),
                                   .web_presence = service.web_presence.get(),
                                   .sockets = {},
                                   .page = {},
                                   .page_problem = service.resources.web_problem,
                                   .row = self.row,
                                   .processes = service.processes.list,
                                   .supervisor = &supervisor,
                                   .supervisor_pid = service.supervisor_pid,
                                   .config = &config,
                                   .config_file = service.options.config_file,
                                   .language = language_of(config),
                                   .identity = service.server.key,
                                   .persons = service.server.persons,
                                   .certificate = service.server.certificate,
                                   .has_identity = service.server.has_identity,
                                   .password = service.password_key};
  for (const auto& socket : service.resources.sockets) {
    inheritance.sockets.push_back({.fd = socket.fd.get(), .where = socket.where});
  }
  for (const auto& socket : service.resources.web) inheritance.page.push_back(socket.where);
  return gateway::run(inheritance);
}

void wipe_secrets(Service& service) {
  service.server.key.secret = {};
  service.server.persons = {};
  service.password_key.reset();
}

int run_worker(Service& service, const roles::Process& self, process::PipeEnd& supervisor,
               const config::Config& config) {
  wipe_secrets(service);
  worker::Inheritance inheritance{
      .index = self.index,
      .row = self.row,
      .workers = roles::count_of(roles::kWorker, service.processes.list),
      .state = service.state.get(),
      .keys = service.keys.get(),
      .bell = self.bell.value(),
      .sockets = {},
      .supervisor = &supervisor,
      .language = language_of(config),
      .unproved_bytes_per_second = config.text.listeners_bytes_per_second};
  for (const auto& socket : service.resources.sockets) {
    inheritance.sockets.push_back(socket.fd.get());
  }
  return worker::run(inheritance);
}

int run_archive(Service& service, const roles::Process& self, process::PipeEnd& supervisor,
                const config::Config& config) {
  wipe_secrets(service);
  return archive::run({.row = self.row,
                       .state = service.state.get(),
                       .gateway = service.archive.archive.get(),
                       .supervisor = &supervisor,
                       .stores_history = config.history.enabled,
                       .directory = service.state_directory,
                       .default_room = config.room.name,
                       .max_bytes = config.history.max_bytes,
                       .max_age = config.history.max_age});
}

int run_web(Service& service, const roles::Process& self, process::PipeEnd& supervisor,
            const config::Config& config) {
  wipe_secrets(service);
  web::Inheritance inheritance{
      .row = self.row,
      .gateway_row = roles::row_of(roles::kGateway, service.processes.list),
      .state = service.state.get(),
      .presence = service.web_presence.get(),
      .channel = service.web_channel.web.get(),
      .bell = self.bell.value(),
      .sessions = service.config.web.sessions,
      .sockets = {},
      .supervisor = &supervisor,
      .rules = page_rules(config, own_host_name()),
      .about = about_page(config, service.server.certificate),
      .api = api_settings(config, service.server.certificate),
      .is_closed = !config.web.enabled};
  inheritance.about.language = language_of(config) == wire::Language::zh ? "zh" : "en";
  for (const auto& socket : service.resources.web) inheritance.sockets.push_back(socket.fd.get());
  return web::run(inheritance);
}

}  // namespace

std::vector<roles::Role> role_table(Service& service) {
  using roles::Process;
  return {
      {.name = roles::kGateway,
       .count = 1,
       .stage = roles::Stage::ingress,
       .restart = roles::RestartGroup::last,
       .inherits = {.state = true,
                    .keys = true,
                    .control = true,
                    .sockets = true,
                    .bells = true,
                    .asks_archive = true,
                    .asks_web = true},
       .run =
           [&service](const Process& self, process::PipeEnd& supervisor,
                      const config::Config& config) {
             return run_gateway(service, self, supervisor, config);
           }},
      {.name = roles::kWorker,
       .count = worker_count(service.config),
       .stage = roles::Stage::followers,
       .restart = roles::RestartGroup::first,
       .follows = true,
       .index_field = "CHATD_WORKER",
       .inherits = {.state = true, .keys = true, .sockets = true},
       .run =
           [&service](const Process& self, process::PipeEnd& supervisor,
                      const config::Config& config) {
             return run_worker(service, self, supervisor, config);
           }},
      {.name = roles::kWeb,
       .count = service.resources.web.empty() ? 0U : 1U,
       .stage = roles::Stage::followers,
       .restart = roles::RestartGroup::first,
       .follows = true,
       .is_vital = false,
       .inherits = {.state = true, .is_web = true},
       .heartbeat =
           [&service] { return service.web_heartbeat ? service.web_heartbeat->read() : 0; },
       .run =
           [&service](const Process& self, process::PipeEnd& supervisor,
                      const config::Config& config) {
             return run_web(service, self, supervisor, config);
           }},
      {.name = roles::kArchive,
       .count = 1,
       .stage = roles::Stage::storage,
       .restart = roles::RestartGroup::first,
       .is_vital = false,
       .hang_timeout = archive::kHangTimeout,
       .inherits = {.state = true, .is_archive = true},
       .run =
           [&service](const Process& self, process::PipeEnd& supervisor,
                      const config::Config& config) {
             return run_archive(service, self, supervisor, config);
           }},
  };
}

namespace {

// The descriptors of the gateway or of web for the sessions of browsers.
void add_web(const Service& service, const roles::Inherits& inherits,
             std::vector<int>& descriptors) {
  if (!service.web_channel.web.is_open()) return;
  if (inherits.asks_web) descriptors.push_back(service.web_channel.gateway.get());
  if (inherits.is_web) descriptors.push_back(service.web_channel.web.get());
  if (inherits.asks_web || inherits.is_web) descriptors.push_back(service.web_presence.get());
  if (!inherits.is_web) return;
  for (const auto& socket : service.resources.web) descriptors.push_back(socket.fd.get());
}

}  // namespace

std::vector<int> inheritance_of(const Service& service, const roles::Role& role,
                                const roles::Process& process) {
  const roles::Inherits& inherits = role.inherits;
  std::vector<int> descriptors;
  if (inherits.state) descriptors.push_back(service.state.get());
  if (inherits.keys) descriptors.push_back(service.keys.get());
  if (inherits.control) descriptors.push_back(service.resources.control.get());
  if (inherits.sockets) {
    for (const auto& socket : service.resources.sockets) descriptors.push_back(socket.fd.get());
  }
  add_web(service, inherits, descriptors);
  const sys::ArchivePair& archive = service.archive;
  if (inherits.asks_archive && archive.gateway.is_open()) {
    descriptors.push_back(archive.gateway.get());
  }
  if (inherits.is_archive && archive.archive.is_open()) {
    descriptors.push_back(archive.archive.get());
  }
  if (inherits.bells) {
    for (const auto& bell : service.processes.bells) descriptors.push_back(bell.get());
  } else if (process.bell) {
    descriptors.push_back(*process.bell);
  }
  return descriptors;
}

}  // namespace chatd
