// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_key.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "common/wire/control/control_message.hpp"
#include "daemon/gateway/control_refusals.hpp"

namespace chatd::gateway {

namespace {

// The time before the end of a certificate in which `status` reports it: kNearEnd of
// daemon/server_keys.hpp, from which on the supervisor renews or warns.
constexpr std::chrono::days kNearEnd{30};

wire::KeyReport report_of(const crypto::Certificate& certificate, bool has_identity) {
  return {.fingerprint = crypto::fingerprint(certificate.identity),
          .key = crypto::fingerprint(certificate.key),
          .serial = certificate.serial,
          .end = crypto::day_of_end(certificate),
          .has_identity = has_identity,
          .request = {}};
}

}  // namespace

void ControlKey::set(control::Handlers& handlers) {
  namespace verb = wire::verb;
  using Done = control::Done<wire::KeyReport>;
  handlers.on(verb::kFingerprint, [this] { return wire::FingerprintReport{report().fingerprint}; });
  handlers.on(verb::kKey, [this] { return report(); });
  handlers.on(verb::kKeyRenew,
              [this](const control::Args& /*args*/, const control::Caller& /*caller*/, Done done) {
                change({}, std::move(done));
              });
  handlers.on(verb::kKeyInstall,
              [this](const control::Args& args, const control::Caller& /*caller*/, Done done) {
                change(args[0], std::move(done));
              });
}

wire::KeyReport ControlKey::report() const {
  return report_of(inheritance_.certificate, inheritance_.has_identity);
}

void ControlKey::change(std::string_view certificate, control::Done<wire::KeyReport> done) {
  if (waiting_) {
    return done(refuse_request(wire::code::kBusy, "the key is being changed; try again"));
  }
  waiting_ = std::move(done);
  const sys::AskKey asked{.certificate = std::string{certificate}};
  if (auto sent = sys::send(*inheritance_.supervisor, asked); !sent) {
    on_answer({.why = sent.error().message(), .request = {}, .certificate = {}});
  }
}

void ControlKey::on_answer(const sys::KeyAnswer& answer) {
  if (!waiting_) return;
  const auto done = std::exchange(waiting_, nullptr);
  if (!answer.why.empty()) return done(refuse_request(wire::code::kFailed, answer.why));
  wire::KeyReport report = this->report();
  report.request = answer.request;
  if (const auto certificate = crypto::certificate_of(answer.certificate)) {
    report = report_of(*certificate, inheritance_.has_identity);
  }
  done(report);
}

std::optional<std::string> ControlKey::problem(WallTime now) const {
  const crypto::Certificate& certificate = inheritance_.certificate;
  const std::string day = crypto::day_of_end(certificate);
  if (crypto::is_over(certificate, now)) {
    return fmt::format(
        "the certificate ended on {}, and clients refuse this server: chatctl key renew", day);
  }
  if (!crypto::is_over(certificate, now + kNearEnd)) return std::nullopt;
  return fmt::format(
      "the certificate ends on {}, then clients refuse this server: chatctl key renew", day);
}

}  // namespace chatd::gateway
