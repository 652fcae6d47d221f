// SPDX-License-Identifier: GPL-3.0-or-later
// own_questions.hpp — the questions to the user about the owned name: whether a device is the
// user's, whether a key is removed, whether the name is given up.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: an answer is for the question that was shown: a device that asks meanwhile waits. A
//            line is no answer to the question about a device if it was entered earlier than
//            kMinTime after the question was shown: it was typed for the room.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "client/member/own_event.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

class OwnQuestions {
 public:
  static constexpr std::chrono::milliseconds kMinTime{1000};
  enum class Answer : std::uint8_t { yes, no, unclear };

  // The user has typed this request. For a drop and a release the list of keys is needed first.
  void note(const OwnOrder& order);
  // The drop or the release that waits for these news; nullopt: none.
  [[nodiscard]] std::optional<OwnOrder> take_wish(const OwnNews& news);
  // Asks whether to carry it out. Returns null, or why it is not asked; {}: the key as it was
  // typed.
  const wire::Sentence* ask_about(const OwnOrder& wish, const OwnNews& news);
  // True if the news are the answer of another device to a code that this device has used.
  [[nodiscard]] bool end_of_code(const OwnNews& news);

  // Asks whether to send this order, a drop or a release.
  void ask(OwnOrder order, std::string name);
  // Asks about a device when is_due().
  void ask_about(DeviceAsks device) { waiting_ = std::move(device); }
  [[nodiscard]] bool is_due() const noexcept { return waiting_ && !asked_; }
  // The question about the device is shown now. Returns the device.
  [[nodiscard]] DeviceAsks show_device(MonoTime now);
  // The device with this key is no longer asked about.
  void forget(std::string_view key);

  [[nodiscard]] bool is_asking() const noexcept { return asked_.has_value(); }
  // A line that is entered now is an answer.
  [[nodiscard]] bool takes_answer(MonoTime now) const noexcept;
  [[nodiscard]] static Answer read(std::string_view typed);
  // The question ends. The order that follows from the answer; nullopt: none.
  [[nodiscard]] std::optional<OwnOrder> take(bool yes);
  [[nodiscard]] std::string prompt(wire::Language language) const;

 private:
  struct Asked {
    OwnOrder order;                   // of the answer yes
    std::string name;                 // the owned name
    std::optional<MonoTime> shown{};  // about a device
  };
  std::optional<Asked> asked_;
  std::optional<DeviceAsks> waiting_;
  std::optional<OwnOrder> wish_;
  // This device has used a code, and the other one has not answered. The key is that of this one,
  // "" until the server has told it.
  std::optional<std::string> code_of_;
};

}  // namespace chatd::client
