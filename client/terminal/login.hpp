// SPDX-License-Identifier: GPL-3.0-or-later
// login.hpp — the name, the password, the invitation code and the confirmed key of a login, and the
// questions to the user about them.
//
// Runs in:   uchat's terminal process. Pure.
// Owns:      the password and the code, which are wiped when they are not needed any more.
// Invariant: a typed password is kept until the next login, and asked again after it. A code is
//            kept until the login. It is shown as it is typed, since it has 28 characters and
//            admits once. It may also be the answer to the question about the server's key, which
//            it confirms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "client/session/message.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class Login {
 public:
  struct Settings {
    std::string name;
    std::string host;  // as it was typed
    std::optional<std::string> password{};
    std::optional<std::string> code{};
    wire::Language language{wire::Language::en};
  };
  enum class Next : std::uint8_t {
    ask,    // the question(): of another text now, or again
    enter,  // order() is to be sent
    quit,   // the user has answered a question with it
    end,    // the key is not that of the server, see shown_key()
  };
  struct Step {
    Next next{Next::ask};
    std::string warning{};  // "": none
  };

  explicit Login(Settings settings) : settings_{std::move(settings)} {}
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;
  ~Login();

  [[nodiscard]] Step start() { return take_name(settings_.name); }
  [[nodiscard]] Step answer(std::string_view line);  // to the question()
  // The question that follows from the end of a session; nullopt: none can help.
  [[nodiscard]] std::optional<Step> question_about(const Ended& ended);
  // The server has accepted the login under this name.
  void on_joined(const std::string& name);

  [[nodiscard]] bool is_asking() const noexcept { return asked_ != Asked::nothing; }
  [[nodiscard]] bool asks_secret() const noexcept { return asked_ == Asked::password; }
  [[nodiscard]] bool asks_about_key() const noexcept { return asked_ == Asked::key; }
  [[nodiscard]] std::string_view question() const noexcept;  // the prompt; "": none
  [[nodiscard]] Enter order() const;
  [[nodiscard]] const std::string& name() const noexcept { return settings_.name; }
  [[nodiscard]] const std::string& shown_key() const noexcept { return shown_key_; }

 private:
  enum class Asked : std::uint8_t { nothing, name, password, key, code };
  [[nodiscard]] Step enter();
  [[nodiscard]] Step take_name(std::string_view name);
  [[nodiscard]] Step take_password(std::string_view password);
  [[nodiscard]] Step take_code(std::string_view code);
  [[nodiscard]] Step take_key(std::string_view answer);
  [[nodiscard]] Step ask_key(const std::string& fingerprint);
  [[nodiscard]] std::string explained(Outcome outcome, std::string name, std::string detail) const;

  Settings settings_;
  Asked asked_{Asked::nothing};
  bool typed_password_{false};
  std::string shown_key_;                     // the fingerprint that Asked::key is about
  std::optional<std::string> confirmed_key_;  // by the user, for this server
};

}  // namespace chatd::client
