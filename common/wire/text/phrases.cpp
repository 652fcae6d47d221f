// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/phrases.hpp"

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

static_assert(kMaxNameCharacters == 32 && kMaxNameBytes == 64, "Reason::name_too_long says so");

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

// In seconds, rounded up to tenths, so that a member that waits for so long is let through.
double seconds_to_wait(std::chrono::milliseconds wait) noexcept {
  using std::chrono::milliseconds;
  const auto sane = std::clamp<milliseconds>(wait, milliseconds{0}, std::chrono::hours{24});
  const auto tenths = (sane.count() + 99) / 100;
  return static_cast<double>(tenths) / 10.0;
}

}  // namespace

std::string_view phrase(Language language, Reason reason) noexcept {
  return row_of(reason).server.in(language);
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
  const std::string_view sentence = phrase(language, Reason::kicked);
  if (reason.empty()) return write_cut(std::array{sentence}, out);

  const bool zh = language == Language::zh;
  const std::string_view full_stop = zh ? "。" : ".";
  const std::string_view colon = zh ? "： " : ": ";
  const std::string_view opening = sentence.substr(0, sentence.size() - full_stop.size());
  return write_cut(std::array{opening, colon, reason}, out);
}

}  // namespace chatd::wire
