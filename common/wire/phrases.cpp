// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/phrases.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

// core.h alone does not link with clang 19, which mangles the library's vformat_to() otherwise.
#include <fmt/core.h>
#include <fmt/format.h>  // NOLINT(misc-include-cleaner)

#include "common/wire/language.hpp"
#include "common/wire/name.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

struct Row {
  Phrase which;
  std::string_view en;
  std::string_view zh;
};

constexpr std::array<Row, kPhrases> kTable{{
    {.which = Phrase::name_empty,
     .en = "No name was given. Choose a name; with nc: L alice",
     .zh = "没有名字。请另选一个名字；用 nc 时：L alice"},
    {.which = Phrase::name_too_long,
     .en = "That name is too long: at most 32 characters and 64 bytes. Choose another name.",
     .zh = "名字太长：最多 32 个字符、64 字节。请另选一个名字。"},
    {.which = Phrase::name_not_utf8,
     .en = "That name is not UTF-8. Set your terminal to UTF-8, or choose another name.",
     .zh = "名字不是 UTF-8。请把终端设为 UTF-8，或另选一个名字。"},
    {.which = Phrase::name_has_space,
     .en = "A name has no spaces. Choose another name of one word, such as alice_b.",
     .zh = "名字里不能有空格。请另选一个名字，例如 alice_b。"},
    {.which = Phrase::name_not_printable,
     .en =
         "That name has characters that cannot be seen. Choose another name of letters and digits.",
     .zh = "名字里有看不见的字符。请另选一个由文字和数字组成的名字。"},
    {.which = Phrase::name_reserved,
     .en = "That name is kept for the server; choose another name.",
     .zh = "这个名字留给服务器用，请另选一个名字。"},
    {.which = Phrase::name_like_a_mark,
     .en = "A name does not begin with - * ! or [ and does not end in : or >. Choose another name.",
     .zh = "名字不能以 - * ! [ 开头，也不能以 : > 结尾。请另选一个名字。"},
    {.which = Phrase::name_taken,
     .en = "That name is taken; choose another name.",
     .zh = "这个名字已有人使用，请另选一个名字。"},
    {.which = Phrase::already_named,
     .en = "You are in the room already. To change your name, send Q, then L and the new name.",
     .zh = "您已经在聊天室里。要改名，请先发送 Q，再发送 L 加新名字。"},
    {.which = Phrase::room_full,
     .en = "The room is full. Send L and your name again later.",
     .zh = "聊天室已满，请稍后再发送 L 加名字。"},
    {.which = Phrase::address_full,
     .en = "Too many members use your address. When one of them has left with Q, send L again.",
     .zh = "您的地址上成员太多。等其中一位用 Q 退出后，请再发送 L。"},
    {.which = Phrase::not_in_room,
     .en = "You are not in the room. To enter, send L and a name: L alice",
     .zh = "您还没有进入聊天室。请先发送 L 加名字，例如：L alice"},
    {.which = Phrase::unknown_command,
     .en = "Not understood. Send L and a name to enter, C and a text to talk, Q to leave.",
     .zh = "看不懂。进入请发送 L 加名字，说话发送 C 加内容，退出发送 Q。"},
    {.which = Phrase::not_said,
     .en = "Not said. Begin with C and a space, such as: C hello. To leave, send Q.",
     .zh = "没有发出。请以 C 加空格开头，例如：C 你好。退出发送 Q。"},
    {.which = Phrase::text_not_utf8,
     .en = "Not sent: the message is not UTF-8. Set your terminal to UTF-8, then send it again.",
     .zh = "没有发出：消息不是 UTF-8。请把终端设为 UTF-8 再发送。"},
    {.which = Phrase::removed,
     .en = "You were removed from the room by the administrator.",
     .zh = "您被管理员移出了聊天室。"},
    {.which = Phrase::idle,
     .en =
         "You were silent for too long and have left the room. To come back, send L and your name.",
     .zh = "您太久没有说话，已退出聊天室。要回来，请发送 L 加名字。"},
    {.which = Phrase::stopping,
     .en = "The server is stopping; you have left the room. Try again later.",
     .zh = "服务器即将停止，您已退出聊天室，请稍后再来。"},
    {.which = Phrase::missed,
     .en = "You fell too far behind; some lines were lost for you.",
     .zh = "您落后太多，有些消息已经丢失。"},
    {.which = Phrase::text_closed,
     .en = "clients like yours are not let in any more",
     .zh = "不再允许此类客户端进入"},
}};

consteval bool rows_are_in_order_and_fit() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const Row& row = kTable[i];
    if (row.which != static_cast<Phrase>(i)) return false;
    if (row.en.empty() || row.en.size() > kMaxPhraseBytes) return false;
    if (row.zh.empty() || row.zh.size() > kMaxPhraseBytes) return false;
  }
  return true;
}
static_assert(rows_are_in_order_and_fit());
static_assert(kMaxNameCharacters == 32 && kMaxNameBytes == 64, "name_too_long says so");

template <class... Arguments>
std::size_t render(std::span<char> out, fmt::format_string<Arguments...> format,
                   Arguments... arguments) noexcept {
  try {
    std::array<char, 2 * kMaxPhraseBytes> whole{};
    const auto result =
        fmt::format_to_n(whole.data(), whole.size(), format, std::forward<Arguments>(arguments)...);
    const std::string_view text{whole.data(), std::min(result.size, whole.size())};
    return write_cut(std::array{text}, out);
  } catch (...) {
    return 0;  // fmt says that it may; with formats checked at compile time it does not
  }
}

// In seconds, up to the next tenth: who waits as long as he was told is let through.
double seconds_to_wait(std::chrono::milliseconds wait) noexcept {
  using std::chrono::milliseconds;
  const auto sane = std::clamp<milliseconds>(wait, milliseconds{0}, std::chrono::hours{24});
  const auto tenths = (sane.count() + 99) / 100;
  return static_cast<double>(tenths) / 10.0;
}

}  // namespace

std::string_view phrase(Language language, Phrase which) noexcept {
  const Row& row = kTable[static_cast<std::size_t>(which)];
  return language == Language::zh ? row.zh : row.en;
}

Phrase phrase_of(NameFault fault) noexcept {
  switch (fault) {
    case NameFault::empty:
      return Phrase::name_empty;
    case NameFault::too_long:
      return Phrase::name_too_long;
    case NameFault::not_utf8:
      return Phrase::name_not_utf8;
    case NameFault::has_space:
      return Phrase::name_has_space;
    case NameFault::not_printable:
      return Phrase::name_not_printable;
    case NameFault::reserved:
      return Phrase::name_reserved;
    case NameFault::like_a_mark:
      return Phrase::name_like_a_mark;
  }
  return Phrase::name_not_printable;
}

std::size_t render_rate_notice(Language language, double per_second, std::chrono::milliseconds wait,
                               std::span<char> out) noexcept {
  const double seconds = seconds_to_wait(wait);
  return language == Language::zh
             ? render(out, "没有发出：每秒最多 {:.4g} 条。请等 {:.1f} 秒再发送。", per_second,
                      seconds)
             : render(
                   out,
                   "Not sent: at most {:.4g} messages a second. Wait {:.1f} s, then send it again.",
                   per_second, seconds);
}

std::size_t render_too_long(Language language, std::size_t bytes, std::size_t limit,
                            std::span<char> out) noexcept {
  return language == Language::zh
             ? render(out, "没有发出：共 {} 字节，上限 {} 字节。请分几条发送。", bytes, limit)
             : render(out, "Not sent: it has {} bytes, at most {} are allowed. Send it in parts.",
                      bytes, limit);
}

std::size_t render_removed(Language language, std::string_view reason,
                           std::span<char> out) noexcept {
  const std::string_view sentence = phrase(language, Phrase::removed);
  if (reason.empty()) return write_cut(std::array{sentence}, out);

  const bool zh = language == Language::zh;
  const std::string_view full_stop = zh ? "。" : ".";
  const std::string_view colon = zh ? "： " : ": ";
  const std::string_view opening = sentence.substr(0, sentence.size() - full_stop.size());
  return write_cut(std::array{opening, colon, reason}, out);
}

}  // namespace chatd::wire
