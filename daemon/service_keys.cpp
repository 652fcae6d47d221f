// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/service_keys.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"

namespace chatd {

namespace {

constexpr std::chrono::hours kBetweenWarnings{24};

// Stores the keys and uses them. The password's key depends on the server's, and is calculated
// before anything changes.
Result<> use(Service& service, ServerKeys next, const config::Config& config) {
  auto password = password_key_of(service, config, next.key.public_key);
  if (!password) return fail(config::to_text(password.error()));
  if (auto done = store_server_keys(service.state_directory, next); !done) return done;
  service.server = std::move(next);
  service.password_key = std::move(*password);
  log(LogLevel::notice,
      fmt::format("the server's key has a new certificate, serial {}, until {}",
                  service.server.certificate.serial,
                  crypto::day_of_end(service.server.certificate)),
      {{"CHATD_EVENT", "key"}, {"CHATD_STATE", "renewed"}});
  return {};
}

sys::KeyAnswer refusal(const Error& error) {
  return {.why = error.message(), .request = {}, .certificate = {}};
}

sys::KeyAnswer use_and_answer(Service& service, Result<ServerKeys> next,
                              const config::Config& config) {
  if (!next) return refusal(next.error());
  if (auto done = use(service, std::move(*next), config); !done) return refusal(done.error());
  return {.why = {}, .request = {}, .certificate = crypto::to_text(service.server.certificate)};
}

void warn(Service& service, WallTime now) {
  const crypto::Certificate& certificate = service.server.certificate;
  const MonoTime mono = mono_now();
  if (service.next_key_warning > mono) return;
  service.next_key_warning = mono + kBetweenWarnings;
  const bool is_over = crypto::is_over(certificate, now);
  log(is_over ? LogLevel::error : LogLevel::warning,
      fmt::format("the certificate of the server's key {} on {}, and clients {}: chatctl key renew",
                  is_over ? "ended" : "ends", crypto::day_of_end(certificate),
                  is_over ? "refuse it" : "will refuse it"),
      {{"CHATD_EVENT", "key"}, {"CHATD_STATE", is_over ? "ended" : "ending"}});
}

}  // namespace

sys::KeyAnswer change_key(Service& service, const sys::AskKey& asked,
                          const config::Config& config) {
  const std::string& directory = service.state_directory;
  if (!asked.certificate.empty()) {
    return use_and_answer(
        service, with_certificate(directory, service.server, asked.certificate, wall_now()),
        config);
  }
  auto next = renewed(directory, service.server, false, wall_now());
  if (next || next.error().code() != ENOENT)
    return use_and_answer(service, std::move(next), config);
  // The identity is kept elsewhere.
  auto request = request_certificate(directory, service.server);
  if (!request) return refusal(request.error());
  return {.why = {}, .request = std::move(*request), .certificate = {}};
}

bool renew_certificate(Service& service, const config::Config& config) {
  const WallTime now = wall_now();
  if (!is_near_end(service.server.certificate, now)) return false;
  auto next = renewed(service.state_directory, service.server, true, now);
  if (!next && next.error().code() == ENOENT) {
    service.server.has_identity = false;
    warn(service, now);
    return false;
  }
  const auto done = next ? use(service, std::move(*next), config) : fail(next.error());
  if (done) return true;
  if (service.next_key_warning <= mono_now()) log(LogLevel::error, done.error().message());
  warn(service, now);
  return false;
}

}  // namespace chatd
