// SPDX-License-Identifier: GPL-3.0-or-later
// native_own.hpp — owned names: the text of a command `own`, and the texts of the records `own` and
// `device`.
//
// Runs in:   client (writes commands, reads records), gateway.
// Borrows:   a decoded struct borrows the text. Pure; nothing allocates.
// Shape:     the command has the fields of an OwnRequest in their order. The text of a record has
//            facts, one a line: the name of a field, a tab and its value. A field that has its
//            default is left out. A reader ignores facts that it does not know.
// Invariant: any bytes are a value or nothing, and a decoded text has no control character. A key
//            is named by its fingerprint, as crypto::fingerprint() writes it.
// See:       chatd-protocol(7), "Owned names".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/fingerprint.hpp"
#include "common/wire/fields.hpp"

namespace chatd::wire {

// The name of a device in the list of keys. A request with a longer one is refused.
inline constexpr std::size_t kMaxDeviceLabelBytes = 32;
inline constexpr std::size_t kMaxKeysOfName = 8;

// The request of a command `own`.
enum class OwnAct : std::uint8_t {
  claim = 1,  // own the name that the sender has. The answer: `claimed`
  add = 2,    // a code for another device. The answer: `code`
  use = 3,    // of the other device: the code. The answer: `asked`, and later `added` or `declined`
  answer = 4,   // of a device that owns the name, to a record `device`. The answer: `added`, or
                // `declined`
  keys = 5,     // the keys of the sender's name. The answer: `keys`
  drop = 6,     // remove a key from the name. The answer: `dropped`
  release = 7,  // own the name no more. The answer: `released`
};

// The text of a command `own`. Its name is empty.
struct OwnRequest {
  OwnAct act{};
  bool yes{};                // of an answer
  std::uint64_t code{};      // of a use; else 0
  std::string_view key{};    // of an answer and a drop: a fingerprint; else empty
  std::string_view label{};  // of a claim and a use: the sender's device; may be empty

  static constexpr void fields(auto& v, auto& request) {
    v("act", request.act);
    v("yes", request.yes);
    v("code", request.code);
    v("key", request.key);
    v("label", request.label);
  }
};
// nullopt: the text has another size, the act is not known, a fingerprint or a label has not its
// form, or a field that does not belong to the act is set.
[[nodiscard]] std::optional<OwnRequest> read_own_request(std::string_view text) noexcept;
// Encodes into `out`; kMaxOwnRequestBytes are enough.
inline constexpr std::size_t kMaxOwnRequestBytes = 12 + kFingerprintBytes + kMaxDeviceLabelBytes;
[[nodiscard]] std::string_view write_own_request(const OwnRequest& request,
                                                 std::span<char> out) noexcept;

// The news of a record `own`. The record's name is the owned name.
enum class OwnEvent : std::uint8_t {
  none = 0,      // one that the reader does not know
  claimed = 1,   // the name belongs to the reader's key. Facts: saved
  code = 2,      // Facts: code, seconds
  asked = 3,     // the code is right, and a device that owns the name is asked. Facts: seconds
  added = 4,     // `device` belongs to the name. Sent to the programs of the name that are in, and
                 // to the session with this key that has used the code. Facts: device, label, saved
  declined = 5,  // the answer was no, or none came in time. Sent as `added`. Facts: device
  keys = 6,      // Facts: keys
  dropped = 7,   // `device` does not belong to the name any more. Facts: device, saved
  released = 8,  // the name has no key any more. Facts: saved
};
// The words of the fact `event`; "" for none.
[[nodiscard]] std::string_view word_of(OwnEvent event) noexcept;

// A key of a name. Its fact is "key", and the value has these fields with tabs between them.
struct OwnKey {
  std::string_view key{};    // its fingerprint
  std::int64_t since{};      // microseconds since 1970: when it was added to the name
  bool is_this{};            // "this" or "-": the key of the reader
  std::string_view label{};  // may be empty
};

// The text of a record `own`.
struct OwnAnswer {
  OwnEvent event{};
  std::uint64_t code{};                       // 16 digits, 0 to 9 and a to f
  std::uint32_t seconds{};                    // how long the code is valid from now on
  std::string_view device{};                  // the fingerprint of another key
  std::string_view label{};                   // of that key
  std::optional<bool> saved{};                // "yes" or "no": the change is on the server's disk
  std::array<OwnKey, kMaxKeysOfName> keys{};  // the oldest first
  std::uint8_t key_count{};

  static constexpr void fields(auto& v, auto& answer) {
    v("event", answer.event);
    v("code", answer.code);
    v("seconds", answer.seconds);
    v("device", answer.device);
    v("label", answer.label);
    v("saved", answer.saved);
    v("key", List{answer.keys, answer.key_count});
  }
};

// The text of a record `device`: another device has used a code of the reader's name. The record's
// name is the owned name. The answer is an OwnRequest `answer` with this fingerprint; the first one
// of a program of the name counts.
struct DeviceQuestion {
  std::string_view key{};      // the fingerprint of the device's key
  std::string_view address{};  // where it is
  std::string_view label{};    // its own name for itself; may be empty
  std::uint32_t seconds{};     // how long an answer is taken

  static constexpr void fields(auto& v, auto& question) {
    v("key", question.key);
    v("address", question.address);
    v("label", question.label);
    v("seconds", question.seconds);
  }
};

// A value that has not its form is left out.
[[nodiscard]] OwnAnswer read_own(std::string_view text) noexcept;
[[nodiscard]] DeviceQuestion read_device(std::string_view text) noexcept;
// Write into `out`; kMaxOwnBytes are enough.
inline constexpr std::size_t kMaxOwnBytes = 1400;
[[nodiscard]] std::string_view write_own(const OwnAnswer& answer, std::span<char> out) noexcept;
[[nodiscard]] std::string_view write_device(const DeviceQuestion& question,
                                            std::span<char> out) noexcept;

// The sixteen digits of a code with a dash between groups of four, as a person reads and types it.
inline constexpr std::size_t kTypedCodeBytes = 19;
[[nodiscard]] std::array<char, kTypedCodeBytes> typed_code(std::uint64_t code) noexcept;
// A code as it was typed: sixteen digits in any case; dashes and blanks are ignored.
[[nodiscard]] std::optional<std::uint64_t> read_typed_code(std::string_view typed) noexcept;

}  // namespace chatd::wire
