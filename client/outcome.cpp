// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/outcome.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "client/safe_text.hpp"

namespace chatd::client {

namespace {

constexpr std::array kTable{
    OutcomeRow{Outcome::done, 0, "done", "done", "完成"},
    OutcomeRow{Outcome::failed, 1, "failed", "failed: {detail}", "失败：{detail}"},
    OutcomeRow{Outcome::usage, 2, "usage", "wrong usage: {detail}", "用法错误：{detail}"},
    OutcomeRow{Outcome::no_such_host, 3, "no_such_host", "there is no host {host}: {detail}",
               "找不到主机 {host}：{detail}"},
    OutcomeRow{Outcome::nothing_listening, 4, "nothing_listening",
               "nothing is listening on {host}: {detail}", "{host} 上没有服务：{detail}"},
    OutcomeRow{Outcome::no_answer, 5, "no_answer", "no answer from {host}: {detail}",
               "{host} 没有回应：{detail}"},
    OutcomeRow{Outcome::changed_key, 6, "changed_key",
               "the key of {host} is not the known one: {detail}",
               "{host} 的密钥与已知的不同：{detail}"},
    OutcomeRow{Outcome::password_wanted, 7, "password_wanted",
               "{host} wants a password (see --password-file)",
               "{host} 需要口令（见 --password-file）"},
    OutcomeRow{Outcome::wrong_password, 8, "wrong_password", "the password is not right for {host}",
               "{host} 的口令不对"},
    OutcomeRow{Outcome::name_taken, 9, "name_taken", "the name {name} is taken",
               "名字 {name} 已被使用"},
    OutcomeRow{Outcome::name_refused, 10, "name_refused", "{name} cannot be a name: {detail}",
               "不能使用名字 {name}：{detail}"},
    OutcomeRow{Outcome::room_full, 11, "room_full",
               "there is no place in the room of {host}: {detail}",
               "{host} 的聊天室没有位置：{detail}"},
    OutcomeRow{Outcome::kicked, 12, "kicked", "you were removed from the room: {detail}",
               "你被移出了聊天室：{detail}"},
    OutcomeRow{Outcome::replaced, 13, "replaced",
               "{name} has come in from elsewhere, with your key",
               "{name} 用你的密钥在别处进入了聊天室"},
    OutcomeRow{Outcome::stopped, 14, "stopped", "{host} has stopped: {detail}",
               "{host} 已停止：{detail}"},
    OutcomeRow{Outcome::other_version, 15, "other_version",
               "{host} speaks another version of the protocol", "{host} 使用另一版本的协议"},
    OutcomeRow{Outcome::not_confirmed, 16, "not_confirmed",
               "the server has not confirmed everything: {detail}", "服务器没有全部确认：{detail}"},
    OutcomeRow{Outcome::message_refused, 17, "message_refused",
               "the server refused the message: {detail}", "服务器拒绝了消息：{detail}"},
    OutcomeRow{Outcome::no_password_here, 18, "no_password_here",
               "{host} says that its room has no password, and one was given",
               "{host} 的聊天室没有口令，但给出了口令"},
    OutcomeRow{Outcome::unconfirmed_key, 19, "unconfirmed_key",
               "the password is not used with {host}, whose key is new: if `chatctl fingerprint` "
               "there says the same, give --fingerprint {detail}",
               "{host} 的密钥是第一次见到，因此没有使用口令：如果服务器上 `chatctl fingerprint` "
               "的输出相同，请使用 --fingerprint {detail}"},
};

std::string_view without_detail(std::string_view sentence) {
  for (const std::string_view end : {": {detail}", "：{detail}"}) {
    if (sentence.ends_with(end)) sentence.remove_suffix(end.size());
  }
  return sentence;
}

}  // namespace

std::span<const OutcomeRow> outcome_table() noexcept { return kTable; }

const OutcomeRow& row_of(Outcome outcome) noexcept {
  return *std::ranges::find(kTable, outcome, &OutcomeRow::outcome);
}

Outcome outcome_of(End end) noexcept {
  switch (end) {
    case End::quit:
      return Outcome::done;
    case End::no_answer:
      return Outcome::no_answer;
    case End::untrusted_server:
      return Outcome::changed_key;
    case End::wrong_password:
      return Outcome::wrong_password;
    case End::password_wanted:
      return Outcome::password_wanted;
    case End::name_taken:
      return Outcome::name_taken;
    case End::name_refused:
      return Outcome::name_refused;
    case End::room_full:
      return Outcome::room_full;
    case End::kicked:
      return Outcome::kicked;
    case End::replaced:
      return Outcome::replaced;
    case End::stopped:
      return Outcome::stopped;
    case End::no_password_here:
      return Outcome::no_password_here;
    case End::failed:
      return Outcome::failed;
    case End::protocol:
      break;
  }
  return Outcome::other_version;
}

std::string explain(Outcome outcome, const Circumstances& circumstances, wire::Language language) {
  const OutcomeRow& row = row_of(outcome);
  std::string_view sentence = language == wire::Language::zh ? row.chinese : row.english;
  if (circumstances.detail.empty()) sentence = without_detail(sentence);
  return safe_text(fmt::format(fmt::runtime(sentence), fmt::arg("host", circumstances.host),
                               fmt::arg("name", circumstances.name),
                               fmt::arg("detail", circumstances.detail)));
}

}  // namespace chatd::client
