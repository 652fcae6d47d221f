// SPDX-License-Identifier: GPL-3.0-or-later
// control_message_fuzz.cpp — fuzz target for lines on the control socket, in both directions: a
// line is refused, or it is within the limits and the same after it is written and read again.
#include "common/wire/control/control_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "common/wire/control/verbs.hpp"
#include "common/wire/rfc3339.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace chatd::wire;  // NOLINT(google-build-using-namespace): one file, one subject

void check_request(std::string_view line) {
  const auto request = decode_request(line);
  if (!request) {
    require(decode_reply(encode(ControlReply{std::unexpected{request.error()}})).error() ==
            request.error());
    return;
  }
  require(request->args.size() <= kMaxRequestArgs);
  require(is_utf8(request->verb));
  for (const auto& arg : request->args) require(is_utf8(arg));
  const std::string again = encode(*request);
  require(again.find('\n') == std::string::npos);
  // Escaping can make it longer than a request may be.
  if (again.size() <= kMaxRequestBytes) require(decode_request(again) == *request);
  (void)nearest_verb(request->verb);
}

// A report that is accepted is the same report after it is written and read again. Times are
// written with milliseconds only, so the comparison starts after the first writing.
template <class Report>
void check_report(std::string_view json) {
  const auto report = parse_report<Report>(json);
  if (!report) return require(!report.error().message().empty());
  const std::string once = to_json(*report);
  const auto again = parse_report<Report>(once);
  require(again && to_json(*again) == once);
}

void check_reply(std::string_view line) {
  const ControlReply reply = decode_reply(line);
  if (!reply) return;
  require(decode_reply(encode(reply)) == reply);
  require(with_schema(*reply).starts_with(R"({"schema":1)"));
  std::apply(
      [&](const auto&... verbs) {
        (check_report<typename std::remove_cvref_t<decltype(verbs)>::Report>(*reply), ...);
      },
      verb::kAll);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line{reinterpret_cast<const char*>(data), size};
  check_request(line);
  check_reply(line);
  (void)parse_rfc3339(line);
  return 0;
}
