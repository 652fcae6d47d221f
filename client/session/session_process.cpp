// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/session_process.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "client/words/secret_text.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::client {

namespace {

// Time limit for the end of the session process, and for a send to it. The process sends a goodbye
// and ends at once, unless it waits for a name server.
constexpr std::chrono::milliseconds kChildTimeout{1000};

}  // namespace

Result<SessionProcess> SessionProcess::start(Work work) {
  auto ends = process::make_pipe();
  if (!ends) return fail(std::move(ends).error());
  auto ours = std::make_unique<process::PipeEnd>(std::move(ends->first));
  process::PipeEnd theirs = std::move(ends->second);
  auto child = std::make_unique<process::Process>(
      [&] {
        ours->close();  // otherwise the child would not notice the end of the parent
        return work(std::move(theirs));
      },
      process::ProcessOptions{.name = "uchat: session"});
  if (auto started = child->start(); !started) return fail(std::move(started).error());
  theirs.close();
  return SessionProcess{std::move(child), std::move(ours)};
}

SessionProcess::~SessionProcess() {
  if (!process_) return;  // moved from
  link_->close();
  const auto gone = process_->join(kChildTimeout);
  if (!gone || !*gone) (void)process_->kill();
}

void SessionProcess::send(const Order& order) {
  // The send waits only if the session process is stopped. An order that cannot be sent in time is
  // lost, as if the process had been killed.
  process::Bytes bytes = encode(order);
  (void)link_->send(bytes, kChildTimeout);
  if (std::holds_alternative<Enter>(order)) crypto::wipe(bytes);
}

void SessionProcess::send_all(std::vector<Order> orders) {
  for (Order& order : orders) {
    send(order);
    if (auto* enter = std::get_if<Enter>(&order)) {
      wipe(enter->password);
      wipe(enter->code);
    }
  }
}

std::optional<Report> SessionProcess::receive() {
  while (!ended_) {
    auto message = link_->receive(process::kNoWait);
    if (!message) return std::nullopt;
    if (!*message) {
      ended_ = true;
    } else if (auto report = decode_report(**message)) {
      return report;
    }
  }
  return std::nullopt;
}

std::string SessionProcess::how_it_ended() {
  const auto gone = process_->join(kChildTimeout);
  const auto status = process_->exit_status();
  if (!gone || !*gone || !status) return "?";
  return status->signal != 0 ? fmt::format("signal {}", status->signal)
                             : fmt::format("exit status {}", status->code);
}

}  // namespace chatd::client
